"""Each moment of a rhythm is taken once, and moments that were missed count as one."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue


@pytest.fixture
def make_runner(worker_context):
    from tenants_worker.tasks.ticks import Tick, TickRunner

    def make(run):
        return TickRunner(worker_context, frozenset({Queue.ACCESS}), [Tick("test", 5, Queue.ACCESS, run)])

    return make


async def test_many_schedulers_run_a_moment_once_h2(make_runner, clock):
    runs = []

    async def run(_context, now):
        runs.append(now)

    runners = [make_runner(run) for _ in range(6)]
    await asyncio.gather(*(runner.run_due() for runner in runners))
    assert len(runs) == 1
    clock.advance(seconds=5)
    await asyncio.gather(*(runner.run_due() for runner in runners))
    assert len(runs) == 2


async def test_moments_missed_for_two_hours_are_made_up_for_once_h1(make_runner, clock):
    runs = []

    async def run(_context, now):
        runs.append(now)

    runner = make_runner(run)
    await runner.run_due()
    clock.advance(hours=2)
    for _ in range(3):
        await runner.run_due()
    assert len(runs) == 2


async def test_a_failing_tick_comes_again_at_its_next_moment(make_runner, clock):
    runs = []

    async def run(_context, now):
        runs.append(now)
        if len(runs) == 1:
            raise ValueError("boom")

    runner = make_runner(run)
    await runner.run_due()
    clock.advance(seconds=5)
    await runner.run_due()
    assert len(runs) == 2


async def test_a_moment_that_the_database_missed_is_taken_when_it_is_back(worker_context):
    from tenants_worker.tasks.ticks import Tick, TickRunner

    runs = []

    async def run(_context, now):
        runs.append(now)

    runner = TickRunner(worker_context, frozenset({Queue.ACCESS}), [Tick("test", 600, Queue.ACCESS, run)])
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    runner._context = replace(worker_context, database=gone)
    with pytest.raises(OSError, match="Connect call failed"):
        await runner.run_due()
    await gone.close()
    runner._context = worker_context
    await runner.run_due()
    assert len(runs) == 1


async def test_workers_of_other_queues_leave_a_rhythm_alone(worker_context):
    from tenants_worker.tasks.ticks import Tick, TickRunner

    async def run(_context, _now):
        raise AssertionError("not ours")

    runner = TickRunner(worker_context, frozenset({Queue.MONEY}), [Tick("test", 5, Queue.ACCESS, run)])
    assert await runner.run_due() == 0
