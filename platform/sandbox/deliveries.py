"""Telling others what happened: sent at once, and repeated with growing pauses until it is taken or its time is over.

The pauses are of the sandbox's time: moving its clock forward makes due repetitions go out.
"""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar, Generic, TypeVar

import aiohttp

from sandbox.clock import Clock
from sandbox.fault_book import FaultBook

_LOG_LENGTH = 20_000
_TIMEOUT = aiohttp.ClientTimeout(total=10)

# While a request is served, the arrivals it causes, so that a fault can hold the answer back until they have come.
arrivals_of_request: ContextVar[list[asyncio.Event] | None] = ContextVar("arrivals_of_request", default=None)


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One thing on its way to one receiver."""

    delivery_id: int
    lane: str
    """What a fault holds back is overtaken by the next delivery of the same lane."""
    began_at: float
    """In Unix seconds of the sandbox's time."""
    status: str = "pending"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    first_attempt: asyncio.Event = field(default_factory=asyncio.Event)


AnyDelivery = TypeVar("AnyDelivery", bound=Delivery)


class Deliverer(ABC, Generic[AnyDelivery]):
    """Sends deliveries and remembers the last 20,000 of them."""

    LIFETIME: ClassVar[timedelta]
    """After so long nothing is repeated any more."""

    def __init__(self, clock: Clock, faults: FaultBook, pauses_seconds: Sequence[float]) -> None:
        self.log: deque[AnyDelivery] = deque(maxlen=_LOG_LENGTH)
        self.pauses_seconds = pauses_seconds
        self._clock = clock
        self._faults = faults
        self._ids = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[str, list[AnyDelivery]] = {}
        self._http: aiohttp.ClientSession | None = None
        self._moved = asyncio.Event()
        clock.on_advance(self._wake)

    def open(self) -> None:
        """Open the HTTP session; to be called inside the running event loop."""
        # Any certificate is accepted.
        connector = aiohttp.TCPConnector(limit=200, limit_per_host=100, ssl=False)
        self._http = aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)

    async def close(self) -> None:
        """Stop sending and close the HTTP session."""
        self.forget()
        if self._http is not None:
            await self._http.close()

    def forget(self) -> None:
        """Drop everything that is on its way and the log."""
        for task in self._tasks:
            task.cancel()
        self._held.clear()
        self.log.clear()

    def send(self, delivery: AnyDelivery) -> None:
        """Start a delivery, faults aside."""
        delivery.status = "pending"
        waiting = arrivals_of_request.get()
        if waiting is not None:
            waiting.append(delivery.first_attempt)
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send_or_spoil(self, make: Callable[[], AnyDelivery], *, event: str, owner: str, lane: str) -> None:
        """Send what `make` records, unless a fault keeps it silent, doubles it or lets the next one overtake."""
        strikes = {fault.kind: fault for fault in self._faults.strike_delivery(event=event, owner=owner)}
        copies = int(strikes["duplicate"].effect.get("copies", 2)) if "duplicate" in strikes else 1
        overtaken = self._held.pop(lane, [])
        for _ in range(copies):
            delivery = make()
            if "never" in strikes:
                delivery.status = "suppressed"
            elif "reorder" in strikes:
                delivery.status = "held"
                self._held.setdefault(lane, []).append(delivery)
                hold_seconds = float(strikes["reorder"].effect.get("hold_seconds", 5))
                asyncio.get_running_loop().call_later(hold_seconds, self._release, delivery)
            else:
                self.send(delivery)
        for delivery in overtaken:
            self._release(delivery)

    def _release(self, delivery: AnyDelivery) -> None:
        held = self._held.get(delivery.lane, [])
        if delivery in held:
            held.remove(delivery)
        if delivery.status == "held":
            # Later than what overtook it, which has only just been handed to the network.
            asyncio.get_running_loop().call_later(0.05, self.send, delivery)

    async def _deliver(self, delivery: AnyDelivery) -> None:
        attempt = 0
        while not await self._attempt(delivery):
            pause = self.pauses_seconds[min(attempt, len(self.pauses_seconds) - 1)]
            attempt += 1
            await self._wait(pause)
            if self._clock.timestamp() - delivery.began_at >= self.LIFETIME.total_seconds():
                delivery.status = "given_up"
                return

    @abstractmethod
    async def _attempt(self, delivery: AnyDelivery) -> bool:
        """Try once and return whether it is over."""

    async def _post(self, url: str, payload: bytes, headers: Mapping[str, str]) -> int | str:
        """Return the status of the answer, or the kind of error where there is none."""
        if self._http is None:
            return "closed"
        try:
            async with self._http.post(url, data=payload, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__

    async def _wait(self, seconds: float) -> None:
        due_at = self._clock.timestamp() + seconds
        while (left_seconds := due_at - self._clock.timestamp()) > 0:
            moved = self._moved
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_seconds):
                    await moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
