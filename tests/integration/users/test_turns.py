"""Costly readings of one tenant take turns, and leave the rest of the process to everything else."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from control_plane.turnstile import AT_ONCE, TooManyReadingsError, Turnstile
from lumenpay.models.ids import TenantId
from tests.support.desk import Desk
from tests.support.waiting import until

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'people_days'::regclass"


async def test_only_a_few_costly_readings_of_a_tenant_are_at_work_at_once_k5(
    desk: Desk, sql: asyncpg.Connection[Any]
) -> None:
    async def are_waiting() -> bool:
        return await sql.fetchval(_WAITING) == AT_ONCE

    async with sql.transaction():
        await sql.execute("LOCK TABLE people_days IN ACCESS EXCLUSIVE MODE")
        asked = [asyncio.ensure_future(desk.ask("GET", "/analytics/dashboard")) for _ in range(3 * AT_ONCE)]
        await until(are_waiting, what="as many are at work as may be")
        # The process has room for everything else.
        assert (await desk.ask("GET", "")).status == 200
        assert await are_waiting()
    assert [(await one).status for one in asked] == [200] * len(asked)


async def test_whoever_had_no_turn_for_long_is_told_to_come_back_and_other_tenants_are_not_kept_k5() -> None:
    turnstile, tenant, other = Turnstile(wait_seconds=0.01), TenantId(uuid4()), TenantId(uuid4())
    is_over = asyncio.Event()

    async def read() -> None:
        async with turnstile.turn(tenant):
            await is_over.wait()

    reading = [asyncio.ensure_future(read()) for _ in range(AT_ONCE)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyReadingsError) as refused:
        async with turnstile.turn(tenant):
            pytest.fail("there was no turn left")
    assert refused.value.retry_after_seconds
    async with turnstile.turn(other):
        is_over.set()
    await asyncio.gather(*reading)
    async with turnstile.turn(tenant):
        pass
