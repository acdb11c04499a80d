"""Days that are over are added up once, whoever notices it first, and wait for what was begun in them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from lumenpay.analytics.closing import close_days
from lumenpay.db.dispatch import list_due_analytics
from lumenpay.models.analytics import FunnelDay, MoneyDay
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.tenants import Tenant
from tenants_worker.context import WorkerContext
from tenants_worker.tasks.analytics import close_due
from tests.integration.analytics.conftest import NOW, Books, at


async def closed_on(books: Books) -> tuple[date | None, datetime]:
    async with books.database.tenant(books.bot.tenant_id) as session:
        tenant = (await session.execute(select(Tenant))).scalar_one()
        return tenant.analytics_closed_on, tenant.analytics_due_at


async def buy_once(books: Books) -> None:
    await books.plan("month", 30_000, PeriodUnit.MONTH)
    await books.start("Anna", "2026-03-10 10:00", saw_plan="2026-03-10 10:01")
    await books.pay("Anna", "month", "2026-03-10 12:00")


async def test_the_tick_closes_yesterday_and_comes_back_an_hour_after_midnight(
    books: Books, worker_context: WorkerContext
) -> None:
    await buy_once(books)
    far = datetime(2100, 1, 1, tzinfo=UTC)
    assert await list_due_analytics(books.database, now=far, limit=10) == [books.bot.tenant_id]
    # A tenant is due as soon as it exists, by the database's own clock.
    await close_due(worker_context, now=max(NOW, datetime.now(UTC) + timedelta(minutes=1)))  # noqa: TID251 - see above
    day, due_at = await closed_on(books)
    assert day is not None
    assert day >= date(2026, 3, 14)
    assert due_at.astimezone(UTC).hour == 22  # one o'clock in Moscow
    await close_due(worker_context, now=due_at - timedelta(seconds=1))
    assert await closed_on(books) == (day, due_at)
    await close_due(worker_context, now=due_at)
    assert await closed_on(books) == (day + timedelta(days=1), due_at + timedelta(days=1))


async def test_a_day_waits_an_hour_for_what_was_begun_in_it(books: Books) -> None:
    await buy_once(books)
    await books.close(now=at("2026-03-11 00:59"))
    assert (await closed_on(books))[0] is None
    await books.close(now=at("2026-03-11 01:00"))
    assert (await closed_on(books))[0] == date(2026, 3, 10)


async def test_two_who_close_at_once_add_up_once(books: Books) -> None:
    await buy_once(books)

    async def close() -> None:
        async with books.database.tenant(books.bot.tenant_id) as session:
            await close_days(session, now=NOW)

    await asyncio.gather(*(close() for _ in range(5)))
    await close()
    async with books.database.tenant(books.bot.tenant_id) as session:
        assert await session.scalar(select(func.sum(MoneyDay.revenue_minor))) == 30_000
        assert await session.scalar(select(func.sum(FunnelDay.started))) == 2  # once with real, once with test payments
    assert (await books.ask("dashboard"))["revenue"]["amounts"][0]["amount_minor"] == 30_000


async def test_what_happens_after_the_last_closed_day_shows_at_once(books: Books) -> None:
    await buy_once(books)
    await books.close()
    await books.start("Boris", "2026-03-15 11:00")
    await books.pay("Boris", "month", "2026-03-15 11:59")
    board = await books.ask("dashboard")
    assert (board["active"]["count"], board["revenue"]["amounts"][0]["amount_minor"]) == (2, 60_000)
