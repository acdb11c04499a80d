"""Pure rules of pauses: who may begin one, how long it lasts, and when its person is told that it is over soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lumenpay.models.subscriptions import SubscriptionStatus

MAX_PAUSE_DAYS: Final = 366
TELL_AHEAD: Final = timedelta(days=1)
"""So long before a pause ends by itself its person is told; a shorter one is not announced."""
PAUSE_YEAR: Final = timedelta(days=365)
"""The stretch, up to now, in which a person's own pauses are counted."""
NOT_ALLOWED: Final = "not_allowed"
USED_UP: Final = "used_up"
HAS_NO_END: Final = "has_no_end"
NOT_RUNNING: Final = "not_running"


def decide_pause_refusal(status: SubscriptionStatus, *, ends_at: datetime | None, now: datetime) -> str:
    """Return why a subscription cannot be paused by anybody; empty when it can. One in its grace has nothing left."""
    if status is not SubscriptionStatus.ACTIVE:
        return NOT_RUNNING
    if ends_at is None:
        return HAS_NO_END
    return "" if ends_at > now else NOT_RUNNING


def decide_own_refusal(*, pause_days: int, pauses_a_year: int, taken: int) -> str:
    """Return why a person may not pause by the rules of the plan; empty when they may.

    Args:
        taken: How many pauses the person began within the last year.
    """
    if not pause_days or not pauses_a_year:
        return NOT_ALLOWED
    return USED_UP if taken >= pauses_a_year else ""


def decide_first_step(*, started_at: datetime, until_at: datetime) -> datetime:
    """Return when to look at a pause first: to tell that it ends soon, or to end it."""
    told_at = until_at - TELL_AHEAD
    return told_at if told_at > started_at else until_at


def decide_resumed_at(*, started_at: datetime, now: datetime) -> datetime:
    """Return from when on time runs again: by a clock that was set back, too, nothing is used twice."""
    return max(started_at, now)


def move_end(ends_at: datetime, *, from_at: datetime, to_at: datetime) -> datetime:
    """Return where an end lies after time was moved: what is left after `from_at` is left after `to_at`, exactly."""
    return to_at + (ends_at - from_at)
