"""One tenant with a million subscriptions: how long its figures and its lists take over HTTP."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import aiohttp

from lumenpay.analytics.closing import close_days
from lumenpay.db.session import Database
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import TenantId
from operations.stack import api_spec
from tests.bench.big_tenant_rows import DAYS, seed_big_tenant
from tests.bench.ground import Ground
from tests.bench.lists import questions

FIGURES = ("dashboard", "mrr", "churn", "ltv", "cohorts", "funnel", "sources", "export")
_TIMES = 7
"""PostgreSQL plans a statement for its values five times, and then may plan it once for all: both are looked at."""
_DAY = 86_400


@dataclass(frozen=True)
class BigTenant:
    """Seconds of each question: the slower one of the medians before and after plans may have become general."""

    seeding: float
    closing: float
    figures: dict[str, float]
    lists: dict[str, float]


def measure_big_tenant(ground: Ground) -> BigTenant:
    """Seed the tenant, close its days, and ask everything over HTTP."""
    tenant_id, begun_at = TenantId(new_uuid7()), time.perf_counter()
    token = asyncio.run(seed_big_tenant(ground, tenant_id))
    seeding = time.perf_counter() - begun_at
    closing = asyncio.run(_close(ground, tenant_id))
    port = ground.port("api")
    child = ground.start(api_spec(ground.environment(), port=port))
    try:
        figures, lists = asyncio.run(_ask(port, tenant_id, token))
    finally:
        child.stop()
    return BigTenant(seeding, closing, figures, lists)


async def _close(ground: Ground, tenant_id: TenantId) -> float:
    database, begun_at, is_more = Database(ground.stores.database_url), time.perf_counter(), True
    now = datetime.now(UTC)  # noqa: TID251 - a measurement
    while is_more:
        async with database.tenant(tenant_id) as session:
            is_more = await close_days(session, now=now)
    await database.close()
    return time.perf_counter() - begun_at


async def _ask(port: int, tenant_id: UUID, token: str) -> tuple[dict[str, float], dict[str, float]]:
    origin, path = f"http://127.0.0.1:{port}", f"/api/v1/tenants/{tenant_id}/analytics"
    year = f"first_day={_moment(DAYS - 1)[:10]}&last_day={_moment(0)[:10]}&bucket=day"
    days = {name: _moment(ago) for name, ago in (("day", 1), ("week", 8), ("month", 31), ("year", 300))}
    async with aiohttp.ClientSession(origin, cookies={"lp_session": token}) as client:
        figures = {name: await _time(client, f"{path}/{name}?{year}") for name in FIGURES}
        lists = {
            name: await _time(client, address)
            for name, address in questions(tenant=str(tenant_id), days=days).items()
        }  # fmt: skip
    return figures, lists


async def _time(client: aiohttp.ClientSession, address: str) -> float:
    seen = []
    for _ in range(2 * _TIMES):
        begun_at = time.perf_counter()
        async with client.get(address) as answer:
            body = await answer.read()
            if answer.status != 200:
                raise AssertionError(f"{address}: {answer.status} {body[:200]!r}")
        seen.append(time.perf_counter() - begun_at)
    return max(median(seen[:_TIMES]), median(seen[_TIMES:]))


def _moment(days: int) -> str:
    at = time.time() - days * _DAY + 3 * 3600  # the tenant lives in Moscow
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT00:00:00Z")
