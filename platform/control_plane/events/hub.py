"""One connection of the process listens for changes and hands each to the streams of its tenant, and to no other."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from lumenpay.db.changes import CHANNEL, RESYNC
from lumenpay.errors import ConflictError
from lumenpay.kit.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_QUEUE = 100
STREAMS_PER_SESSION = 6
HINTS_REMEMBERED = 10_000
"""Of all tenants: whoever opens a stream is told of what changed since they asked for what they look at."""
_log = get_logger(__name__)


class TooManyStreamsError(ConflictError):
    """The session has as many streams open as it may have."""

    code = "too_many_streams"


@dataclass(frozen=True, slots=True)
class Hint:
    """What changed; the id is empty where there is no one row."""

    topic: str
    id: UUID | None = None


@dataclass(eq=False)
class Stream:
    """What one browser has still to be told."""

    tenant_id: UUID
    session_id: UUID
    queue: asyncio.Queue[Hint] = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))

    def put(self, hint: Hint) -> None:
        """Add a hint; a browser that cannot keep up looks at everything again instead."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            hint = Hint(RESYNC)
        self.queue.put_nowait(hint)


class ChangeHub:
    """The streams of this process."""

    def __init__(self, url: str) -> None:
        """Take the database's address; nothing connects before the first stream."""
        self._url = url.replace("+asyncpg", "")
        self._streams: dict[UUID, set[Stream]] = defaultdict(set)
        self._per_session: dict[UUID, int] = defaultdict(int)
        self._connection: asyncpg.Connection[Any] | None = None
        self._lock = asyncio.Lock()
        self._told: deque[tuple[float, UUID, Hint]] = deque(maxlen=HINTS_REMEMBERED)
        self._known_since = float("inf")
        self.is_ending = False
        """Whether the process stops, so that streams end."""

    @contextmanager
    def open(self, *, tenant_id: UUID, session_id: UUID, age_seconds: float = 0) -> Iterator[Stream]:
        """Add a stream for as long as the block runs.

        Args:
            age_seconds: How long ago the browser asked for the oldest of what it shows: it is told what changed since.

        Raises:
            TooManyStreamsError: The session has enough of them.
        """
        if self._per_session[session_id] >= STREAMS_PER_SESSION:
            raise TooManyStreamsError
        stream = Stream(tenant_id, session_id)
        self._per_session[session_id] += 1
        self._streams[tenant_id].add(stream)
        if age_seconds:
            self._recall(stream, since=time.monotonic() - age_seconds)
        try:
            yield stream
        finally:
            self._streams[tenant_id].discard(stream)
            self._per_session[session_id] -= 1
            if not self._per_session[session_id]:
                del self._per_session[session_id]
            if not self._streams[tenant_id]:
                del self._streams[tenant_id]

    def is_full(self, session_id: UUID) -> bool:
        """Tell whether a session may open no further stream."""
        return self._per_session.get(session_id, 0) >= STREAMS_PER_SESSION

    async def listen(self) -> None:
        """Leave the process listening; after a lost connection everybody is told to look at everything again."""
        async with self._lock:
            if self._connection is not None and not self._connection.is_closed():
                return
            was_lost = self._connection is not None
            self._connection = None
            connection = await asyncpg.connect(
                self._url, timeout=10, server_settings={"application_name": "lumenpay-changes"}
            )
            try:
                await connection.add_listener(CHANNEL, self._take)
            except BaseException:
                # Also when the browser that it was opened for goes away meanwhile.
                connection.terminate()
                raise
            connection.add_termination_listener(self._wake)
            self._connection = connection
            self._told.clear()
            self._known_since = time.monotonic()
        if was_lost:
            self._wake()

    def end(self) -> None:
        """End every stream."""
        self.is_ending = True
        self._wake()

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close(timeout=5)
            self._connection = None

    def _wake(self, *_: object) -> None:
        for streams in self._streams.values():
            for stream in streams:
                stream.put(Hint(RESYNC))

    def _take(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        tenant, topic, row = str(payload).split(" ")
        tenant_id, hint = UUID(tenant), Hint(topic, None if row == "-" else UUID(row))
        if len(self._told) == HINTS_REMEMBERED:
            self._known_since = self._told[0][0]
        self._told.append((time.monotonic(), tenant_id, hint))
        for stream in self._streams.get(tenant_id, ()):
            stream.put(hint)

    def _recall(self, stream: Stream, *, since: float) -> None:
        if since < self._known_since:
            stream.put(Hint(RESYNC))
            return
        for told_at, tenant_id, hint in self._told:
            if told_at >= since and tenant_id == stream.tenant_id:
                stream.put(hint)


async def drain(stream: Stream, *, wait_seconds: float) -> list[Hint]:
    """Return what is there to tell, each thing once; nothing, when nothing came for a while."""
    try:
        first = await asyncio.wait_for(stream.queue.get(), wait_seconds)
    except TimeoutError:
        return []
    hints = [first]
    while not stream.queue.empty():
        hints.append(stream.queue.get_nowait())
    return list(dict.fromkeys(hints))
