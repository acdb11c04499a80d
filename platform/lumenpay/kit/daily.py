"""Moments that come once a day, spread over the day by what they are of, so that not everything is due at midnight."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

_DAY_SECONDS = 86_400


def second_of_day(row_id: UUID) -> int:
    """Return the second of the UTC day that belongs to an id, the same one every day."""
    # The end of a UUID of version 7 is random; its beginning is the time, alike for what was made together.
    return (row_id.int & 0xFFFF_FFFF) % _DAY_SECONDS


def next_daily_moment(row_id: UUID, *, after: datetime) -> datetime:
    """Return the first of an id's daily moments that is later than `after`."""
    midnight = after.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    moment = midnight + timedelta(seconds=second_of_day(row_id))
    return moment if moment > after else moment + timedelta(days=1)


def is_daily_moment(row_id: UUID, moment: datetime) -> bool:
    """Tell whether a moment is one of an id's daily ones."""
    return next_daily_moment(row_id, after=moment - timedelta(microseconds=1)) == moment
