"""A storm of schedulers, as of a process manager gone mad: each moment is still run once (H2)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from lumenpay.jobs.catalogue import Queue
from tenants_worker.tasks.ticks import Tick, TickRunner

LONG = [pytest.mark.long, pytest.mark.timeout(600)]
AT_ONCE = 40


@pytest.mark.parametrize("launches", [pytest.param(240, id="small"), pytest.param(32_000, id="long", marks=LONG)])
async def test_of_thousands_of_launches_one_runs_the_moment_h2(worker_context: Any, clock: Any, launches: int) -> None:
    runs = []

    async def run(_context: Any, now: Any) -> None:
        runs.append(now)

    async def launch() -> None:
        # A process that has just begun knows nothing of the others.
        await TickRunner(worker_context, frozenset({Queue.ACCESS}), [Tick("test", 5, Queue.ACCESS, run)]).run_due()

    for moments in (1, 2):
        for _ in range(launches // 2 // AT_ONCE):
            await asyncio.gather(*(launch() for _ in range(AT_ONCE)))
        assert len(runs) == moments
        clock.advance(seconds=5)
