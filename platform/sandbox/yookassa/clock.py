"""Sandbox time: real time plus whatever a test or a person has skipped."""

from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Runs at the speed of real time and can be moved forward, never back."""

    def __init__(self) -> None:
        self._skipped = timedelta()

    def now(self) -> datetime:
        """Return the aware UTC moment that holds in the sandbox."""
        return datetime.now(UTC) + self._skipped

    def advance(self, seconds: float) -> datetime:
        """Skip `seconds` and return the new moment.

        Raises:
            ValueError: The number is negative.
        """
        if seconds < 0:
            message = "time does not run backwards"
            raise ValueError(message)
        self._skipped += timedelta(seconds=seconds)
        return self.now()


def stamp(moment: datetime) -> str:
    """Write a moment as the gateway does: UTC, milliseconds, a Z at the end."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
