"""Revenue is net of refunds, each on the day when it came about: a day that is over stays as it was."""

from __future__ import annotations

from typing import Any

from lumenpay.models.plans import PeriodUnit
from tests.integration.analytics.conftest import Books, at

FEBRUARY = {"first_day": "2026-02-01", "last_day": "2026-02-28"}
MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-31"}


async def card_of(books: Books, **days: str) -> tuple[int, int]:
    (card,) = (await books.ask("dashboard", **days))["revenue"]["amounts"]
    return card["amount_minor"], card["refunded_minor"]


async def sell(books: Books) -> None:
    await books.plan("month", 30_000, PeriodUnit.MONTH)
    await books.start("Anna", "2026-02-10 10:00", source="vk_ads")
    await books.pay("Anna", "month", "2026-02-10 12:00")
    await books.start("Boris", "2026-03-01 10:00")
    await books.pay("Boris", "month", "2026-03-01 12:00")


async def test_a_refund_that_comes_later_leaves_the_closed_day_of_its_payment_and_counts_on_its_own(
    books: Books,
) -> None:
    await sell(books)
    await books.close(now=at("2026-03-05 12:00"))
    before = await card_of(books, **FEBRUARY)
    await books.refund("Anna", "2026-02-10 12:00", "2026-03-10 12:00", 20_000)
    # Computed on the spot, and then from closed days.
    for _ in range(2):
        assert before == await card_of(books, **FEBRUARY) == (30_000, 0)
        assert await card_of(books, **MARCH) == (10_000, 20_000)
        await books.close()


async def test_lifetime_value_cohorts_and_sources_are_net_of_refunds(books: Books) -> None:
    await sell(books)
    await books.refund("Anna", "2026-02-10 12:00", "2026-03-10 12:00", 30_000)
    for _ in range(2):
        (ltv,) = (await books.ask("ltv", **MARCH))["currencies"]
        told = ("revenue_minor", "refunded_minor", "payments", "payers", "revenue_per_payer_minor")
        assert [ltv[name] for name in told] == [30_000, 30_000, 2, 2, 15_000]
        cohorts = (await books.ask("cohorts"))["cohorts"]
        assert [one["money"][0]["revenue_minor"] for one in cohorts] == [[30_000], [30_000, -30_000]]
        found = await books.ask("sources", **MARCH)
        assert [figures(row) for row in found["sources"]] == [("", 30_000, 0, 1), ("vk_ads", -30_000, 30_000, 0)]
        assert [figures(row)[1:] for row in found["promo_codes"]] == [(0, 30_000, 1)]
        await books.close()


def figures(row: dict[str, Any]) -> tuple[str, int, int, int]:
    return row.get("source", ""), row["revenue_minor"], row["refunded_minor"], row["payments"]
