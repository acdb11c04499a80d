"""Access that is taken away before a renewed period began: that period is no part of the figures."""

from __future__ import annotations

from sqlalchemy import select

from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import Subscription
from tests.integration.analytics.conftest import Books


async def test_who_renewed_ahead_and_lost_access_is_counted_as_lost_once(books: Books) -> None:
    await books.plan("month", 30_000, PeriodUnit.MONTH)
    for name in ("Anna", "Boris"):
        await books.start(name, "2026-03-10 10:00")
        await books.pay(name, "month", "2026-03-10 12:00")
        await books.pay(name, "month", "2026-03-12 12:00")
    async with books.database.tenant(books.bot.tenant_id) as session:
        of_anna = select(Subscription.id).where(Subscription.user_id == books.people["Anna"])
        subscription_id = await session.scalar(of_anna)
    path = f"/api/v1/tenants/{books.bot.tenant_id}/subscriptions/{subscription_id}/revoke"
    assert (await books.browser.request("POST", path)).status == 200

    board = await books.ask("dashboard", first_day="2026-03-01", last_day="2026-03-31")
    assert (board["active"]["count"], board["new"]["count"], board["churned"]["count"]) == (1, 2, 1)
    assert [money["amount_minor"] for money in board["mrr"]["amounts"]] == [30_000]
    [cohort] = (await books.ask("cohorts"))["cohorts"]
    assert (cohort["size"], [month["people"] for month in cohort["months"]]) == (2, [1])
