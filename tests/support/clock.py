"""A clock that tests move. It begins at the true time, since leases are measured by the database's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)  # noqa: TID251 - where a test's time begins

    def now(self) -> datetime:
        """Return the moment that the test says it is."""
        return self._now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move by so much and return the new moment."""
        self._now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._now

    def set(self, now: datetime) -> None:
        """Jump."""
        self._now = now
