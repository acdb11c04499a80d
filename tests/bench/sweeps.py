"""What a due row costs among a hundred times as many subscriptions; `python -m tests.bench.sweeps`: only this."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lumenpay.db import dispatch
from lumenpay.db.session import Database
from lumenpay.staff.rules import INVARIANTS
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.reminders import claim_reminder
from tests.bench.big_tenant_rows import INDEXES

if TYPE_CHECKING:
    from tests.bench.ground import Ground

FEW, MANY, TENANTS = 10_000, 1_000_000, 1_000
DUE = 500
"""Rows of each kind that are due in a round: as many as one tick asks for."""
ROUNDS, WORST_RATIO = 7, 1.5
_TABLES = (
    "users", "payments", "subscriptions", "subscription_periods", "grants", "ledger_entries", "memberships",
)  # fmt: skip
_KINDS = ("expiry", "reminder")
# Whole tables at once: what would look at each row is put away meanwhile.
_PREPARE = """
    SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB';
    ALTER TABLE subscription_periods DROP CONSTRAINT IF EXISTS ex_subscription_periods_overlap
"""
_SEED = """
    CREATE TEMP TABLE made AS
    SELECT n, uuidv7() AS id, t.tenant_id, t.bot_id, now() - interval '20 days' AS at,
      now() + interval '10 days' + n * interval '1 second' AS until_at
    FROM generate_series({first}, {last}) n
    JOIN bench_tenants t ON t.number = n % {tenants};
    INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, created_at, last_seen_at)
    SELECT tenant_id, id, bot_id, 1000000 + n, 'Anna', at, at FROM made;
    INSERT INTO payments (
      tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor, list_price_minor,
      currency, period_unit, period_count, description, idempotence_key, settled_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'yookassa', 'succeeded', 'joined', 30000, 30000, 'RUB', 'month', 1, '',
      id::text, at, at FROM made;
    INSERT INTO subscriptions (
      tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at, next_reminder_at, created_at)
    SELECT tenant_id, id, bot_id, id, bot_id, 'active', at, until_at, until_at, until_at - interval '1 day', at
    FROM made;
    INSERT INTO grants (tenant_id, payment_id, subscription_id, granted_at) SELECT tenant_id, id, id, at FROM made;
    INSERT INTO subscription_periods (tenant_id, id, subscription_id, payment_id, during, created_at)
    SELECT tenant_id, id, id, id, tstzrange(at, until_at, '[)'), at FROM made;
    INSERT INTO ledger_entries (
      tenant_id, id, transaction_id, payment_id, kind, account, amount_minor, currency, created_at)
    SELECT m.tenant_id, uuidv7(), m.id, m.id, 'payment', a.account, a.amount, 'RUB', m.at
    FROM made m, (VALUES ('gateway', 30000), ('revenue', -30000)) a (account, amount);
    INSERT INTO memberships (
      tenant_id, id, channel_id, telegram_id, user_id, wanted, actual, actual_seen_at, joined_at, created_at)
    SELECT tenant_id, id, bot_id, 1000000 + n, id, 'inside', 'inside', at, at, at FROM made;
    DROP TABLE made
"""
# A tenant's bot lends its id to the channel and the plan.
_TENANTS = """
    CREATE TABLE bench_tenants AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS number, tenant_id, id AS bot_id FROM bots ORDER BY id LIMIT {tenants};
    INSERT INTO channels (
      tenant_id, id, bot_id, chat_id, kind, title, created_at, can_invite_users, can_restrict_members)
    SELECT tenant_id, bot_id, bot_id, -100500 - number, 'channel', 'Club', now(), true, true FROM bench_tenants;
    INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
    SELECT tenant_id, bot_id, bot_id, 'Month', 30000, 'RUB', 'month', 1, now() FROM bench_tenants;
    INSERT INTO plan_channels (tenant_id, plan_id, channel_id) SELECT tenant_id, bot_id, bot_id FROM bench_tenants
"""
_MAKE_DUE = {
    "expiry": "ends_at = '{now}'::timestamptz - interval '1 second', access_ends_at = '{now}', next_reminder_at = NULL",
    "reminder": "next_reminder_at = '{now}'",
}
Claim = Callable[[Any, UUID], Awaitable[object]]


@dataclass
class Sweeps:
    """Milliseconds of each due row, looking for it and acting on it, with few and with many subscriptions."""

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
    await superuser.execute(_PREPARE)
    await superuser.execute(_TENANTS.format(tenants=TENANTS))
    first = 1
    for count in (FEW, MANY):
        await _seed(superuser, first, count)
        first = count + 1
        for kind in _KINDS:
            rounds = [await _claim(database, superuser, kind) for _ in range(ROUNDS)]
            # The quickest one: what else the machine does only ever adds.
            seen.milliseconds[kind, count] = min(rounds) * 1000 / DUE
    for name in INVARIANTS:
        begun_at = time.perf_counter()
        await dispatch.list_broken_rows(database, check=name, now=datetime.now(UTC), limit=100)  # noqa: TID251 - times it
        seen.invariants[name] = time.perf_counter() - begun_at
    # What is measured next begins with tenants that have nothing but their bots.
    await superuser.execute(f"TRUNCATE {', '.join(_TABLES)}, channels, plans, jobs CASCADE; DROP TABLE bench_tenants")
    await superuser.close()
    await database.close()
    return seen


async def _seed(superuser: Any, first: int, last: int) -> None:
    indexes = await superuser.fetch(INDEXES, list(_TABLES))
    await superuser.execute("; ".join(f"DROP INDEX {row['name']}" for row in indexes))
    await superuser.execute(_SEED.format(first=first, last=last, tenants=TENANTS), timeout=600)
    for row in indexes:
        await superuser.execute(row["made_by"], timeout=600)
    for table in _TABLES:
        await superuser.execute(f"VACUUM ANALYZE {table}", timeout=600)


async def _claim(database: Database, superuser: Any, kind: str) -> float:
    """Make rows due, and return the seconds that it takes to find and to deal with them."""
    now = datetime.now(UTC)  # noqa: TID251 - a measurement
    change = _MAKE_DUE[kind].format(now=now.isoformat())
    await superuser.execute(
        f"UPDATE subscriptions SET {change} WHERE (tenant_id, id) IN ("
        "SELECT tenant_id, id FROM subscriptions WHERE status = 'active' "
        f"AND next_reminder_at > now() + interval '1 day' ORDER BY random() LIMIT {DUE})"
    )
    begun_at = time.perf_counter()
    if kind == "expiry":
        for tenant_id, row_id in await dispatch.list_due_expiries(database, now=now, limit=DUE):
            async with database.tenant(tenant_id) as session:
                await expire_subscription(session, subscription_id=row_id, now=now)
    else:
        for tenant_id, row_id in await dispatch.list_due_reminders(database, now=now, limit=DUE):
            async with database.tenant(tenant_id) as session:
                await claim_reminder(session, subscription_id=row_id, now=now)
    return time.perf_counter() - begun_at


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
