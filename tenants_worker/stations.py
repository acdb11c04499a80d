"""A station looks for one kind of work: every second, and at once when its bell rings or a piece of work ends.

It never waits for the slowest piece: as long as there is room, more is claimed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.kit.logs import get_logger

POLL_SECONDS = 1.0
_log = get_logger(__name__)
_Work = TypeVar("_Work")
Claim = Callable[[int], Awaitable[Sequence[_Work]]]
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class AnyStation(Protocol):
    """A station, whatever its work is."""

    def ring(self) -> None:
        """Have it look at once."""

    async def wait_until_idle(self) -> None:
        """Return when it last found nothing and nothing is being done."""

    async def serve(self) -> None:
        """Look for work and start it, until closed."""

    async def close(self, *, grace_seconds: float) -> None:
        """Claim nothing more; let what is being done end, then stop it."""


class Station(Generic[_Work]):
    """Claims work while there is room for it and runs each piece by itself."""

    def __init__(
        self, name: str, *, claim: Claim[_Work], run: Callable[[_Work], Awaitable[object]], room: int, spawn: Spawn
    ) -> None:
        """Take how work is claimed (at most so much) and done, and how much may be done at once."""
        self.name = name
        self._claim, self._run, self._room, self._spawn = claim, run, room, spawn
        self._bell, self._idle = asyncio.Event(), asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._is_closing = False

    def ring(self) -> None:
        """Have it look at once."""
        self._idle.clear()
        self._bell.set()

    async def wait_until_idle(self) -> None:
        """Return when it last found nothing and nothing is being done."""
        await self._idle.wait()

    async def serve(self) -> None:
        """Look for work and start it, until closed."""
        while not self._is_closing:
            self._bell.clear()
            found = 0
            try:
                found = await self._start_what_is_due()
            except Exception as error:  # noqa: BLE001 - the worker door: the database may be away for a while
                _log.warning("looking_for_work_failed", station=self.name, error=type(error).__name__)
            if found == 0:
                if not self._running and not self._bell.is_set():
                    self._idle.set()
                await self._wait_for_bell()

    async def close(self, *, grace_seconds: float) -> None:
        """Claim nothing more; let what is being done end, then stop it."""
        self._is_closing = True
        self._bell.set()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_what_is_due(self) -> int:
        room = self._room - len(self._running)
        found = await self._claim(room) if room > 0 else ()
        for work in found:
            task = self._spawn(self._run_one(work))
            self._running.add(task)
            task.add_done_callback(self._forget)
        return len(found)

    async def _run_one(self, work: _Work) -> None:
        try:
            await self._run(work)
        except Exception as error:  # noqa: BLE001 - the worker door: the lease ends, and the work is found again
            is_outage = isinstance(error, SQLAlchemyError | OSError)
            (_log.warning if is_outage else _log.error)("work_failed", station=self.name, exc_info=error)
        else:
            self._bell.set()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)

    async def _wait_for_bell(self) -> None:
        pause = POLL_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - spreads the load
        try:
            async with asyncio.timeout(pause):
                await self._bell.wait()
        except TimeoutError:
            return
