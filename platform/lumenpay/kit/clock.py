"""The only place that reads the wall clock; everything else takes `now` as an argument or a `Clock`."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; doors hand one to what they start, tests hand in a movable one."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        return datetime.now(UTC)  # noqa: TID251 - the one place
