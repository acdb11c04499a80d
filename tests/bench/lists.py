"""`python -m tests.bench.lists`: pages of lists with a million rows of one tenant, as the portal asks for them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from lumenpay.access.undelivered import list_undelivered
from lumenpay.db.session import Database, TenantSession
from lumenpay.kit.paging import PageRequest
from lumenpay.models.ids import TenantId
from lumenpay.models.payments import PaymentStatus
from lumenpay.payments.directory import PaymentFilters, list_payments, sum_payments
from lumenpay.search.service import find_anything
from lumenpay.users.directory import UserSort, list_users
from lumenpay.users.narrowing import UserFilters, UserState
from tests.bench.ground import Ground, open_ground

ROWS = int(os.environ.get("LUMENPAY_BENCH_ROWS", "1000000"))
GOAL_SECONDS = 0.2
# A v7-like id: the number of the row in its first half, so that the order of ids is the order of rows.
_ID = "(lpad(to_hex({0}), 12, '0') || '7000' || '8' || substr(md5({0}::text || '{1}'), 1, 15))::uuid"
_SEED = (
    """INSERT INTO plans (tenant_id, id, bot_id, title, price_minor, currency, period_unit, period_count, created_at)
       SELECT $1, gen_random_uuid(), $2, 'Plan ' || n, 99000, 'RUB', 'month', 1, now() FROM generate_series(1, 5) n""",
    """INSERT INTO channels (tenant_id, id, bot_id, chat_id, kind, title, created_at, status, can_invite_users)
       VALUES ($1, gen_random_uuid(), $2, -100500, 'channel', 'Club', now(), 'active', true)""",
    """INSERT INTO plan_channels (tenant_id, plan_id, channel_id)
       SELECT p.tenant_id, p.id, c.id FROM plans p, channels c
       WHERE p.tenant_id = $1 AND c.tenant_id = $1 AND $2::uuid IS NOT NULL""",
    f"""INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, last_name, username, source, created_at,
          last_seen_at, blocked_bot_at)
        SELECT $1, {_ID.format("n", "u")}, $2, 1000000 + n, (ARRAY['Anna','Boris','Вера','Глеб','Дина'])[1 + n % 5],
          'Family' || n, CASE WHEN n % 3 > 0 THEN 'name_' || n END, 'ad' || n % 20,
          now() - make_interval(secs => $3 - n), now(), CASE WHEN n % 50 = 0 THEN now() END
        FROM generate_series(1, $3) n""",
    f"""INSERT INTO subscriptions (tenant_id, id, bot_id, user_id, plan_id, status, starts_at, ends_at, access_ends_at,
          created_at)
        SELECT $1, {_ID.format("n", "s")}, $2, {_ID.format("n", "u")}, p.ids[1 + n % 5],
          CASE WHEN n % 10 < 6 THEN 'active' ELSE 'expired' END, now() - interval '9 days',
          now() + make_interval(secs => n), now() + make_interval(secs => n), now()
        FROM generate_series(1, $3) n, (SELECT array_agg(id ORDER BY title) ids FROM plans WHERE tenant_id = $1) p
        WHERE n % 10 < 9""",
    f"""INSERT INTO payments (tenant_id, id, bot_id, user_id, plan_id, provider, status, delivery_state, amount_minor,
          list_price_minor, currency, period_unit, period_count, description, idempotence_key, provider_payment_id,
          settled_at, created_at)
        SELECT $1, {_ID.format("n", "p")}, $2, {_ID.format("n", "u")}, p.ids[1 + n % 5], 'yookassa',
          CASE WHEN n % 10 < 9 THEN 'succeeded' ELSE 'canceled' END,
          CASE WHEN n % 10 = 9 THEN 'not_paid' WHEN n % 500 = 0 THEN 'link_sent' ELSE 'joined' END, 99000, 99000, 'RUB',
          'month', 1, 'x', 'k' || n, md5(n::text), now(), now() - make_interval(secs => $3 - n)
        FROM generate_series(1, $3) n, (SELECT array_agg(id ORDER BY title) ids FROM plans WHERE tenant_id = $1) p""",
    f"""INSERT INTO memberships (tenant_id, id, channel_id, telegram_id, user_id, wanted, actual, created_at)
        SELECT $1, {_ID.format("n", "m")}, c.id, 1000000 + n, {_ID.format("n", "u")},
          CASE WHEN n % 10 < 6 THEN 'inside' ELSE 'outside' END,
          CASE WHEN n % 10 < 6 AND n % 500 > 0 THEN 'inside' ELSE 'outside' END, now()
        FROM generate_series(1, $3) n, channels c WHERE c.tenant_id = $1 AND n % 10 < 9 AND $2::uuid IS NOT NULL""",
    f"""INSERT INTO user_tags (tenant_id, tag, user_id, created_at)
        SELECT $1, 'tag' || n % 7, {_ID.format("n", "u")}, now() FROM generate_series(1, $3) n
        WHERE n % 10 = 0 AND $2::uuid IS NOT NULL""",
)
Ask = Callable[[TenantSession, datetime], Awaitable[Any]]


def _users(page: int = 1, *, sort: UserSort = UserSort.NEWEST, **filters: Any) -> Ask:
    async def ask(session: TenantSession, now: datetime) -> object:
        return await list_users(session, UserFilters(**filters), PageRequest(page, 50), sort=sort, now=now)

    return ask


def _payments(page: int = 1, **filters: Any) -> Ask:
    async def ask(session: TenantSession, _now: datetime) -> object:
        return await list_payments(session, PaymentFilters(**filters), PageRequest(page, 50))

    return ask


def _questions(plan_id: UUID, channel_id: UUID) -> dict[str, Ask]:
    last, middle = ROWS // 50, ROWS // 100
    states = {f"state {state.value}": _users(state=state) for state in UserState}
    orders = {f"by {sort.value}": _users(sort=sort) for sort in UserSort}
    return {
        "first page": _users(), "middle page": _users(middle), "last page": _users(last), **states, **orders,
        "by name, middle page": _users(middle, sort=UserSort.NAME),
        "by end, page 200": _users(200, sort=UserSort.ENDS_SOONEST),
        "state expired, page 200": _users(200, state=UserState.EXPIRED), "plan": _users(plan_id=plan_id),
        "channel": _users(channel_id=channel_id), "tag": _users(tag="tag0"), "source": _users(source="ad7"),
        "expiring": _users(expiring_within_days=3), "blocked": _users(has_blocked_bot=True),
        "inside": _users(is_inside=True), "not inside": _users(is_inside=False),
        "plan, state and tag": _users(plan_id=plan_id, state=UserState.ACTIVE, tag="tag0"),
        "search, many": _users(search="anna"), "search, one": _users(search=f"@name_{ROWS // 2 + 1}"),
        "search, none": _users(search="nobody here"), "search, two letters": _users(search="an"),
        "payments": _payments(), "payments, middle page": _payments(middle), "payments, last page": _payments(last),
        "payments canceled": _payments(status=PaymentStatus.CANCELED), "payments of a plan": _payments(plan_id=plan_id),
        "payments, search": _payments(search="c4ca4238"), "paid, not inside": _undelivered, "palette": _palette,
    }  # fmt: skip


async def _undelivered(session: TenantSession, now: datetime) -> object:
    return await list_undelivered(session, PageRequest(1, 50), now=now)


async def _palette(session: TenantSession, _now: datetime) -> object:
    return await find_anything(session, "anna")


async def _sums(session: TenantSession, _now: datetime) -> object:
    return await sum_payments(session, PaymentFilters())


async def measure(ground: Ground, console: Console) -> dict[str, float]:
    """Return the median seconds of each question, asked with the application's role."""
    bot = ground.bots[0]
    connection = await ground.connect_superuser()
    await connection.execute("SET session_replication_role = replica")
    for statement in _SEED:
        begun = time.monotonic()
        values = [bot.tenant_id, bot.id, ROWS][: 3 if "$3" in statement else 2]
        await connection.execute(statement, *values, timeout=600)
        console.print(f"  {statement.split()[2]}: {time.monotonic() - begun:.0f} s")
    await connection.execute("VACUUM ANALYZE", timeout=600)
    plan_id = await connection.fetchval("SELECT id FROM plans ORDER BY title LIMIT 1")
    channel_id = await connection.fetchval("SELECT id FROM channels LIMIT 1")
    await connection.close()
    database, found = Database(ground.stores.database_url, pool_size=1), {}
    for name, ask in {**_questions(plan_id, channel_id), "payments, sums": _sums}.items():
        seconds = []
        for _ in range(5):
            async with database.tenant(TenantId(bot.tenant_id)) as session:
                begun = time.monotonic()
                await ask(session, datetime.now(UTC))  # noqa: TID251 - the moment of the measurement
                seconds.append(time.monotonic() - begun)
        found[name] = median(seconds)
    await database.close()
    return found


def main() -> int:
    """Measure everything and print one table; 1 when a page takes longer than its goal."""
    console = Console()
    with open_ground() as ground:
        ground.seed([(7_000_000_001, f"7000000001:{'A' * 35}")])
        console.print(f"Seeding {ROWS:,} subscribers of one tenant …")
        found = asyncio.run(measure(ground, console))
    table = Table("list", "median, ms", f"goal {GOAL_SECONDS * 1000:.0f} ms")
    for name, seconds in found.items():
        table.add_row(name, f"{seconds * 1000:.0f}", "✓" if seconds <= GOAL_SECONDS else "✗")
    console.print(table)
    return int(any(seconds > GOAL_SECONDS for name, seconds in found.items() if name != "payments, sums"))


if __name__ == "__main__":
    sys.exit(main())
