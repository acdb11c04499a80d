"""Sends a slice of a broadcast: a few hands take turns of the bot and people to write to, and store what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from lumenpay.broadcasts.ledger import ClaimedRecipient, Outcome, claim_recipients
from lumenpay.broadcasts.message import Reader
from lumenpay.broadcasts.slices import Slice, store_outcomes
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.kit.crypto import Secret
from lumenpay.models.broadcasts import RecipientState
from lumenpay.models.ids import JobId, LeaseId
from lumenpay.telegram.bulk import send_bulk
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramChatMigratedError,
    TelegramRetryLaterError,
    TelegramTokenRevokedError,
    TelegramUnavailableError,
    TelegramUnreachableUserError,
)
from lumenpay.telegram.pace import Turns
from lumenpay.telegram.rates import BULK_RATE
from tenants_worker.context import WorkerContext
from tenants_worker.metrics import BROADCAST_MESSAGES

HANDS: Final = 3
HELD_SECONDS: Final = 0.18
"""A hand takes the turns of so long at once: little is uncertain when a worker dies, and three keep up with answers
that take a third of a second."""
TURNS_AT_ONCE: Final = round(BULK_RATE * HELD_SECONDS)
SLICE_SECONDS: Final = 8.0
"""Shorter than the time that a worker has to end: after it the rest is left to a further job."""
STALE_SECONDS: Final = 5.0
"""A message whose turn comes so long after its person was claimed does not begin: the lease may be over."""
TOLD_EVERY_SECONDS: Final = 1.0
_INTERRUPTED: Final = "interrupted"


@dataclass(eq=False)
class BroadcastRun:
    """One slice: until nobody is left, its time is over, or something stands in the way."""

    worker: WorkerContext
    part: Slice
    token: Secret
    job_id: JobId
    lease_id: LeaseId
    unit: Callable[[], AbstractAsyncContextManager[TenantSession]]
    held_seconds: float | None = None
    """How long the bot may send nothing."""
    error: Exception | None = None
    """What keeps everybody from being written to."""
    _ends_at: float = field(default_factory=lambda: time.monotonic() + SLICE_SECONDS)
    _is_over: bool = False
    _left: int = 0
    _sent: int = 0
    _told_at: float = field(default_factory=time.monotonic)

    async def send(self) -> None:
        """Write to people until there is a reason to stop."""
        self._left = self.part.left
        # All of them come to their end before anything is raised: what they sent has to be stored.
        ends = await asyncio.gather(*(self._lend_a_hand() for _ in range(HANDS)), return_exceptions=True)
        self.error = self.error or next((end for end in ends if isinstance(end, Exception)), None)

    async def _lend_a_hand(self) -> None:
        pace = self.worker.telegram.pace
        while self._may_go_on() and self._left > 0:
            # No more turns than people: those that nobody uses would keep the bot's other broadcasts waiting.
            count = min(max(1, round(pace.rate * HELD_SECONDS)), self._left)
            self._left -= count
            turns = await pace.take_turns(self.part.telegram_bot_id, count)
            if not turns.are_given:
                self._stop(held_seconds=turns.wait_seconds)
                return
            await asyncio.sleep(turns.wait_seconds)
            people = await self._claim(count) if self._may_go_on() else []
            if not people:
                self._is_over = True
                return
            await self._write_to(people, turns)

    def _may_go_on(self) -> bool:
        return not self._is_over and time.monotonic() < self._ends_at

    async def _claim(self, count: int) -> list[ClaimedRecipient]:
        async with self.unit() as session:
            return await claim_recipients(
                session, self.part.broadcast_id, category=self.part.template.category.value, job_id=self.job_id,
                lease_id=self.lease_id, limit=count, now=self.worker.clock.now(),
                names_subscription=self.part.template.content.names_subscription,
            )  # fmt: skip

    async def _write_to(self, people: Sequence[ClaimedRecipient], turns: Turns) -> None:
        # Whoever has no outcome yet when the worker is told to end: nothing was sent to those whose turn had not come.
        outcomes = {person.user_id: Outcome(RecipientState.WAITING) for person in people}
        begins_until = time.monotonic() + STALE_SECONDS
        try:
            await asyncio.gather(
                *(
                    self._write_in_turn(person, outcomes, at=turns.at(number), begins_until=begins_until)
                    for number, person in enumerate(people)
                ),
                return_exceptions=True,
            )
        finally:
            await asyncio.shield(self._store(outcomes))

    async def _write_in_turn(
        self, person: ClaimedRecipient, outcomes: dict[UUID, Outcome], *, at: float, begins_until: float
    ) -> None:
        if person.wants_none or person.is_blocked:
            state = RecipientState.SKIPPED if person.wants_none else RecipientState.BLOCKED
            outcomes[person.user_id] = Outcome(state, "opted_out" if person.wants_none else "blocked")
            return
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        if self.error is not None or self.held_seconds is not None or time.monotonic() > begins_until:
            return
        outcomes[person.user_id] = Outcome(RecipientState.UNCERTAIN, _INTERRUPTED)
        try:
            outcomes[person.user_id] = await self._write(person)
        except Exception as error:  # noqa: BLE001 - whatever it was, others are on their way and have to be stored
            self._stop(error=error)

    async def _write(self, person: ClaimedRecipient) -> Outcome:
        html, medium, buttons = self.part.template.write(
            Reader(person.name, person.locale, person.plan or "", person.ends_at)
        )
        try:
            sent = await send_bulk(
                self.worker.telegram, self.token, chat_id=person.telegram_id, html=html, medium=medium, buttons=buttons
            )
        except TelegramRetryLaterError as error:
            self._stop(held_seconds=error.retry_after_seconds or 1.0)
            return Outcome(RecipientState.WAITING)
        except TelegramTokenRevokedError as error:
            self._stop(error=error)
            return Outcome(RecipientState.WAITING)
        except TelegramUnavailableError as error:
            self._stop(error=error)
            is_unknown = error.is_outcome_unknown
            return Outcome(RecipientState.UNCERTAIN, "no_answer") if is_unknown else Outcome(RecipientState.WAITING)
        except (TelegramUnreachableUserError, TelegramChatGoneError, TelegramChatMigratedError) as error:
            return Outcome(RecipientState.BLOCKED, name_unreachable(error))
        except LumenError as error:
            return Outcome(RecipientState.FAILED, str(error))
        return Outcome(RecipientState.SENT, message_id=sent.message_id)

    async def _store(self, outcomes: dict[UUID, Outcome]) -> None:
        self._sent += sum(outcome.state is RecipientState.SENT for outcome in outcomes.values())
        for outcome in outcomes.values():
            BROADCAST_MESSAGES.labels(outcome.state.value).inc()
        now = time.monotonic()
        rate: int | None = None
        if now - self._told_at >= TOLD_EVERY_SECONDS:
            rate = round(self._sent * 60 / (now - self._told_at))
            self._sent, self._told_at = 0, now
        async with self.unit() as session:
            await store_outcomes(
                session, self.part.broadcast_id, outcomes, lease_id=self.lease_id, now=self.worker.clock.now(),
                rate_per_minute=rate,
            )  # fmt: skip

    def _stop(self, *, held_seconds: float | None = None, error: Exception | None = None) -> None:
        self._is_over = True
        if held_seconds is not None:
            self.held_seconds = max(held_seconds, self.held_seconds or 0.0)
        self.error = self.error or error


def name_unreachable(error: LumenError) -> str:
    """Return in a word why somebody cannot be written to."""
    if isinstance(error, TelegramChatMigratedError):
        return "migrated"
    if isinstance(error, TelegramChatGoneError):
        return "chat_not_found"
    text = str(error).lower()
    if "deactivated" in text:
        return "deactivated"
    return "blocked" if "blocked" in text else "not_started"
