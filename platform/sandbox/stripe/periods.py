"""Billing periods: the ends of months and years fall on the anchor's day, or on the last day of a shorter month."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from sandbox.stripe.store import Body

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def period_end(anchor: int, start: int, recurring: Body) -> int:
    """Return the end of the period that begins at `start`; all three are Unix seconds, UTC.

    Args:
        anchor: The moment that gives the day of the month and the time of day.
    """
    interval, count = recurring["interval"], recurring["interval_count"]
    if interval in _DAYS:
        return start + int(timedelta(days=_DAYS[interval] * count).total_seconds())
    began, fixed = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(anchor, UTC)
    months = began.year * 12 + began.month - 1 + _MONTHS[interval] * count
    year, month = divmod(months, 12)
    day = min(fixed.day, monthrange(year, month + 1)[1])
    return int(datetime(year, month + 1, day, fixed.hour, fixed.minute, fixed.second, tzinfo=UTC).timestamp())
