"""One tenant with a million subscriptions: how long its figures and its lists take over HTTP."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg

from lumenpay.analytics.closing import close_days
from lumenpay.db.session import Database
from lumenpay.kit.crypto import hash_token
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import TenantId
from operations.stack import api_spec
from tests.bench.ground import Ground

SUBSCRIPTIONS, DAYS = 1_000_000, 365
ROUNDS = 5
# Whole tables at once: nothing of what is skipped here is read by the questions below.
_PREPARE = """
    SET session_replication_role = replica;
    ALTER TABLE subscription_periods DROP CONSTRAINT ex_subscription_periods_overlap;
    SET synchronous_commit = off
"""
# `{t}` is the tenant, which lends its id to all that there is one of.
_SEED = """
    INSERT INTO tenants (id, name, created_at) VALUES ('{t}', 'Million', now());
    INSERT INTO admins (id, email, name, password_hash, created_at)
    VALUES ('{t}', 'bench@example.com', 'Bench', '', now());
    INSERT INTO tenant_members (tenant_id, admin_id, role, created_at) VALUES ('{t}', '{t}', 'owner', now());
    INSERT INTO bots (tenant_id, id, username, name, created_at)
    VALUES ('{t}', '{t}', 'million_bot', 'Million', now());
    INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
    VALUES ('{t}', '{t}', '{t}', 'Month', 30000, 'RUB', 'month', 1, now());
    CREATE TEMP TABLE made AS SELECT n, uuidv7() AS id, now() - n * make_interval(secs => {step}) AS at
    FROM generate_series({rows}, 1, -1) n;
    INSERT INTO users (
      tenant_id, id, bot_id, telegram_id, first_name, source, plan_seen_at, created_at, last_seen_at)
    SELECT '{t}', id, '{t}', n, 'Person ' || n, (ARRAY['', 'vk_ads', 'promo_SPRING', 'plan_x'])[1 + n % 4], at, at, at
    FROM made;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor, list_price_minor,
      currency, period_unit, period_count, description, idempotence_key, settled_at, created_at)
    SELECT '{t}', id, '{t}', id, '{t}', 'yookassa', 'succeeded', 'joined', 30000, 30000, 'RUB', 'month', 1, '',
      id::text, at, at FROM made;
    INSERT INTO subscriptions (
      tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at, expired_at, created_at)
    SELECT '{t}', id, '{t}', id, '{t}', CASE WHEN is_over THEN 'expired' ELSE 'active' END, at, ends_at, ends_at,
      CASE WHEN is_over THEN ends_at END, at
    FROM (SELECT *, at + interval '30 days' AS ends_at, at < now() - interval '30 days' AS is_over FROM made) m;
    INSERT INTO subscription_periods (tenant_id, id, subscription_id, payment_id, during, created_at)
    SELECT '{t}', id, id, id, tstzrange(at, at + interval '30 days'), at FROM made;
    INSERT INTO access_logs (tenant_id, id, action, user_id, created_at) SELECT '{t}', id, 'joined', id, at FROM made
"""
FIGURES = ("dashboard", "mrr", "churn", "ltv", "cohorts", "funnel", "sources", "export")
LISTS = ("users", "subscriptions", "payments")
_PAGE_SIZE = 50


@dataclass(frozen=True)
class BigTenant:
    """Seconds of each question, the slower ones of a few rounds; of lists by first, middle and last page."""

    closing: float
    figures: dict[str, float]
    lists: dict[str, float]


def measure_big_tenant(ground: Ground) -> BigTenant:
    """Seed the tenant, close its days, and ask everything over HTTP."""
    tenant_id, token = TenantId(new_uuid7()), secrets.token_urlsafe(32)
    asyncio.run(_seed(ground, tenant_id, token))
    closing = asyncio.run(_close(ground, tenant_id))
    port = ground.port("api")
    child = ground.start(api_spec(ground.environment(), port=port))
    try:
        return asyncio.run(_ask(port, tenant_id, token, closing))
    finally:
        child.stop()


async def _seed(ground: Ground, tenant_id: UUID, token: str) -> None:
    connection: asyncpg.Connection[Any] = await ground.connect_superuser()
    await connection.execute(_PREPARE)
    step = DAYS * 86_400 / SUBSCRIPTIONS
    await connection.execute(_SEED.format(t=tenant_id, step=step, rows=SUBSCRIPTIONS), timeout=300)
    await connection.execute(
        "INSERT INTO admin_sessions (id, admin_id, token_hash, created_at, last_seen_at, expires_at) "
        "VALUES ($1, $1, $2, now(), now(), now() + interval '1 day')",
        tenant_id, hash_token(token),
    )  # fmt: skip
    await connection.execute("VACUUM ANALYZE", timeout=300)
    await connection.close()


async def _close(ground: Ground, tenant_id: TenantId) -> float:
    database, begun_at, is_more = Database(ground.stores.database_url), time.perf_counter(), True
    now = datetime.now(UTC)  # noqa: TID251 - a measurement
    while is_more:
        async with database.tenant(tenant_id) as session:
            is_more = await close_days(session, now=now)
    await database.close()
    return time.perf_counter() - begun_at


async def _ask(port: int, tenant_id: UUID, token: str, closing: float) -> BigTenant:
    base = f"http://127.0.0.1:{port}/api/v1/tenants/{tenant_id}"
    last = -(-SUBSCRIPTIONS // _PAGE_SIZE)
    async with aiohttp.ClientSession(cookies={"lp_session": token}) as client:
        year = {"first_day": _day_before(DAYS - 1), "last_day": _day_before(0), "bucket": "day"}
        figures = {name: await _time(client, f"{base}/analytics/{name}", year) for name in FIGURES}
        lists = {
            f"{name}, page {page:,}": await _time(client, f"{base}/{name}", {"page": str(page), "size": "50"})
            for name in LISTS
            for page in (1, last // 2, last)
        }
    return BigTenant(closing, figures, lists)


async def _time(client: aiohttp.ClientSession, url: str, query: dict[str, str]) -> float:
    seen = []
    for _ in range(ROUNDS):
        begun_at = time.perf_counter()
        async with client.get(url, params=query) as answer:
            body = await answer.read()
            if answer.status != 200:
                raise AssertionError(f"{url}: {answer.status} {body[:200]!r}")
        seen.append(time.perf_counter() - begun_at)
    return sorted(seen)[-2]


def _day_before(days: int) -> str:
    moment = datetime.fromtimestamp(time.time() - days * 86_400 + 3 * 3600, UTC)  # the tenant lives in Moscow
    return moment.date().isoformat()
