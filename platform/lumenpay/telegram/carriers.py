"""Takes many messages out, each when its turn has come: a few carriers go again and again, instead of one task each.

A task, a timer and a place in the queue for a connection cost as much as the message itself, and thousands at once far
more than that.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from heapq import heappop, heappush

Errand = Callable[[], Awaitable[None]]


class CarriersStoppedError(Exception):
    """Errands were stopped by somebody else than whoever waits for them."""


@dataclass(eq=False, slots=True)
class _Batch:
    left: int
    end: asyncio.Future[None]
    error: Exception | None = None

    def count_down(self) -> None:
        self.left -= 1
        if self.left or self.end.done():
            return
        if self.error is None:
            self.end.set_result(None)
        else:
            self.end.set_exception(self.error)


_Load = tuple[float, int, _Batch, Errand]
"""When it may go, its place among those of one moment, what it belongs to, and what is to be done."""


class Carriers:
    """Runs errands at their moments, so many at once at most. Of one event loop; nothing is made before the first."""

    def __init__(self, most: int) -> None:
        """Take how many errands may be under way at once."""
        self._most = most
        self._waiting: list[_Load] = []
        self._numbers = itertools.count()
        self._idle: list[asyncio.Future[_Load]] = []
        self._carriers: dict[asyncio.Task[None], _Batch | None] = {}
        self._batches: set[_Batch] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._is_closed = False

    async def carry(self, errands: Iterable[tuple[float, Errand]]) -> None:
        """Run each errand at its moment (of the monotonic clock) or as soon after it as a carrier is free.

        Returns when all have ended. Where the caller is stopped, those that have not begun never begin, and the
        others are stopped and have ended when this does.

        Raises:
            Exception: What the first errand raised that did, after all have ended.
            CarriersStoppedError: They were closed, or an errand was stopped by somebody else.
        """
        loads = list(errands)
        if not loads:
            return
        if self._is_closed:
            raise CarriersStoppedError
        batch = _Batch(len(loads), asyncio.get_running_loop().create_future())
        for at, errand in loads:
            heappush(self._waiting, (at, next(self._numbers), batch, errand))
        self._batches.add(batch)
        self._send_off()
        try:
            await batch.end
        except asyncio.CancelledError:
            await _stop([task for task, carried in self._carriers.items() if carried is batch])
            raise
        finally:
            self._batches.discard(batch)

    async def close(self) -> None:
        """Stop what is under way, and whoever waits for it."""
        self._is_closed = True
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
        await _stop(list(self._carriers))
        for batch in self._batches:
            if not batch.end.done():
                batch.end.set_exception(CarriersStoppedError())

    def _send_off(self) -> None:
        """Give what is due to carriers, as long as there are any, and come back for what is next."""
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now and not self._is_closed:
            if self._idle:
                carrier = self._idle.pop()
                if not carrier.done():
                    carrier.set_result(heappop(self._waiting))
            elif len(self._carriers) < self._most:
                # What the caller's log lines carry along is not what those of later errands should.
                task = asyncio.create_task(self._go(heappop(self._waiting)), context=Context())
                self._carriers[task] = None
                task.add_done_callback(self._dismiss)
            else:
                return  # Whoever comes back takes it along.
        if self._waiting:
            self._wait_until(self._waiting[0][0], now)

    def _wait_until(self, moment: float, now: float) -> None:
        if self._timer is not None:
            if self._timer_at <= moment:
                return
            self._timer.cancel()
        self._timer, self._timer_at = asyncio.get_running_loop().call_later(moment - now, self._wake), moment

    def _wake(self) -> None:
        self._timer = None
        self._send_off()

    async def _go(self, load: _Load) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine of a task's
        while True:
            _, _, batch, errand = load
            if not batch.end.done():
                self._carriers[task] = batch
                try:
                    await errand()
                except Exception as error:  # noqa: BLE001 - it is the caller's, who waits for it
                    batch.error = batch.error or error
                except asyncio.CancelledError:
                    batch.error = batch.error or CarriersStoppedError()
                    raise
                finally:
                    batch.count_down()
                if batch.end.cancelled():
                    return  # Its caller waits for this carrier to end, whatever the errand made of being stopped.
                self._carriers[task] = None
            if self._waiting and self._waiting[0][0] <= time.monotonic():
                load = heappop(self._waiting)
            else:
                load = await self._stand_by()

    async def _stand_by(self) -> _Load:
        turn: asyncio.Future[_Load] = asyncio.get_running_loop().create_future()
        self._idle.append(turn)
        if self._waiting:
            self._wait_until(self._waiting[0][0], time.monotonic())
        return await turn

    def _dismiss(self, task: asyncio.Task[None]) -> None:
        del self._carriers[task]
        self._send_off()


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
