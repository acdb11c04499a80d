"""Sends a slice of a broadcast: a few hands take turns of the bot and people to write to, and store what came of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from lumenpay.broadcasts.ledger import ClaimedRecipient, Outcome, claim_recipients
from lumenpay.broadcasts.message import Reader
from lumenpay.broadcasts.slices import Slice, Unit, store_outcomes
from lumenpay.errors import LumenError
from lumenpay.models.broadcasts import RecipientState
from lumenpay.models.ids import JobId, LeaseId, TenantId
from lumenpay.telegram.bulk import BulkForm, BulkSender
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
_NOT_BEGUN: Final = Outcome(RecipientState.WAITING)
_INTERRUPTED: Final = Outcome(RecipientState.UNCERTAIN, "interrupted")


@dataclass(eq=False)
class BroadcastRun:
    """One slice: until nobody is left, its time is over, or something stands in the way."""

    worker: WorkerContext
    part: Slice
    sender: BulkSender
    job_id: JobId
    lease_id: LeaseId
    tenant_id: TenantId
    unit: Unit
    held_seconds: float | None = None
    """How long the bot may send nothing."""
    error: Exception | None = None
    """What keeps everybody from being written to."""
    _forms: dict[str, BulkForm] = field(default_factory=dict)
    """By language."""
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
        return await claim_recipients(
            self.worker.database, self.tenant_id, self.part.broadcast_id, category=self.part.template.category.value,
            job_id=self.job_id, lease_id=self.lease_id, limit=count, now=self.worker.clock.now(),
            names_subscription=self.part.template.content.names_subscription,
        )  # fmt: skip

    async def _write_to(self, people: Sequence[ClaimedRecipient], turns: Turns) -> None:
        # Whoever has no outcome yet when the worker is told to end: nothing was sent to those whose turn had not come.
        outcomes = {person.user_id: _leave_out(person) or _NOT_BEGUN for person in people}
        begins_until = time.monotonic() + STALE_SECONDS
        try:
            await self.sender.carry(
                (turns.at(number), partial(self._write_in_turn, person, outcomes, begins_until))
                for number, person in enumerate(people)
                if outcomes[person.user_id] is _NOT_BEGUN
            )
        finally:
            await asyncio.shield(self._store(outcomes))

    async def _write_in_turn(
        self, person: ClaimedRecipient, outcomes: dict[UUID, Outcome], begins_until: float
    ) -> None:
        if self.error is not None or self.held_seconds is not None or time.monotonic() > begins_until:
            return
        outcomes[person.user_id] = _INTERRUPTED
        try:
            outcomes[person.user_id] = await self._write(person)
        except Exception as error:  # noqa: BLE001 - whatever it was, others are on their way and have to be stored
            self._stop(error=error)

    async def _write(self, person: ClaimedRecipient) -> Outcome:
        template, form = self.part.template, self._forms.get(person.locale)
        if form is None:
            form = self._forms[person.locale] = BulkForm(template.medium, template.buttons_in(person.locale))
        html = template.write_text(Reader(person.name, person.locale, person.plan or "", person.ends_at))
        body = form.fill_in(chat_id=person.telegram_id, html=html)
        try:
            message_id = await self.sender.send(form.api_method, body, chat_id=person.telegram_id)
        except TelegramRetryLaterError as error:
            self._stop(held_seconds=error.retry_after_seconds or 1.0)
            return _NOT_BEGUN
        except TelegramTokenRevokedError as error:
            self._stop(error=error)
            return _NOT_BEGUN
        except TelegramUnavailableError as error:
            self._stop(error=error)
            is_unknown = error.is_outcome_unknown
            return Outcome(RecipientState.UNCERTAIN, "no_answer") if is_unknown else _NOT_BEGUN
        except (TelegramUnreachableUserError, TelegramChatGoneError, TelegramChatMigratedError) as error:
            return Outcome(RecipientState.BLOCKED, name_unreachable(error))
        except LumenError as error:
            return Outcome(RecipientState.FAILED, str(error))
        return Outcome(RecipientState.SENT, message_id=message_id)

    async def _store(self, outcomes: dict[UUID, Outcome]) -> None:
        self._sent += sum(outcome.state is RecipientState.SENT for outcome in outcomes.values())
        for state, count in Counter(outcome.state for outcome in outcomes.values()).items():
            BROADCAST_MESSAGES.labels(state.value).inc(count)
        now = time.monotonic()
        rate: int | None = None
        if now - self._told_at >= TOLD_EVERY_SECONDS:
            rate = round(self._sent * 60 / (now - self._told_at))
            self._sent, self._told_at = 0, now
        await store_outcomes(
            self.worker.database, self.tenant_id, self.unit, self.part.broadcast_id, outcomes, lease_id=self.lease_id,
            now=self.worker.clock.now(), rate_per_minute=rate,
        )  # fmt: skip

    def _stop(self, *, held_seconds: float | None = None, error: Exception | None = None) -> None:
        self._is_over = True
        if held_seconds is not None:
            self.held_seconds = max(held_seconds, self.held_seconds or 0.0)
        self.error = self.error or error


def _leave_out(person: ClaimedRecipient) -> Outcome | None:
    if person.wants_none:
        return Outcome(RecipientState.SKIPPED, "opted_out")
    return Outcome(RecipientState.BLOCKED, "blocked") if person.is_blocked else None


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
