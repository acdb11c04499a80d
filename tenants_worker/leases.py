"""Leases of one process: short, renewed while their work goes on, and never outlived by it.

A killed process's work is taken over when its leases end. A living one renews them with one statement for all, every
few seconds; where it cannot, it stops its work before the lease could end and somebody else may begin.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from uuid import UUID

from lumenpay.db.dispatch import HeldRow, renew_leases
from lumenpay.db.session import Database
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import LeaseId, TenantId

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """How long a lease is, when it is renewed, and how long before its end its work is stopped."""

    seconds: int = 15
    renew_after_seconds: float = 4.0
    """Most work is done sooner and costs no renewal."""
    margin_seconds: float = 1.5
    """For what stands between a decision to stop and the end of the work: a busy loop, clocks that are not alike."""
    look_seconds: float = 0.5
    patience_seconds: float = 2.0
    """How long one renewal may take before another is tried."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job, or a lane of a bot's inbox, that is ours since `asked_at` (of the monotonic clock)."""

    tenant_id: TenantId
    row_id: UUID
    lease_id: LeaseId
    asked_at: float
    lane: int | None = None
    """Of an inbox; a job has none."""


class Hold:
    """A lease while work is being done under it."""

    def __init__(self, lease: Lease, terms: LeaseTerms) -> None:
        """Begin with the lease as it was claimed."""
        self.lease = lease
        self.asked_at = lease.asked_at
        self.is_lost = False
        self._terms = terms
        self._limits: dict[asyncio.Timeout, float] = {}

    def may_work(self) -> bool:
        """Tell whether nobody else can have the row yet."""
        return self._seconds_left() > 0

    @asynccontextmanager
    async def limit(self, *, until: float) -> AsyncIterator[None]:
        """Stop the body with a TimeoutError at `until` (monotonic), or sooner, when the lease is no longer renewed."""
        async with asyncio.timeout(self._seconds_left(until)) as timeout:
            self._limits[timeout] = until
            try:
                yield
            finally:
                del self._limits[timeout]

    def prolong(self, asked_at: float) -> None:
        """Let the work go on: the database has renewed the lease after this moment."""
        self.asked_at = asked_at
        self._move_limits()

    def lose(self) -> None:
        """Stop the work now: the row is no longer ours, or its outcome is stored already."""
        self.is_lost = True
        self._move_limits()

    def _seconds_left(self, until: float = float("inf")) -> float:
        if self.is_lost:
            return 0.0
        return min(until, self.asked_at + self._terms.seconds - self._terms.margin_seconds) - time.monotonic()

    def _move_limits(self) -> None:
        loop = asyncio.get_running_loop()
        for timeout, until in self._limits.items():
            if not timeout.expired():
                timeout.reschedule(loop.time() + self._seconds_left(until))


class LeaseKeeper:
    """Knows what this process holds and renews it."""

    def __init__(self, database: Database, terms: LeaseTerms | None = None) -> None:
        """Take where to renew; a connection that nothing else waits for."""
        self.terms = terms or LeaseTerms()
        self._database = database
        self._holds: set[Hold] = set()
        self._closing, self._serving = asyncio.Event(), asyncio.Lock()

    @contextmanager
    def hold(self, lease: Lease) -> Iterator[Hold]:
        """Have the lease renewed while the body runs, as long as `serve` runs and the database answers."""
        hold = Hold(lease, self.terms)
        self._holds.add(hold)
        try:
            yield hold
        finally:
            self._holds.discard(hold)

    async def serve(self) -> None:
        """Renew what is due, until closed."""
        async with self._serving:
            while not self._closing.is_set():
                grown_old = time.monotonic() - self.terms.renew_after_seconds
                due = [hold for hold in self._holds if hold.asked_at <= grown_old and not hold.is_lost]
                if due:
                    await self._renew(due)
                await self._pause()

    async def close(self) -> None:
        """Renew nothing any more and close the connection."""
        self._closing.set()
        async with self._serving:
            await self._database.close()

    async def _renew(self, due: Sequence[Hold]) -> None:
        asked_at = time.monotonic()
        rows = [HeldRow(hold.lease.tenant_id, hold.lease.row_id, hold.lease.lane, hold.lease.lease_id) for hold in due]
        try:
            async with asyncio.timeout(self.terms.patience_seconds):
                renewed = await renew_leases(self._database, rows=rows, lease_seconds=self.terms.seconds)
        except Exception as error:  # noqa: BLE001 - the worker door: the database may be away for a while
            _log.warning("leases_not_renewed", leases=len(due), error=type(error).__name__)
            return
        for hold in due:
            if (hold.lease.row_id, hold.lease.lease_id) in renewed:
                hold.prolong(asked_at)
            else:
                hold.lose()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self.terms.look_seconds):
                await self._closing.wait()
        except TimeoutError:
            return
