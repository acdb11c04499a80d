"""Watches the clock that everything due is read from: when it jumps, whatever ends access or takes money waits.

The other witnesses are the time since the machine was started, which nobody sets, and the database's clock.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from lumenpay.kit.clock import Clock
from lumenpay.kit.logs import get_logger
from tenants_worker.metrics import CLOCK_HELD

TOLERANCE: Final = timedelta(minutes=5)
"""So far two clocks may be apart, and so far one may be moved: nothing that is due minds it."""
HOLD: Final = timedelta(hours=1)
"""A clock that jumped and stays there is believed after so long, if the database's agrees with it."""
ASKED_EVERY: Final = timedelta(seconds=30)
_log = get_logger(__name__)


def read_uptime() -> float:
    """Return seconds that nobody can set; they go on while the machine sleeps, where the system counts that."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class ClockWatch:
    """Tells whether the clock can be trusted to end access and take money by it."""

    def __init__(
        self, clock: Clock, *, witness: Callable[[], Awaitable[datetime]], uptime: Callable[[], float] = read_uptime
    ) -> None:
        """Trust the clock as it is now, as far as the witness, the database's clock, agrees."""
        self._clock, self._witness, self._uptime = clock, witness, uptime
        self._origin = self._difference()
        self._jumped_at: float | None = None
        self._asked_at: float | None = None
        self._is_apart = False

    async def is_trusted(self) -> bool:
        """Return whether the clock has neither jumped lately nor stands apart from the database's.

        One that came back by itself is trusted at once: what it said meanwhile did nothing.
        """
        at = self._uptime()
        moved = self._difference() - self._origin
        if abs(moved) <= TOLERANCE:
            self._jumped_at = None
        elif self._jumped_at is None:
            self._jumped_at = at
            _log.error("clock_jumped", seconds=round(moved.total_seconds()))
        if self._asked_at is None or at - self._asked_at >= ASKED_EVERY.total_seconds():
            self._asked_at, self._is_apart = at, abs(await self._read_distance()) > TOLERANCE
            if self._is_apart:
                _log.error("clock_apart_from_database")
        if self._jumped_at is not None and not self._is_apart and at - self._jumped_at >= HOLD.total_seconds():
            self._origin, self._jumped_at = self._difference(), None
            _log.warning("clock_believed_again")
        CLOCK_HELD.labels("apart").set(self._is_apart)
        CLOCK_HELD.labels("jumped").set(self._jumped_at is not None)
        return not self._is_apart and self._jumped_at is None

    def _difference(self) -> timedelta:
        """How far the clock is ahead of the time since the start: the same as long as nobody sets it."""
        return timedelta(seconds=self._clock.now().timestamp() - self._uptime())

    async def _read_distance(self) -> timedelta:
        return self._clock.now() - await self._witness()
