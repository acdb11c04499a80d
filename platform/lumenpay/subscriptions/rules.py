"""Pure rules of subscriptions: where a new period lies, when to remind, when access ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.plans.rules import end_of_period

PENDING_GRACE = timedelta(minutes=30)
"""So long after an order was opened, the person may be paying it at this moment."""
TRANSITIONS = {
    SubscriptionStatus.ACTIVE: frozenset({SubscriptionStatus.EXPIRED, SubscriptionStatus.PAUSED}),
    SubscriptionStatus.EXPIRED: frozenset({SubscriptionStatus.ACTIVE}),
    SubscriptionStatus.PAUSED: frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED}),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of paid time, aware UTC; without an end it is a lifetime."""

    starts_at: datetime
    ends_at: datetime | None


def decide_period(
    *, last_end: datetime | None, is_lifetime: bool, unit: PeriodUnit, count: int, extra_days: int, now: datetime,
    fixed_end_at: datetime | None = None,
) -> Period | None:  # fmt: skip
    """Return the period that a payment opens: it adds to what is left, or starts now where nothing is.

    Args:
        last_end: End of the last period so far; None when there was none.
        is_lifetime: Whether access has no end already; then there is nothing to add, and None is returned.
        fixed_end_at: When the access of this plan ends for everybody; None is returned where that adds nothing.
    """
    if is_lifetime:
        return None
    starts_at = max(last_end, now) if last_end is not None else now
    if fixed_end_at is not None:
        return Period(starts_at, fixed_end_at) if starts_at < fixed_end_at else None
    return Period(starts_at, end_of_period(starts_at, unit, count, extra_days=extra_days))


def decide_given_minutes(starts_at: datetime, *, until_at: datetime) -> int:
    """Return how many whole minutes reach from one moment to another, or a little further; 0 or less when none do."""
    return -int((starts_at - until_at) // timedelta(minutes=1))


def decide_access_end(ends_at: datetime | None, *, grace_seconds: int) -> datetime | None:
    """Return until when a person may stay inside."""
    return None if ends_at is None else ends_at + timedelta(seconds=grace_seconds)


def decide_pending_grace(
    own_end: datetime, *, orders_opened_at: Collection[datetime], now: datetime
) -> datetime | None:
    """Return until when the end waits for orders that are unpaid at the gateway; None when it is not to wait.

    Only orders that were opened before the end count, each for half an hour: who opens more of them gains nothing.

    Args:
        own_end: When access ends by itself, however often this was asked before.
    """
    waits = [opened_at + PENDING_GRACE for opened_at in orders_opened_at if opened_at < own_end]
    latest = max(waits, default=None)
    return latest if latest is not None and latest > now else None


def decide_next_reminder(
    ends_at: datetime | None, *, offsets_seconds: Sequence[int], sent: Collection[int], now: datetime
) -> tuple[datetime, int] | None:
    """Return the moment and the offset of the next reminder; those whose moment has passed are not made up for.

    Args:
        offsets_seconds: How long before the end people are reminded.
        sent: Offsets that were used for this end already.
    """
    if ends_at is None:
        return None
    moments = ((ends_at - timedelta(seconds=offset), offset) for offset in set(offsets_seconds) if offset not in sent)
    return min((moment for moment in moments if moment[0] > now), default=None)
