"""The time of one sandbox server. It follows the machine's clock, or stays behind it, and can be moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Aware UTC time that only ever moves forward; each server has its own instance."""

    def __init__(self, *, behind: timedelta = timedelta()) -> None:
        """Begin at the machine's time, or so long before it: what happens then has happened when it has caught up."""
        self._ahead = -behind
        self._listeners: list[Callable[[], None]] = []

    @property
    def ahead_seconds(self) -> float:
        """How far this clock stands before the machine's."""
        return self._ahead.total_seconds()

    def now(self) -> datetime:
        """The sandbox's time, aware UTC."""
        return datetime.now(UTC) + self._ahead

    def timestamp(self) -> float:
        """The sandbox's time in Unix seconds."""
        return self.now().timestamp()

    def unix(self) -> int:
        """The sandbox's time in whole Unix seconds."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        """The clock stands `seconds` later and every listener has been called.

        Raises:
            ValueError: The amount is negative.
        """
        if seconds < 0:
            message = "the sandbox's clock only moves forward"
            raise ValueError(message)
        self._ahead += timedelta(seconds=seconds)
        for listener in tuple(self._listeners):
            listener()

    def on_advance(self, listener: Callable[[], None]) -> None:
        """`listener` is called after each later `advance`."""
        self._listeners.append(listener)

    def reset(self) -> None:
        """The clock follows the machine's again. Listeners stay."""
        self._ahead = timedelta()
