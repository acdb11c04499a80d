"""A load generator of raw sockets: HTTP/1.1 with keep-alive, cheap enough not to be what is measured."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

CONNECTIONS = 64
_DRAIN_SECONDS = 5.0


@dataclass
class Sample:
    """What one round saw; latencies in seconds."""

    latencies: list[float] = field(default_factory=list)
    failures: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that the share of requests kept to."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


class _Connection(asyncio.Protocol):
    def __init__(self, sample: Sample, on_idle: Callable[[_Connection], None]) -> None:
        self._sample, self._on_idle = sample, on_idle
        self._buffer, self._due_at, self._is_busy = b"", 0.0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not asyncio's by class.
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes, *, due_at: float) -> None:
        self._due_at, self._is_busy = due_at, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
        if len(rest) < int(length or 0):
            return
        self._buffer, self._is_busy = b"", False
        if head.startswith(b"HTTP/1.1 200"):
            self._sample.latencies.append(time.perf_counter() - self._due_at)
        else:
            self._sample.failures += 1
        self._on_idle(self)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self._sample.failures += self._is_busy

    def close(self) -> None:
        self._transport.close()


async def flood(port: int, requests: Iterator[bytes], *, seconds: float, limit: int = 10**9) -> Sample:
    """Keep every connection busy for so long, or until so many requests are answered."""
    sample, begun_at = Sample(), time.perf_counter()
    sent, finished = 0, asyncio.Event()
    waiting = CONNECTIONS

    def send_next(connection: _Connection) -> None:
        nonlocal sent, waiting
        now = time.perf_counter()
        if sent >= limit or now - begun_at > seconds:
            waiting -= 1
            if waiting == 0:
                finished.set()
            return
        sent += 1
        connection.send(next(requests), due_at=now)

    connections = await _connect(port, sample, send_next)
    begun_at = time.perf_counter()
    for connection in connections:
        send_next(connection)
    async with asyncio.timeout(seconds + _DRAIN_SECONDS):
        await finished.wait()
    sample.seconds = time.perf_counter() - begun_at
    return _close(connections, sample)


async def pace(port: int, requests: Iterator[bytes], *, rate: float, seconds: float) -> Sample:
    """Send so many a second whether or not answers come; a request that waits for a connection counts as slow."""
    sample = Sample()
    due: deque[float] = deque()
    idle: deque[_Connection] = deque()

    def send_due() -> None:
        while due and idle:
            idle.popleft().send(next(requests), due_at=due.popleft())

    def rest(connection: _Connection) -> None:
        idle.append(connection)
        send_due()

    connections = await _connect(port, sample, rest)
    idle.extend(connections)
    begun_at, planned, total = time.perf_counter(), 0, int(rate * seconds)
    while planned < total:
        await asyncio.sleep(0.001)
        while planned < total and begun_at + planned / rate <= time.perf_counter():
            due.append(begun_at + planned / rate)
            planned += 1
        send_due()
    sample.seconds = time.perf_counter() - begun_at
    deadline = time.perf_counter() + _DRAIN_SECONDS
    while len(idle) < CONNECTIONS and time.perf_counter() < deadline:  # noqa: ASYNC110 - ends by the clock
        await asyncio.sleep(0.01)
    return _close(connections, sample)


async def _connect(port: int, sample: Sample, on_idle: Callable[[_Connection], None]) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    made = [loop.create_connection(lambda: _Connection(sample, on_idle), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    return [connection for _, connection in await asyncio.gather(*made)]


def _close(connections: list[_Connection], sample: Sample) -> Sample:
    for connection in connections:
        connection.close()
    return sample
