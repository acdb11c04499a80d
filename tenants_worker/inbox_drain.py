"""Drains bots' inboxes: many updates a turn, the updates of one chat in order, chats in parallel, bots in turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotActiveError
from lumenpay.db.dispatch import claim_inboxes
from lumenpay.errors import LumenError
from lumenpay.kit.crypto import SealBrokenError
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger
from lumenpay.kit.redaction import describe_error
from lumenpay.models.bots import Bot
from lumenpay.models.ids import BotId, LeaseId
from lumenpay.models.inbox import InboxStatus
from lumenpay.telegram.errors import TelegramTokenRevokedError
from tenants_worker.context import BotRuntime, WorkerContext
from tenants_worker.inbox_patience import is_passing
from tenants_worker.inbox_slice import load_slice
from tenants_worker.inbox_turn import Outcome, Turn, store_turn
from tenants_worker.leases import Hold, Lease
from tenants_worker.metrics import UPDATE_SECONDS, UPDATES

TURN_SECONDS = 30
"""No update is begun later in a turn than this …"""
STOP_SECONDS = 50
"""… and what is still being handled is stopped here, and sooner when the lease cannot be renewed."""
CHAT_SECONDS = 1.0
"""Later in a turn no chat begins a second update: who writes to the bot meanwhile waits for the end of the turn."""
MAX_ATTEMPTS = 5
PATIENCE = timedelta(minutes=15)
"""While something does not answer, an update waits for so long before it is set aside."""
_BOTS_PER_CLAIM = 8
_PARALLEL_CHATS = 8
_BOTS_REMEMBERED = 20_000
_log = get_logger(__name__)

FeedUpdate = Callable[[WorkerContext, BotRuntime, bytes], Awaitable[None]]

_TOUCH_EVERY = timedelta(minutes=1)


class UnreadableUpdateError(Exception):
    """The update cannot be understood, now or later: it is set aside and does not hold up its chat."""


class InboxDrain:
    """Takes bots whose inbox waits and handles what is in it."""

    def __init__(self, context: WorkerContext, feed_update: FeedUpdate) -> None:
        """Take what handlers need, and the function that handles one raw update."""
        self._context = context
        self._feed_update = feed_update
        self._runtimes: dict[tuple[BotId, str], BotRuntime] = {}

    async def claim(self, lane: int, limit: int) -> list[Turn]:
        """Lease the lanes of up to `limit` bots that wait longest; each must be handed to `run`."""
        lease_id = LeaseId(new_uuid7())
        begun_at = time.monotonic()
        claimed = await claim_inboxes(
            self._context.database,
            lane=lane,
            lease_id=lease_id,
            lease_seconds=self._context.leases.terms.seconds,
            limit=limit,
        )
        return [Turn(tenant_id, bot_id, lane, lease_id, begun_at) for tenant_id, bot_id in claimed]

    async def run_due(self, lane: int) -> int:
        """Give the bots that wait longest one turn each; return how many updates were looked at."""
        turns = await self.claim(lane, _BOTS_PER_CLAIM)
        return sum(await asyncio.gather(*(self.run(turn) for turn in turns)))

    async def run(self, turn: Turn) -> int:
        """Handle up to a hundred of a bot's updates, each chat its share, and give the lane back; return how many."""
        lease = Lease(turn.tenant_id, turn.bot_id, turn.lease_id, turn.begun_at, turn.lane)
        with self._context.leases.hold(lease) as hold:
            return await self._run_held(turn, hold)

    async def _run_held(self, turn: Turn, hold: Hold) -> int:
        found = await load_slice(self._context.database, turn)
        if found.bot is None:
            return 0  # Deleted a moment ago.
        try:
            runtime = self._open_runtime(turn, found.bot)
        except (SealBrokenError, BotNotActiveError) as error:
            # The lease is kept until it ends: looking again sooner would not help.
            _log.error("bot_token_does_not_open", bot_id=str(turn.bot_id), error=type(error).__name__)
            return 0
        outcomes = {update_id: Outcome(InboxStatus.HANDLED, "too many messages") for update_id in found.surplus}
        try:
            await self._feed_all(runtime, found.chats, outcomes, hold)
        finally:
            # Also when the process ends in the middle: what was done stays done, and the next process need not wait.
            now, heard_at = self._context.clock.now(), found.bot.last_update_at
            await store_turn(
                self._context.database, turn, outcomes, now=now,
                resting=found.resting + list_behind(found.chats, outcomes),
                touches_bot=bool(outcomes) and (heard_at is None or now - heard_at > _TOUCH_EVERY),
            )  # fmt: skip
        return len(found.surplus) + sum(map(len, found.chats.values()))

    def _open_runtime(self, turn: Turn, row: Any) -> BotRuntime:  # noqa: ANN401 - a row
        key = (turn.bot_id, str(row.token_sealed))
        runtime = self._runtimes.get(key)
        if runtime is None:
            if len(self._runtimes) > _BOTS_REMEMBERED:
                self._runtimes.clear()  # about 10 MB; a simple full reset is rare and cheap
            bot = Bot(tenant_id=turn.tenant_id, id=turn.bot_id, token_sealed=row.token_sealed)
            token = bot_secrets.open_token(self._context.ring, bot)
            runtime = BotRuntime(turn.tenant_id, turn.bot_id, int(row.telegram_id or 0), row.username, token)
            self._runtimes[key] = runtime
        return runtime

    async def _feed_all(
        self, runtime: BotRuntime, chats: Mapping[int, Sequence[Any]], outcomes: dict[int, Outcome], hold: Hold
    ) -> None:
        room = asyncio.Semaphore(_PARALLEL_CHATS)
        await asyncio.gather(
            *(self._feed_chat(runtime, chat, outcomes, hold=hold, room=room) for chat in chats.values())
        )

    async def _feed_chat(
        self,
        runtime: BotRuntime,
        rows: Sequence[Any],
        outcomes: dict[int, Outcome],
        *,
        hold: Hold,
        room: asyncio.Semaphore,
    ) -> None:
        for number, row in enumerate(rows):
            # Room is taken for one update at a time: every chat's first comes before anybody's second.
            async with room:
                latest = hold.lease.asked_at + (CHAT_SECONDS if number else TURN_SECONDS)
                if time.monotonic() > latest or not hold.may_work():
                    return
                began_at = time.monotonic()
                outcome = await self._feed_one(runtime, row, hold)
            outcomes[row.update_id] = outcome
            UPDATES.labels(outcome.status.value).inc()
            UPDATE_SECONDS.labels(outcome.status.value).observe(time.monotonic() - began_at)
            if outcome.status is InboxStatus.NEW:
                return

    async def _feed_one(self, runtime: BotRuntime, row: Any, hold: Hold) -> Outcome:  # noqa: ANN401 - a row
        try:
            async with hold.limit(until=hold.lease.asked_at + STOP_SECONDS):
                await self._feed_update(self._context, runtime, bytes(row.body))
        except UnreadableUpdateError as error:
            return Outcome(InboxStatus.QUARANTINED, describe_error(error), 1)
        except TelegramTokenRevokedError:
            async with self._context.unit_in(runtime.tenant_id) as session:
                await bots.mark_token_revoked(
                    session, runtime.bot_id, token_hint=runtime.token.hint(), now=self._context.clock.now()
                )
            return Outcome(InboxStatus.NEW, "token revoked")
        except Exception as error:  # noqa: BLE001 - the worker door: one bad update must not stop the bot
            if not isinstance(error, LumenError):
                _log.error("update_failed", bot_id=str(runtime.bot_id), update_id=row.update_id, exc_info=error)
            age = self._context.clock.now() - row.received_at
            is_hopeless = row.attempts + 1 >= MAX_ATTEMPTS and not (is_passing(error) and age < PATIENCE)
            status = InboxStatus.QUARANTINED if is_hopeless else InboxStatus.NEW
            return Outcome(status, describe_error(error), 1)
        return Outcome(InboxStatus.HANDLED)


def list_behind(chats: Mapping[int, Sequence[Any]], outcomes: Mapping[int, Outcome]) -> list[int]:
    """Return the updates that failed and those behind them in their chats, which rest for a while."""
    found: list[int] = []
    for rows in chats.values():
        failed = (
            number
            for number, row in enumerate(rows)
            if row.update_id in outcomes and outcomes[row.update_id].status is InboxStatus.NEW
        )
        first = next(failed, len(rows))
        found += [row.update_id for row in rows[first:]]
    return found
