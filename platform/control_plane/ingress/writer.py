"""Stores updates in batches: whatever gathered while the last statement ran goes into the next one.

Each caller waits for the commit of its own batch. No timer: an idle writer stores a lone update at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from control_plane.ingress.metrics import BATCH_SIZE
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import Clock
from lumenpay.kit.logs import get_logger
from lumenpay.models.inbox import NORMAL_LANE

MAX_BATCH = 500
MAX_WAITING = 5_000
MAX_WAITING_BYTES = 64 * 1024 * 1024
_WRITERS = 2
# Guessed addresses and notices must not take the connections of the writers.
_ASKERS = 4
_STATEMENT_SECONDS = 8.0
_STORE = "SELECT ingest_updates($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::bytea[], $6)"
_log = get_logger(__name__)


class IngressFullError(Exception):
    """The update could not be stored now; the sender will repeat it."""


@dataclass(slots=True)
class RawUpdate:
    """One update as it came, and where it belongs."""

    tenant_id: UUID
    bot_id: UUID
    update_id: int
    lane: int
    body: bytes


class UpdateWriter:
    """Turns many concurrent `store` calls into few durable statements."""

    def __init__(self, dsn: str, *, doorbell: Doorbell, clock: Clock) -> None:
        """Take the application's address in asyncpg's form; `start` connects."""
        self._dsn, self._doorbell, self._clock = dsn, doorbell, clock
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._waiting: list[tuple[RawUpdate, asyncio.Future[None]]] = []
        self._waiting_bytes = 0
        self._to_ring: set[Queue] = set()
        self._is_ringing = False
        self._active = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Make the pool; it connects when the first update comes."""
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=_WRITERS + _ASKERS, timeout=3, command_timeout=_STATEMENT_SECONDS,
            reset=_keep,
            server_settings={"application_name": "lumenpay-ingress", "statement_timeout": "7000", "jit": "off"},
        )  # fmt: skip

    async def close(self) -> None:
        """Let the running batches end and close the pool."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._pool is not None:
            await self._pool.close()

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        """The pool, for the rare notices that are stored one by one."""
        if self._pool is None:
            raise IngressFullError
        return self._pool

    async def fetch_row(self, statement: str, *values: object) -> asyncpg.Record | None:
        """Return the first row of a statement outside of every tenant."""
        async with self.pool.acquire(timeout=3) as connection:
            return await connection.fetchrow(statement, *values)

    async def store(self, update: RawUpdate) -> None:
        """Return once the update is committed.

        Raises:
            IngressFullError: It could not be stored.
        """
        if len(self._waiting) >= MAX_WAITING or self._waiting_bytes + len(update.body) > MAX_WAITING_BYTES:
            raise IngressFullError
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, done))
        self._waiting_bytes += len(update.body)
        if self._active < _WRITERS:
            self._active += 1
            self._start(self._drain())
        await done

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                self._waiting_bytes -= sum(len(update.body) for update, _ in batch)
                await self._store_batch(batch)
        finally:
            self._active -= 1

    async def _store_batch(self, batch: list[tuple[RawUpdate, asyncio.Future[None]]]) -> None:
        BATCH_SIZE.observe(len(batch))
        try:
            await self._insert([update for update, _ in batch])
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
            # One row that PostgreSQL refuses must not cost the others: each is tried alone.
            for update, done in batch:
                await self._store_alone(update, done)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            _log.warning("updates_not_stored", count=len(batch), error=type(error).__name__)
            for _, done in batch:
                _fail(done)
        else:
            for _, done in batch:
                if not done.done():
                    done.set_result(None)
        finally:
            for _, done in batch:
                _fail(done)  # whoever still waits here must not wait for ever
        # A sender that hung up has cancelled its wait; its update is stored all the same.
        self._ring({update.lane for update, done in batch if done.cancelled() or done.exception() is None})

    def _ring(self, lanes: Iterable[int]) -> None:
        self._to_ring.update(Queue.UPDATES if lane == NORMAL_LANE else Queue.MONEY for lane in lanes)
        if self._to_ring and not self._is_ringing:
            self._is_ringing = True
            self._start(self._ring_all())

    async def _ring_all(self) -> None:
        # Beside the writing: a slow Redis must not delay the next batch.
        try:
            while self._to_ring:
                queues, self._to_ring = self._to_ring, set()
                await self._doorbell.ring(queues)
        finally:
            self._is_ringing = False

    async def _store_alone(self, update: RawUpdate, done: asyncio.Future[None]) -> None:
        try:
            await self._insert([update])
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            _log.warning("update_not_stored", bot_id=str(update.bot_id), error=type(error).__name__)
            _fail(done)
        else:
            if not done.done():
                done.set_result(None)

    async def _insert(self, updates: Sequence[RawUpdate]) -> None:
        now: datetime = self._clock.now()
        async with self.pool.acquire(timeout=3) as connection:
            await connection.execute(
                _STORE,
                [update.tenant_id for update in updates],
                [update.bot_id for update in updates],
                [update.update_id for update in updates],
                [update.lane for update in updates],
                [update.body for update in updates],
                now,
            )


async def _keep(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    # Nothing here sets anything in the session: the round trip that resets it is left out.
    if connection.is_in_transaction():
        raise asyncpg.InterfaceError("a connection came back in the middle of a transaction")


def _fail(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_exception(IngressFullError())
