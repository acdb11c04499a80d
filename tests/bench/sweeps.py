"""What a due row costs among a hundred times as many subscriptions; `python -m tests.bench.sweeps`: only this."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from lumenpay.access.removal import decide_membership_removal, record_removed
from lumenpay.db import dispatch
from lumenpay.db.session import Database
from lumenpay.jobs import repository as jobs
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import JobId, LeaseId
from lumenpay.models.jobs import JobStatus
from lumenpay.staff.rules import INVARIANTS
from lumenpay.subscriptions.charges import take_due_step
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.pausing import take_due_pause_step
from lumenpay.subscriptions.reminders import claim_reminder
from tests.bench.sweep_rows import DUE, KINDS, TENANTS, clear, make_due, open_tenants, seed

if TYPE_CHECKING:
    from tests.bench.ground import Ground

FEW, MANY = 10_000, 1_000_000
ROUNDS, WORST_RATIO = 5, 1.5
CLAIMED_AT_ONCE, OF_A_TENANT, LEASE_SECONDS = 40, 10, 60
Listing = Callable[..., Awaitable[Any]]
Act = Callable[..., Awaitable[object]]
_SWEEPERS: dict[str, tuple[Listing, Act]] = {
    "expiry": (dispatch.list_due_expiries, expire_subscription),
    "reminder": (dispatch.list_due_reminders, claim_reminder),
    "notice of a charge": (dispatch.list_due_autopays, take_due_step),
    "charge": (dispatch.list_due_autopays, take_due_step),
    "end of a pause": (dispatch.list_due_pauses, take_due_pause_step),
}


@dataclass
class Sweeps:
    """Milliseconds of processor of each due row, looked for and acted on, with few and with many subscriptions.

    Ours and the database's: what else the machine does meanwhile counts for nothing.
    """

    milliseconds: dict[tuple[str, int], float] = field(default_factory=dict)
    invariants: dict[str, float] = field(default_factory=dict)
    """Seconds of each check with many."""

    def ratio(self, kind: str) -> float:
        """Return how much dearer a due row is among many."""
        return self.milliseconds[kind, MANY] / self.milliseconds[kind, FEW]


def measure_sweeps(ground: Ground) -> Sweeps:
    """Seed few subscriptions, claim what is due, seed many, and claim as much again."""
    return asyncio.run(_measure(ground))


async def _measure(ground: Ground) -> Sweeps:
    seen, database = Sweeps(), Database(ground.stores.database_url)
    superuser = await ground.connect_superuser()
    await open_tenants(superuser)
    first = 1
    for count in (FEW, MANY):
        await seed(superuser, first, count)
        first = count + 1
        for kind in KINDS:
            rounds = [await _claim(database, superuser, kind) for _ in range(ROUNDS)]
            # The quickest one: what else the machine does only ever adds.
            seen.milliseconds[kind, count] = min(rounds) * 1000 / DUE
    for name in INVARIANTS:
        begun_at = time.perf_counter()
        # One that the database cancels has taken as long as anything may.
        with suppress(DBAPIError):
            await dispatch.list_broken_rows(database, check=name, now=datetime.now(UTC), limit=100)  # noqa: TID251 - times it
        seen.invariants[name] = time.perf_counter() - begun_at
    await clear(superuser)
    await superuser.close()
    await database.close()
    return seen


async def _claim(database: Database, superuser: Any, kind: str) -> float:
    """Make rows due, and return the seconds of processor that it takes to find and to deal with them."""
    now = datetime.now(UTC)  # noqa: TID251 - a measurement
    await make_due(superuser, kind, now.isoformat())
    before = await _seconds_used(superuser)
    done = await (_remove(database, now) if kind == "removal" else _sweep(database, kind, now))
    seconds = await _seconds_used(superuser) - before
    assert done == DUE, f"{done} of {kind}"
    # What follows is the workers' business, and no other round's.
    await superuser.execute("TRUNCATE jobs, subscription_charges")
    return seconds


async def _seconds_used(superuser: Any) -> float:
    """Return how long this process and the connections that it works with have used a processor."""
    backends = await superuser.fetch(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    return time.process_time() + sum(_seconds_of(row["pid"]) for row in backends)


def _seconds_of(pid: int) -> float:
    # The second field, the name, may have spaces in it; user and system time are the 14th and the 15th.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _sweep(database: Database, kind: str, now: datetime) -> int:
    listing, act = _SWEEPERS[kind]
    due = await listing(database, now=now, limit=DUE)
    for tenant_id, row_id in due:
        async with database.tenant(tenant_id) as session:
            await act(session, subscription_id=row_id, now=now)
    return len(due)


async def _remove(database: Database, now: datetime) -> int:
    """Claim removals as workers do, and decide and store each of them; Telegram is another matter."""
    done = 0
    lease_id = LeaseId(new_uuid7())
    claim = partial(
        dispatch.claim_jobs, database, queue="access", lease_id=lease_id, lease_seconds=LEASE_SECONDS,
        limit=CLAIMED_AT_ONCE, per_tenant=OF_A_TENANT,
    )  # fmt: skip
    while claimed := await claim():
        for tenant_id, job_id in claimed:
            async with database.tenant(tenant_id) as session:
                job = await jobs.find_leased_job(session, JobId(job_id), lease_id=lease_id)
                assert job is not None
                membership_id = UUID(job.payload["membership_id"])
                await decide_membership_removal(session, membership_id, now=now)
            async with database.tenant(tenant_id) as session:
                await record_removed(session, membership_id, now=now)
                await jobs.finish_job(
                    session, JobId(job_id), lease_id=lease_id, status=JobStatus.DONE, error="", now=now
                )
            done += 1
    return done


def main() -> int:
    """Measure on stores of their own and print this part of the report; not 0 when something misses its goal."""
    from rich.console import Console

    from tests.bench.ground import open_ground
    from tests.bench.report import Report

    report = Report()
    with open_ground() as ground:
        ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(TENANTS)])
        report.add_sweeps(measure_sweeps(ground))
    report.print(Console())
    return report.missed


if __name__ == "__main__":
    sys.exit(main())
