"""Short leases that a living process renews: nobody else begins while it works, and it stops in time when it cannot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest

from lumenpay.db.dispatch import HeldRow, renew_leases
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import CheckPayment, Queue
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.inbox import NORMAL_LANE
from tests.factories.tenants import message_update
from tests.support.waiting import until

KINDS = ("job", "update")
NOWHERE = "postgresql+asyncpg://lumenpay_app:x@127.0.0.1:1/lumenpay"


@dataclass
class Desk:
    """Whoever handles something sits here until told; says who is here at once and who was sent away."""

    sql: Any
    may_go: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0
    most: int = 0
    begun: int = 0
    sent_away: int = 0
    was_ours: list[bool] = field(default_factory=list)

    async def __call__(self, *_: object) -> None:
        self.begun += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.may_go.wait()
        except asyncio.CancelledError:
            self.sent_away += 1
            self.was_ours.append(await self.sql.fetchval(IS_HELD))
            raise
        finally:
            self.inside -= 1


IS_HELD = """
    SELECT (SELECT coalesce(bool_or(leased_until > clock_timestamp()), false) FROM jobs)
        OR (SELECT coalesce(bool_or(leased_until > clock_timestamp()), false) FROM bot_inboxes)
"""
ENDS_AT = "SELECT greatest((SELECT max(leased_until) FROM jobs), (SELECT max(leased_until) FROM bot_inboxes))"
IS_DONE = """
    SELECT (SELECT count(*) FROM jobs WHERE status = 'done')
         + (SELECT count(*) FROM telegram_updates WHERE status = 'handled')
"""
INGEST = "SELECT ingest_updates($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::bytea[], now())"


@dataclass
class Process:
    """What one worker process does, with leases of its own."""

    runner: Any
    drain: Any
    keeper: Any

    async def work(self) -> int:
        """Take what is due and do it."""
        return await self.runner.run_due(Queue.MONEY) + await self.drain.run_due(NORMAL_LANE)


@pytest.fixture
def desk(sql) -> Desk:
    return Desk(sql)


@pytest.fixture
def make_process(worker_context, desk, postgres_urls):
    """Make worker processes; one whose renewals lead nowhere has lost the database for them."""
    from tenants_worker.inbox_drain import InboxDrain
    from tenants_worker.job_runner import JobRunner
    from tenants_worker.leases import LeaseKeeper, LeaseTerms

    @asynccontextmanager
    async def make(*, url: str = postgres_urls.app, **terms: float) -> AsyncIterator[Process]:
        chosen = {"seconds": 3, "renew_after_seconds": 0.4, "margin_seconds": 1.0, "look_seconds": 0.1, **terms}
        keeper = LeaseKeeper(Database(url, pool_size=1), LeaseTerms(**chosen))
        context = replace(worker_context, leases=keeper)
        serving = asyncio.create_task(keeper.serve())
        yield Process(JobRunner(context, {CheckPayment: desk}), InboxDrain(context, desk), keeper)
        desk.may_go.set()
        await keeper.close()
        await serving

    return make


@pytest.fixture
def bring(database, factory, clock, deliver):
    """Bring one piece of work of a kind."""

    async def bring_one(kind: str) -> None:
        bot = await factory.bot()
        if kind == "update":
            await deliver(bot, message_update(1))
            return
        async with database.tenant(bot.tenant_id) as session:
            await enqueue(session, CheckPayment(uuid4()), now=clock.now())

    return bring_one


@pytest.mark.parametrize("kind", KINDS)
async def test_work_that_is_longer_than_its_lease_is_nobody_elses_while_its_process_lives(
    make_process, bring, desk, sql, kind
):
    await bring(kind)
    async with make_process() as one, make_process() as other:
        working = asyncio.create_task(one.work())
        await until(lambda: desk.inside)
        first_end = await sql.fetchval(ENDS_AT)

        async def has_outlived_its_lease() -> bool:
            assert await other.work() == 0
            return await sql.fetchval("SELECT clock_timestamp() > $1::timestamptz + interval '1 second'", first_end)

        await until(has_outlived_its_lease, seconds=15)
        desk.may_go.set()
        await working
    assert (desk.begun, desk.most, desk.sent_away) == (1, 1, 0)
    assert await sql.fetchval(IS_DONE) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_work_whose_lease_cannot_be_renewed_is_stopped_before_anybody_else_may_begin(
    make_process, bring, desk, sql, kind
):
    """F8; with a turn that outlives its lease, two workers would handle one chat at the same time."""
    await bring(kind)
    async with make_process(url=NOWHERE) as one, make_process() as other:
        working = asyncio.create_task(one.work())
        await until(lambda: desk.inside)
        ends_at = await sql.fetchval(ENDS_AT)
        # What was stopped is given back at once; here it stays leased, as when the whole database is away.
        await sql.execute(f"UPDATE {'jobs' if kind == 'job' else 'bot_inboxes'} SET lease_id = gen_random_uuid()")
        taking = asyncio.create_task(_take(other, desk, 2))
        await until(lambda: desk.begun == 2, seconds=15, what="somebody else to begin")
        assert await sql.fetchval("SELECT clock_timestamp() > $1::timestamptz", ends_at)
        assert (desk.most, desk.sent_away, desk.was_ours) == (1, 1, [True])
        desk.may_go.set()
        await asyncio.gather(working, taking)
    assert await sql.fetchval(IS_DONE) == 1


async def _take(process: Process, desk: Desk, begun: int) -> None:
    while desk.begun < begun:
        await process.work()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_process_whose_lease_was_taken_stops_at_its_next_heartbeat_and_stores_nothing(
    make_process, bring, desk, sql, kind
):
    """F8: as after a pause of the whole process, whose own clock says nothing of it."""
    await bring(kind)
    table = "jobs" if kind == "job" else "bot_inboxes"
    async with make_process(seconds=60, renew_after_seconds=0.1) as process:
        working = asyncio.create_task(process.work())
        await until(lambda: desk.inside)
        await sql.execute(f"UPDATE {table} SET lease_id = gen_random_uuid(), leased_until = now() + interval '1 hour'")
        before = await sql.fetch(f"SELECT * FROM {table}"), await sql.fetch("SELECT * FROM telegram_updates")
        began_at = time.monotonic()
        await working
    assert desk.sent_away == 1
    assert time.monotonic() - began_at < 5
    assert (await sql.fetch(f"SELECT * FROM {table}"), await sql.fetch("SELECT * FROM telegram_updates")) == before


async def test_short_work_needs_no_renewal(make_process, bring, desk, sql):
    desk.may_go.set()
    for _ in range(5):
        await bring("job")
    async with make_process(url=NOWHERE) as process:
        assert await process.work() == 5
    assert await sql.fetchval(IS_DONE) == 5


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE jobs SET leased_until = clock_timestamp() - interval '1 ms'",
        "UPDATE jobs SET leased_until = NULL",
        "UPDATE jobs SET status = 'done'",
        "UPDATE jobs SET lease_id = gen_random_uuid()",
        "UPDATE bot_inboxes SET leased_until = clock_timestamp() - interval '1 ms'",
        "UPDATE bot_inboxes SET lease_id = NULL",
    ],
)
async def test_only_a_lease_that_still_holds_is_renewed(make_process, bring, database, sql, change):
    for kind in KINDS:
        await bring(kind)
    async with make_process() as process:
        (job,) = await process.runner.claim(Queue.MONEY, 1)
        (turn,) = await process.drain.claim(NORMAL_LANE, 1)
    rows = [
        HeldRow(job.tenant_id, job.job_id, None, job.lease_id),
        HeldRow(turn.tenant_id, turn.bot_id, turn.lane, turn.lease_id),
        HeldRow(turn.tenant_id, turn.bot_id, 1 - turn.lane, turn.lease_id),
    ]
    held = {(row.row_id, row.lease_id) for row in rows}
    assert await renew_leases(database, rows=rows, lease_seconds=60) == held
    assert await sql.fetchval("SELECT min(leased_until) > clock_timestamp() + interval '50 s' FROM jobs")
    assert await sql.fetchval("SELECT min(leased_until) > clock_timestamp() + interval '50 s' FROM bot_inboxes")
    await sql.execute(change)
    before = await sql.fetch(f"SELECT * FROM {change.split()[1]}")
    assert len(await renew_leases(database, rows=rows, lease_seconds=60)) == 1
    assert await sql.fetch(f"SELECT * FROM {change.split()[1]}") == before


async def test_renewals_and_arriving_updates_do_not_deadlock(make_process, database, deliver, factory, sql):
    bots = [await factory.bot() for _ in range(12)]
    for bot in bots:
        await deliver(bot, message_update(1))
    async with make_process() as process:
        turns = await process.drain.claim(NORMAL_LANE, 12)
    rows = [HeldRow(turn.tenant_id, turn.bot_id, turn.lane, turn.lease_id) for turn in turns]

    async def renew() -> None:
        for number in range(40):
            shuffled = rows[number % 12 :] + rows[: number % 12]
            assert len(await renew_leases(database, rows=shuffled, lease_seconds=60)) == 12

    async def arrive() -> None:
        for number in range(2, 42):
            batch = bots[number % 12 :] + bots[: number % 12]
            await sql.execute(
                INGEST, [bot.tenant_id for bot in batch], [bot.id for bot in batch], [number] * 12, [NORMAL_LANE] * 12,
                [message_update(number)] * 12,
            )  # fmt: skip
            await sql.execute("UPDATE bot_inboxes SET waiting_since = NULL WHERE bot_id = $1", batch[0].id)

    await asyncio.gather(renew(), renew(), arrive())
