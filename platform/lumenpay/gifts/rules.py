"""Pure rules of gifts: how long one waits, when its giver is reminded, who can take it, and its legal moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lumenpay.models.gifts import GiftStatus

S = GiftStatus
TRANSITIONS: Final[dict[GiftStatus, frozenset[GiftStatus]]] = {
    S.WAITING: frozenset({S.CLAIMED, S.EXPIRED, S.REVOKED, S.REFUNDED}),
    # Money that goes back is booked whatever became of the gift.
    S.CLAIMED: frozenset({S.REFUNDED}),
    S.EXPIRED: frozenset({S.REFUNDED}),
    S.REVOKED: frozenset({S.REFUNDED}),
    S.REFUNDED: frozenset(),
}
WAITS_FOR: Final = timedelta(days=365)
_FIRST_REMINDER: Final = timedelta(days=7)
_LAST_REMINDER: Final = timedelta(days=30)


class GiftRefusal(StrEnum):
    """Why a person cannot take a gift."""

    UNKNOWN = "unknown"
    """No such link."""
    TAKEN = "taken"
    EXPIRED = "expired"
    CLOSED = "closed"
    """Its link was closed, or its money goes back."""
    ADDS_NOTHING = "adds_nothing"
    """The person has as much of the plan already; somebody else can take it."""


def sources_of(new: GiftStatus) -> list[GiftStatus]:
    """Return the states from which a gift may go to `new`."""
    return [current for current, targets in TRANSITIONS.items() if new in targets]


def decide_expiry(paid_at: datetime, *, fixed_end_at: datetime | None) -> datetime:
    """Return until when a gift can be taken: a year, and not beyond the day on which its access ends for everybody."""
    ends_at = paid_at + WAITS_FOR
    return ends_at if fixed_end_at is None else min(ends_at, fixed_end_at)


def decide_next_step(created_at: datetime, *, expires_at: datetime, reminders_count: int) -> datetime:
    """Return when the giver is reminded next, or the end.

    Reminders come after a week and a month before the end, as far as these lie within the time that it waits.

    Args:
        created_at: When the gift was paid.
        reminders_count: How many of the reminders were used.
    """
    moments = {created_at + _FIRST_REMINDER, expires_at - _LAST_REMINDER}
    reminders = sorted(at for at in moments if created_at < at < expires_at)
    return [*reminders, expires_at][min(reminders_count, len(reminders))]


def decide_refusal(
    status: GiftStatus, *, expires_at: datetime, is_being_refunded: bool, adds_nothing: bool, now: datetime
) -> GiftRefusal | None:
    """Return why a person cannot take a gift now; nothing when they can."""
    if status is not GiftStatus.WAITING:
        closed = {GiftStatus.CLAIMED: GiftRefusal.TAKEN, GiftStatus.EXPIRED: GiftRefusal.EXPIRED}
        return closed.get(status, GiftRefusal.CLOSED)
    if now >= expires_at:
        return GiftRefusal.EXPIRED
    if is_being_refunded:
        return GiftRefusal.CLOSED
    return GiftRefusal.ADDS_NOTHING if adds_nothing else None
