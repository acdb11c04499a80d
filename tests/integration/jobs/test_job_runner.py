"""Recorded jobs are done once, come back after failures, die visibly, and no tenant can starve another."""

from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from lumenpay.errors import UnavailableError
from lumenpay.jobs.catalogue import CheckPayment, Queue
from lumenpay.jobs.errors import JobPostponed, JobRefused
from lumenpay.jobs.repository import list_dead_jobs, replay_dead_jobs, replay_job
from lumenpay.kit.paging import PageRequest
from tests.support.waiting import until

MAKE_DUE = "UPDATE jobs SET run_at = now() - interval '1 second' WHERE status = 'ready'"


class Recorder:
    """A handler that notes what it was given and does as told."""

    def __init__(self, *outcomes: BaseException | None) -> None:
        self.seen: list[UUID] = []
        self._outcomes = list(outcomes)

    async def __call__(self, _context: object, payload: CheckPayment) -> None:
        self.seen.append(payload.payment_id)
        outcome = self._outcomes.pop(0) if self._outcomes else None
        if outcome is not None:
            raise outcome


async def test_a_job_is_done_once_and_kept_as_done(make_runner, record, factory, sql):
    handler, payment = Recorder(), uuid4()
    await record(await factory.tenant(), CheckPayment(payment))
    runner = make_runner(handler)
    assert await runner.run_due(Queue.MONEY) == 1
    assert await runner.run_due(Queue.MONEY) == 0
    assert handler.seen == [payment]
    assert await sql.fetchval("SELECT status FROM jobs") == "done"


async def test_a_job_of_a_rolled_back_transaction_never_existed(database, factory, clock, sql):
    from lumenpay.jobs.outbox import enqueue

    tenant = await factory.tenant()

    async def fail() -> None:
        async with database.tenant(tenant) as session:
            await enqueue(session, CheckPayment(uuid4()), now=clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await sql.fetchval("SELECT count(*) FROM jobs") == 0


@pytest.mark.parametrize(
    ("error", "least_seconds"), [(ValueError("boom"), 1), (UnavailableError("later", retry_after_seconds=40), 40)]
)
async def test_a_failed_job_comes_back_later_with_its_redacted_error(
    make_runner, record, factory, sql, clock, error, least_seconds
):
    error.args = (f"{error} 123456789:{'A' * 35}",)
    # The claim goes by the database's own clock: a second of a busy machine must not make the job due.
    runner = make_runner(Recorder(error))
    await record(await factory.tenant(), CheckPayment(uuid4()))
    clock.advance(hours=1)
    await runner.run_due(Queue.MONEY)
    assert await runner.run_due(Queue.MONEY) == 0
    row = await sql.fetchrow("SELECT * FROM jobs")
    assert (row["status"], row["attempts"], row["leased_until"]) == ("ready", 1, None)
    assert "AAAA" not in row["last_error"]
    assert least_seconds <= (row["run_at"] - clock.now()).total_seconds() <= least_seconds * 1.25 + 1
    await sql.execute(MAKE_DUE)
    assert await runner.run_due(Queue.MONEY) == 1
    assert await sql.fetchval("SELECT status FROM jobs") == "done"


async def test_an_error_text_that_postgresql_refuses_does_not_keep_the_job_leased(make_runner, record, factory, sql):
    runner = make_runner(Recorder(ValueError("nul \x00 and surrogate \ud800")))
    await record(await factory.tenant(), CheckPayment(uuid4()))
    await runner.run_due(Queue.MONEY)
    assert await sql.fetchval("SELECT leased_until IS NULL AND last_error LIKE 'ValueError%' FROM jobs")


async def test_a_job_that_keeps_failing_dies_visibly_and_works_again_after_a_replay(
    make_runner, record, factory, sql, database, clock
):
    tenant, handler = await factory.tenant(), Recorder(ValueError("boom"))
    await record(tenant, CheckPayment(uuid4()))
    await sql.execute("UPDATE jobs SET attempts = $1", CheckPayment.max_attempts - 1)
    runner = make_runner(handler)
    await runner.run_due(Queue.MONEY)
    async with database.tenant(tenant) as session:
        (dead,) = (await list_dead_jobs(session, PageRequest())).items
        assert "boom" in dead.last_error
        await replay_job(session, dead.id, now=clock.now())
    await runner.run_due(Queue.MONEY)
    assert await sql.fetchval("SELECT status FROM jobs") == "done"


async def test_an_outage_of_hours_uses_up_no_job_and_what_is_wrong_with_it_still_does_e6(
    make_runner, record, factory, sql, clock
):
    await record(await factory.tenant(), CheckPayment(uuid4()))
    outage = make_runner(Recorder(*[UnavailableError("away") for _ in range(60)]))
    for _ in range(60):
        await sql.execute(MAKE_DUE)
        assert await outage.run_due(Queue.MONEY) == 1
        pause = await sql.fetchval("SELECT run_at FROM jobs") - clock.now()
        assert pause.total_seconds() <= 300 * 1.25
        clock.advance(minutes=5)
    assert await sql.fetchval("SELECT status FROM jobs") == "ready"
    broken = make_runner(Recorder(*[ValueError("boom") for _ in range(30)]))
    for _ in range(30):
        await sql.execute(MAKE_DUE)
        await broken.run_due(Queue.MONEY)
    row = await sql.fetchrow("SELECT status, attempts FROM jobs")
    assert (row["status"], row["attempts"]) == ("dead", CheckPayment.max_attempts)


async def test_an_outage_that_outlasts_three_days_ends_in_a_dead_job(make_runner, record, factory, sql, clock):
    await record(await factory.tenant(), CheckPayment(uuid4()))
    clock.advance(days=3)
    runner = make_runner(Recorder(*[UnavailableError("away") for _ in range(30)]))
    for _ in range(30):
        await sql.execute(MAKE_DUE)
        await runner.run_due(Queue.MONEY)
    assert await sql.fetchval("SELECT status FROM jobs") == "dead"


async def test_dead_jobs_of_one_kind_go_back_to_work_together_and_others_stay_dead(
    make_runner, record, factory, sql, database, clock
):
    tenant, other = await factory.tenant(), await factory.tenant()
    await record(tenant, *(CheckPayment(uuid4()) for _ in range(3)))
    await record(other, CheckPayment(uuid4()))
    await make_runner(Recorder(*[JobRefused("never") for _ in range(4)])).run_due(Queue.MONEY)
    await sql.execute("UPDATE jobs SET kind = 'payments.open' WHERE id = (SELECT min(id::text)::uuid FROM jobs)")
    async with database.tenant(tenant) as session:
        count = await replay_dead_jobs(session, kind=CheckPayment.kind, limit=10, now=clock.now())
    states = await sql.fetch("SELECT status, attempts FROM jobs WHERE tenant_id = $1 ORDER BY status", tenant)
    assert count == 2
    assert states == [("dead", 1), ("ready", 0), ("ready", 0)]
    assert await sql.fetchval("SELECT status FROM jobs WHERE tenant_id = $1", other) == "dead"


async def test_a_refused_job_is_dead_at_once(make_runner, record, factory, sql):
    await record(await factory.tenant(), CheckPayment(uuid4()))
    await make_runner(Recorder(JobRefused("never"))).run_due(Queue.MONEY)
    assert await sql.fetchrow("SELECT status, last_error FROM jobs") == ("dead", "never")


async def test_a_job_whose_tries_never_end_is_dead_before_it_takes_down_another_worker(
    make_runner, record, factory, sql
):
    handler = Recorder()
    await record(await factory.tenant(), CheckPayment(uuid4()))
    await sql.execute("UPDATE jobs SET attempts = $1", CheckPayment.max_attempts)
    await make_runner(handler).run_due(Queue.MONEY)
    assert handler.seen == []
    assert await sql.fetchval("SELECT status FROM jobs") == "dead"


async def test_a_postponed_job_does_not_use_up_its_tries(make_runner, record, factory, sql):
    await record(await factory.tenant(), CheckPayment(uuid4()))
    runner = make_runner(Recorder(*[JobPostponed("paused", retry_after_seconds=30) for _ in range(3)]))
    for _ in range(3):
        await sql.execute(MAKE_DUE)
        assert await runner.run_due(Queue.MONEY) == 1
    assert await sql.fetchval("SELECT attempts FROM jobs") == 0


@pytest.mark.parametrize(
    "change", ["UPDATE jobs SET kind = 'payments.of_tomorrow'", "UPDATE jobs SET payload_version = 9"]
)
async def test_a_job_written_by_a_newer_process_waits_for_a_newer_worker_f5(make_runner, record, factory, sql, change):
    handler = Recorder()
    await record(await factory.tenant(), CheckPayment(uuid4()))
    await sql.execute(change)
    await make_runner(handler).run_due(Queue.MONEY)
    assert handler.seen == []
    assert await sql.fetchrow("SELECT status, attempts FROM jobs") == ("ready", 0)


async def test_a_worker_that_lost_its_lease_changes_nothing(make_runner, record, factory, sql):
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_context: object, _payload: CheckPayment) -> None:
        began.set()
        await may_end.wait()

    await record(await factory.tenant(), CheckPayment(uuid4()))
    late = asyncio.ensure_future(make_runner(slow).run_due(Queue.MONEY))
    await began.wait()
    await sql.execute("UPDATE jobs SET leased_until = now() - interval '1 second'")
    other = Recorder(UnavailableError("later"))
    assert await make_runner(other).run_due(Queue.MONEY) == 1
    before = await sql.fetchrow("SELECT * FROM jobs")
    may_end.set()
    await late
    assert await sql.fetchrow("SELECT * FROM jobs") == before
    assert before["status"] == "ready"


async def test_a_worker_that_lost_its_lease_does_not_end_the_other_ones_try(make_runner, record, factory, sql):
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_context: object, _payload: CheckPayment) -> None:
        began.set()
        await may_end.wait()

    await record(await factory.tenant(), CheckPayment(uuid4()))
    late = asyncio.ensure_future(make_runner(slow).run_due(Queue.MONEY))
    await began.wait()
    await sql.execute("UPDATE jobs SET leased_until = now() - interval '1 second'")
    (other,) = await make_runner(Recorder()).claim(Queue.MONEY, 1)
    may_end.set()
    await late
    assert await sql.fetchrow("SELECT status, lease_id, leased_until > now() FROM jobs") == (
        "ready", other.lease_id, True,
    )  # fmt: skip


async def test_a_killed_workers_job_is_done_after_its_lease(make_runner, record, factory, sql):
    tenant, handler = await factory.tenant(), Recorder()
    await record(tenant, CheckPayment(uuid4()))
    runner = make_runner(handler)
    assert len(await runner.claim(Queue.MONEY, 10)) == 1  # claimed and never run, as by a worker that was killed
    assert await runner.run_due(Queue.MONEY) == 0
    await sql.execute("UPDATE jobs SET leased_until = now() - interval '1 second'")
    assert await runner.run_due(Queue.MONEY) == 1
    assert len(handler.seen) == 1


async def test_an_interrupted_job_is_given_back_at_once(make_runner, record, factory, sql):
    began = asyncio.Event()

    async def endless(_context: object, _payload: CheckPayment) -> None:
        began.set()
        await asyncio.Event().wait()

    await record(await factory.tenant(), CheckPayment(uuid4()))
    running = asyncio.ensure_future(make_runner(endless).run_due(Queue.MONEY))
    await began.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    handler = Recorder()
    await sql.execute(MAKE_DUE)
    assert await make_runner(handler).run_due(Queue.MONEY) == 1
    assert await sql.fetchrow("SELECT status, attempts FROM jobs") == ("done", 1)


async def test_a_flooding_tenant_does_not_delay_the_others(make_runner, record, factory):
    flooding, modest = await factory.tenant(), [await factory.tenant() for _ in range(3)]
    await record(flooding, *(CheckPayment(uuid4()) for _ in range(300)))
    for tenant in modest:
        await record(tenant, CheckPayment(uuid4()))
    claims = Counter(job.tenant_id for job in await make_runner(Recorder()).claim(Queue.MONEY, 40))
    assert all(claims[tenant] == 1 for tenant in modest)
    assert claims[flooding] == 10


async def test_a_tenant_whose_gateway_hangs_leaves_room_for_the_others(make_runner, record, factory, sql):
    flooding, may_end = await factory.tenant(), asyncio.Event()
    seen = Counter()

    async def hang(context, _payload: CheckPayment) -> None:
        seen[context.tenant_id] += 1
        if context.tenant_id == flooding:
            await may_end.wait()

    await record(flooding, *(CheckPayment(uuid4()) for _ in range(30)))
    runner = make_runner(hang)
    turns = [asyncio.ensure_future(runner.run_due(Queue.MONEY)) for _ in range(3)]
    await until(lambda: seen[flooding] >= 10)
    other = await factory.tenant()
    await record(other, CheckPayment(uuid4()))
    assert await runner.run_due(Queue.MONEY) >= 1
    assert (seen[other], seen[flooding]) == (1, 10)
    may_end.set()
    await asyncio.gather(*turns)


async def test_waiting_jobs_with_one_key_are_one_and_a_running_one_does_not_count(make_runner, record, factory, sql):
    tenant, payment = await factory.tenant(), CheckPayment(uuid4())

    async def ask_again(context, payload: CheckPayment) -> None:
        if context.attempts == 1 and not seen:
            await record(tenant, payment, dedupe_key="one")
        seen.append(payload.payment_id)

    seen: list[UUID] = []
    await record(tenant, payment, payment, dedupe_key="one")
    assert await sql.fetchval("SELECT count(*) FROM jobs") == 1
    runner = make_runner(ask_again)
    while await runner.run_due(Queue.MONEY):
        pass
    assert len(seen) == 2


async def test_a_retried_job_and_a_newer_one_with_its_key_can_both_wait(make_runner, record, factory, sql):
    tenant, payment = await factory.tenant(), CheckPayment(uuid4())
    await record(tenant, payment, dedupe_key="one")
    await make_runner(Recorder(ValueError())).run_due(Queue.MONEY)
    await record(tenant, payment, dedupe_key="one")
    assert await sql.fetchval("SELECT count(*) FROM jobs WHERE status = 'ready'") == 2
