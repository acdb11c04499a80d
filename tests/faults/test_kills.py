"""Whoever paid is inside, once, whatever was killed meanwhile. `LUMENPAY_FAULT_SEED` repeats a run's order of kills."""

from __future__ import annotations

import asyncio
import os
import random
import time
from contextlib import AsyncExitStack

import pytest

from operations.story.doors import Doors
from tests.faults.crowd import Crowd, open_shops
from tests.faults.killer import Killer
from tests.faults.stage import raised_stage
from tests.faults.verdict import judge

LONG = [pytest.mark.long, pytest.mark.timeout(1800)]


def _choose_seed() -> int:
    return int(os.environ.get("LUMENPAY_FAULT_SEED") or random.SystemRandom().randrange(10**6))


async def _play(*, payments: int, kills: int, shops: int, at_once: int, has_valkey: bool) -> None:
    seed, begun_at = _choose_seed(), time.monotonic()
    print(f"\nseed {seed}: {payments} payments, {kills} kills, Valkey {'on' if has_valkey else 'off'}")
    async with raised_stage(has_valkey=has_valkey) as stage, AsyncExitStack() as stack:
        doors = await stack.enter_async_context(Doors(stage.addresses))
        crowd = Crowd(await open_shops(stack, stage.addresses, count=shops), doors)
        killer, turnstile = Killer(stage, seed), asyncio.Semaphore(at_once)
        opened_at = time.monotonic()

        async def buy(number: int) -> None:
            async with turnstile:
                await crowd.buy(number, seconds=180)

        async with asyncio.TaskGroup() as group:
            group.create_task(killer.run(kills, lambda: crowd.paid / payments))
            for number in range(payments):
                group.create_task(buy(number))
        bought_at = time.monotonic()
        verdict = await judge(doors, stage.superuser_url)
        print(
            f"{verdict}\nkilled {dict(killer.kills)}, restarts {stage.supervisor.restarts}; set up "
            f"{opened_at - begun_at:.0f} s, bought in {bought_at - opened_at:.0f} s"
        )
        assert verdict.is_sound, verdict
        assert verdict.payments == payments == len(crowd.insiders)
        assert killer.kills.total() == kills


@pytest.mark.xdist_group("stage")
@pytest.mark.parametrize(
    ("payments", "kills", "at_once"),
    [
        pytest.param(14, 4, 8, id="small", marks=pytest.mark.timeout(240)),
        pytest.param(300, 60, 12, id="long", marks=LONG),
    ],
)
async def test_everyone_who_paid_is_inside_once_after_kills_of_everything(payments, kills, at_once):
    await _play(payments=payments, kills=kills, shops=3 if kills > 10 else 2, at_once=at_once, has_valkey=True)


@pytest.mark.xdist_group("stage")
@pytest.mark.parametrize(
    ("payments", "kills", "at_once"),
    [
        pytest.param(8, 2, 4, id="small", marks=pytest.mark.timeout(240)),
        pytest.param(300, 60, 12, id="long", marks=LONG),
    ],
)
async def test_everyone_who_paid_is_inside_once_without_valkey(payments, kills, at_once):
    await _play(payments=payments, kills=kills, shops=3 if kills > 10 else 2, at_once=at_once, has_valkey=False)
