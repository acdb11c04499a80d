"""A stall with readers, and broadcasts that go out to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from lumenpay.audit.service import SYSTEM
from lumenpay.broadcasts.audience import Segment, load_segment
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.rules import Content
from lumenpay.broadcasts.running import start_broadcast
from lumenpay.broadcasts.service import Draft, create_broadcast
from lumenpay.jobs.catalogue import Queue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import BroadcastRecipient, RecipientState, ScheduledBroadcast
from lumenpay.models.users import User
from lumenpay.users.narrowing import UserFilters
from sandbox.telegram.limits import UNLIMITED, BotBuckets
from tests.support.stall import Stall

EVERYBODY = load_segment({})
FAST = 1_000.0


@dataclass
class Mailing:
    """What tests of broadcasts do at a stall."""

    stall: Stall

    def hurry(self, rate: float = FAST) -> None:
        """Keep to another pace than Telegram's: a test is about something else."""
        pace = self.stall.market.worker.telegram.pace
        pace._interval_alone = 1 / rate
        # Of the monotonic clock, which no test moves.
        pace._held.clear()
        self.stall.market.world.bots[self.stall.telegram_bot_id].buckets = BotBuckets(UNLIMITED)

    async def readers(self, count: int, **values: Any) -> list[User]:
        """Make people who have started the bot."""
        stall, now = self.stall, self.stall.market.now()
        people = []
        for number in range(count):
            person = stall.market.world.add_user(first_name=f"Reader{number}")
            stall.market.world.private_chat(stall.telegram_bot_id, person.id).is_started = True
            people.append(
                {"tenant_id": stall.tenant_id, "id": new_uuid7(), "bot_id": stall.bot_id, "telegram_id": person.id,
                 "first_name": person.first_name, "locale": "ru", "created_at": now, "met_at": now,
                 "last_seen_at": now, **values}
            )  # fmt: skip
        async with stall.market.tenant(stall.tenant_id) as session:
            await session.execute(insert(User), people)
        return [await stall.market.get(stall.tenant_id, User, person["id"]) for person in people]

    async def draft(self, text: str = "Hello, {name}!", *, filters: UserFilters | None = None, **values: Any) -> UUID:
        """Write a broadcast that was looked at in Telegram."""
        market, stall = self.stall.market, self.stall
        segment = EVERYBODY if filters is None else Segment("", filters)
        columns = {name: values.pop(name) for name in ("from_hour", "until_hour", "category") if name in values}
        schedule = {name: values.pop(name) for name in ("repeats", "trigger", "delay_minutes") if name in values}
        draft = Draft("News", Content(text, **values), segment, **schedule)
        async with market.tenant(stall.tenant_id) as session:
            made = await create_broadcast(
                session, draft, bot_id=stall.bot_id, key=str(new_uuid7()), actor=SYSTEM, now=market.now()
            )
            made.tested_at = market.now()
            for name, value in columns.items():
                setattr(made, name, value)
        return made.id

    async def start(self, broadcast_id: UUID) -> None:
        async with self.stall.market.tenant(self.stall.tenant_id) as session:
            await start_broadcast(session, broadcast_id, version=None, actor=SYSTEM, now=self.stall.market.now())

    async def started(self, text: str = "Hello, {name}!", **values: Any) -> UUID:
        broadcast_id = await self.draft(text, **values)
        await self.start(broadcast_id)
        return broadcast_id

    async def work(self) -> None:
        """Do every job of broadcasts that is due."""
        await self.stall.market.work(Queue.BROADCASTS)

    async def act(self, use_case: Any, broadcast_id: UUID, *values: Any, **named: Any) -> ScheduledBroadcast:
        """Run one of the use cases that people have."""
        async with self.stall.market.tenant(self.stall.tenant_id) as session:
            now = self.stall.market.now()
            done: ScheduledBroadcast = await use_case(session, broadcast_id, *values, actor=SYSTEM, now=now, **named)
        return done

    async def seen(self, broadcast_id: UUID) -> ScheduledBroadcast:
        async with self.stall.market.tenant(self.stall.tenant_id) as session:
            return await get_broadcast(session, broadcast_id)

    async def ledger(self, broadcast_id: UUID) -> Counter[str]:
        """Count people by state, and see that the figures of the broadcast say the same."""
        rows = await self.stall.market.rows(
            self.stall.tenant_id, BroadcastRecipient, BroadcastRecipient.broadcast_id == broadcast_id
        )
        counts = Counter(str(row.state) for row in rows)
        seen = await self.seen(broadcast_id)
        assert seen.total_count in (None, len(rows))
        for state in (s for s in RecipientState if s not in (RecipientState.WAITING, RecipientState.CLAIMED)):
            assert counts[state.value] == getattr(seen, f"{state.value}_count"), state
        return counts

    async def reasons(self, broadcast_id: UUID) -> dict[UUID, tuple[str, str]]:
        rows = await self.stall.market.rows(
            self.stall.tenant_id, BroadcastRecipient, BroadcastRecipient.broadcast_id == broadcast_id
        )
        return {row.user_id: (row.state, row.reason) for row in rows}

    def arrived(self, user: User) -> list[str]:
        """What stands in a person's chat."""
        chat = self.stall.market.world.private_chat(self.stall.telegram_bot_id, user.telegram_id)
        return [message.text or "" for message in chat.book.messages.values() if message.from_bot]
