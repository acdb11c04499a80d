"""A small story in numbers: every expected figure is worked out by hand, and stays the same once days are closed.

Moscow, 15 March 2026, noon. Month 300 ₽, year 7,200 ₽ (600 ₽ a month), lifetime 5,000 ₽, month 10 $.

    Anna    month 10 January, renewed 9 February, so until 10 March; not renewed
    Fedor   month 20 January until 20 February; the bank declined on the 19th; month again on 12 March
    Boris   month for 150 ₽ with SPRING on 1 February at 00:30, which is January in UTC; blocked the bot; until 1 March
    Clara   month 5 February until 5 March, and a year from 20 February
    Denis   month for 10 $ on 2 March, came in
    Eva     lifetime on 3 March
    Gleb    saw a plan on 4 March; Hanna only started; Tim paid in test mode on 6 March
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lumenpay.analytics.tables import Table
from lumenpay.models.access import AccessAction
from lumenpay.models.plans import PeriodUnit
from tests.integration.analytics.conftest import NOW, Books

MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
FEBRUARY = {"first_day": "2026-02-01", "last_day": "2026-02-28"}


async def tell(books: Books) -> None:
    await books.plan("month", 30_000, PeriodUnit.MONTH)
    await books.plan("year", 720_000, PeriodUnit.YEAR)
    await books.plan("lifetime", 500_000, PeriodUnit.LIFETIME)
    await books.plan("dollars", 1_000, PeriodUnit.MONTH, currency="USD")
    spring = await books.code("SPRING")
    await books.start("Anna", "2026-01-10 10:00", source="vk_ads", saw_plan="2026-01-10 10:01")
    await books.pay("Anna", "month", "2026-01-10 12:00")
    await books.pay("Anna", "month", "2026-02-09 12:00")
    await books.start("Fedor", "2026-01-20 10:00", saw_plan="2026-01-20 10:01")
    await books.pay("Fedor", "month", "2026-01-20 12:00")
    await books.decline("Fedor", "month", "2026-02-19 12:00")
    await books.pay("Fedor", "month", "2026-03-12 12:00")
    await books.start("Boris", "2026-02-01 00:10", source="promo_SPRING", saw_plan="2026-02-01 00:20")
    await books.pay("Boris", "month", "2026-02-01 00:30", amount_minor=15_000, code=spring)
    await books.block("Boris", "2026-02-20 09:00")
    await books.start("Clara", "2026-02-05 10:00", source="vk_ads", saw_plan="2026-02-05 10:01")
    await books.pay("Clara", "month", "2026-02-05 12:00")
    await books.pay("Clara", "year", "2026-02-20 12:00")
    await books.start("Denis", "2026-03-02 10:00", saw_plan="2026-03-02 10:01")
    await books.pay("Denis", "dollars", "2026-03-02 12:00")
    await books.log("Denis", AccessAction.REQUEST_APPROVED, "2026-03-02 12:05")
    await books.log("Denis", AccessAction.JOINED, "2026-03-02 12:06")
    await books.start("Eva", "2026-03-03 10:00", saw_plan="2026-03-03 10:01")
    await books.pay("Eva", "lifetime", "2026-03-03 12:00")
    await books.start("Gleb", "2026-03-04 10:00", saw_plan="2026-03-05 10:00")
    await books.start("Hanna", "2026-03-04 23:59")
    await books.start("Tim", "2026-03-06 10:00", saw_plan="2026-03-06 10:01")
    await books.pay("Tim", "month", "2026-03-06 12:00", is_test=True)


@pytest.fixture(params=["open", "closed"])
async def told(books: Books, request: pytest.FixtureRequest) -> Books:
    """The story, computed on the spot and from closed days."""
    await tell(books)
    if request.param == "closed":
        await books.close()
    return books


def cards(found: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {one["currency"]: (one["amount_minor"], one["previous_minor"]) for one in found}


async def test_the_dashboard_tells_what_was_worked_out_by_hand(told: Books) -> None:
    board = await told.ask("dashboard", bucket="month", **MARCH)
    # The month runs: its fifteen days are compared with the first fifteen of February.
    assert board["period"] == {"first_day": "2026-03-01", "last_day": "2026-03-15"}
    assert board["previous"] == {"first_day": "2026-02-01", "last_day": "2026-02-15"}
    assert board["has_other"]
    assert (board["time_zone"], board["updated_at"]) == ("Europe/Moscow", "2026-03-15T09:00:00Z")
    # Eva 5,000 + Fedor 300; before: Boris 150 + Clara 300 + Anna 300.
    assert cards(board["revenue"]["amounts"]) == {"RUB": (530_000, 75_000), "USD": (1_000, 0)}
    # Clara 600 + Fedor 300; before: Anna 300 + Fedor 300 + Boris 150 + Clara 300.
    assert cards(board["mrr"]["amounts"]) == {"RUB": (90_000, 105_000), "USD": (1_000, 0)}
    # Clara, Denis, Eva, Fedor; before: Anna, Fedor, Boris, Clara.
    assert (board["active"]["count"], board["active"]["previous"]) == (4, 4)
    # Denis and Eva; before: Boris, whose January payment is one of February here, and Clara.
    assert (board["new"]["count"], board["new"]["previous"]) == (2, 2)
    # Boris and Anna of the three (with Clara) who were active when March began.
    assert (board["churned"]["count"], board["churned"]["previous"]) == (2, 0)
    assert board["churn_rate"] == {"rate": 0.6667, "previous": 0.0}
    assert board["series"] == [
        {
            "first_day": "2026-03-01", "last_day": "2026-03-15", "active": 4, "new": 2, "returned": 1, "churned": 2,
            "money": [
                {"currency": "RUB", "revenue_minor": 530_000, "refunded_minor": 0, "mrr_minor": 90_000},
                {"currency": "USD", "revenue_minor": 1_000, "refunded_minor": 0, "mrr_minor": 1_000},
            ],
        }
    ]  # fmt: skip


async def test_the_movement_of_mrr_leads_from_one_end_to_the_other(told: Books) -> None:
    found = await told.ask("mrr", first_day="2026-01-01", last_day="2026-03-15")
    rubles, dollars = found["currencies"]
    names = ("mrr_at_start_minor", "new_minor", "expansion_minor", "contraction_minor", "churned_minor",
             "reactivated_minor", "mrr_minor", "paying_at_start", "paying")  # fmt: skip
    steps = [tuple(step[name] for name in names) for step in rubles["series"]]
    assert steps == [
        # Anna and Fedor.
        (0, 60_000, 0, 0, 0, 0, 60_000, 0, 2),
        # Boris 150 and Clara 300 are new, Clara's year adds 600, Fedor is lost.
        (60_000, 45_000, 60_000, 0, -30_000, 0, 135_000, 2, 3),
        # Boris and Anna are lost, Clara's month ends beside her year, Fedor is back; Eva's lifetime recurs never.
        (135_000, 0, 0, -30_000, -45_000, 30_000, 90_000, 3, 2),
    ]
    assert tuple(rubles["whole"][name] for name in names) == (
        0, 105_000, 60_000, -30_000, -75_000, 30_000, 90_000, 0, 2,
    )  # fmt: skip
    assert (dollars["currency"], dollars["whole"]["new_minor"], dollars["whole"]["mrr_minor"]) == ("USD", 1_000, 1_000)


async def test_churn_is_told_by_its_reason(told: Books) -> None:
    found = await told.ask("churn", first_day="2026-01-01", last_day="2026-03-15")
    names = ("active_at_start", "churned_voluntary", "churned_failed_payment", "churned_not_renewed", "churn_rate")
    assert [tuple(step[name] for name in names) for step in found["series"]] == [
        (0, 0, 0, 0, None),
        # Fedor's bank declined on the day before the end.
        (2, 0, 1, 0, 0.5),
        # Boris had blocked the bot; Anna just did not renew.
        (3, 1, 0, 1, 0.6667),
    ]


async def test_a_payer_is_worth_what_was_worked_out_by_hand(told: Books) -> None:
    rubles = (await told.ask("ltv", **MARCH))["currencies"][0]
    # Anna 600 + Fedor 600 + Boris 150 + Clara 7,500 + Eva 5,000, of five payers in eight payments.
    assert (rubles["payers"], rubles["payments"], rubles["revenue_minor"]) == (5, 8, 1_385_000)
    assert rubles["revenue_per_payer_minor"] == 277_000
    # Two of three were lost within fifteen days: 2/3 × 30/15 a month; 450 ₽ ÷ 4/3.
    assert (rubles["mrr_per_payer_minor"], rubles["monthly_churn_rate"]) == (45_000, 1.3333)
    assert rubles["lifetime_value_minor"] == 33_750


async def test_cohorts_keep_whom_they_keep(told: Books) -> None:
    found = (await told.ask("cohorts"))["cohorts"]
    assert [(one["cohort"], one["size"], [month["people"] for month in one["months"]]) for one in found] == [
        ("2026-03-01", 2, [2]),  # Denis, Eva
        ("2026-02-01", 2, [2, 1]),  # Boris, Clara; then Clara
        ("2026-01-01", 2, [2, 1, 1]),  # Anna, Fedor; then Anna; then Fedor, who is back
    ]
    assert found[1]["money"] == [{"currency": "RUB", "revenue_minor": [765_000, 0]}]
    assert found[0]["money"] == [
        {"currency": "RUB", "revenue_minor": [500_000]}, {"currency": "USD", "revenue_minor": [1_000]},
    ]  # fmt: skip


async def test_the_funnel_follows_those_who_started(told: Books) -> None:
    steps = (await told.ask("funnel", **MARCH))["steps"]
    # Denis, Eva, Gleb, Hanna, Tim; Hanna saw no plan; Tim's order was a test; only Denis came in.
    assert [(step["step"], step["people"]) for step in steps] == [
        ("started", 5), ("saw_plan", 4), ("checked_out", 2), ("paid", 2), ("joined", 1),
    ]  # fmt: skip
    assert [step["of_started"] for step in steps] == [1.0, 0.8, 0.4, 0.4, 0.2]
    assert [step["of_step_before"] for step in steps] == [1.0, 0.8, 0.5, 1.0, 0.5]
    # Until 15 February Boris and Clara had started; nobody of them was let in.
    assert [step["previous_people"] for step in steps] == [2, 2, 2, 2, 0]


async def test_revenue_is_told_by_source_and_promo_code(told: Books) -> None:
    found = await told.ask("sources", **FEBRUARY)
    assert [(one["kind"], one["source"], one["revenue_minor"], one["first_payers"]) for one in found["sources"]] == [
        ("campaign", "vk_ads", 780_000, 1),  # Clara 300 + 7,200, Anna's renewal 300
        ("promo_link", "promo_SPRING", 15_000, 1),
    ]
    assert [(one["code"], one["revenue_minor"], one["payments"]) for one in found["promo_codes"]] == [
        (None, 780_000, 3), ("SPRING", 15_000, 1),
    ]  # fmt: skip


async def test_test_payments_are_told_apart(told: Books) -> None:
    board = await told.ask("dashboard", is_test="true", **MARCH)
    assert cards(board["revenue"]["amounts"]) == {"RUB": (30_000, 0)}
    assert (board["active"]["count"], board["new"]["count"]) == (1, 1)


async def test_days_of_another_zone_are_other_days(told: Books) -> None:
    await told.move_to("America/New_York")
    await told.close()
    february = await told.ask("dashboard", bucket="month", **FEBRUARY)
    # In New York Boris paid on 31 January, and ended on 28 February.
    assert february["time_zone"] == "America/New_York"
    assert cards(february["revenue"]["amounts"])["RUB"] == (780_000, 75_000)
    assert (february["new"]["count"], february["churned"]["count"]) == (1, 2)


async def test_days_that_are_closed_one_after_the_other_tell_the_same(books: Books) -> None:
    await tell(books)
    figures = ("dashboard", "mrr", "churn", "ltv", "cohorts", "funnel", "sources")
    year = {"first_day": "2026-01-01", "last_day": "2026-03-15"}
    before = [await books.ask(name, **year) for name in figures]
    for days in range(66, -1, -1):
        await books.close(now=NOW - timedelta(days=days))
    assert [await books.ask(name, **year) for name in figures] == before


async def test_each_table_can_be_taken_along_as_csv(books: Books) -> None:
    await tell(books)
    wanted = {
        "dashboard": "2026-03-01;2026-03-15;4;2;1;2;5300,00;0,00;900,00;10,00;0,00;10,00",
        "mrr": "RUB;2026-03-01;2026-03-15;1350,00;0,00;0,00;-300,00;-450,00;300,00;900,00;2",
        "churn": "2026-03-01;2026-03-15;3;4;2;1;0;1;0,6667",
        "ltv": "RUB;5;8;1,3333;0,8;13850,00;0,00;2770,00;450,00;337,50",
        "cohorts": "2026-02-01;2;2026-03-01;1;1;0,5",
        "funnel": "2026-03-01;2026-03-15;5;4;2;2;1",
        "sources": "direct;;RUB;5300,00;0,00;2;1",
        "promo_codes": ";RUB;5300,00;0,00;2;1",
    }
    assert wanted.keys() == {table.value for table in Table}
    for table, line in wanted.items():
        answer = await books.get("export", table=table, bucket="month", **MARCH)
        assert answer.header("content-type") == "text/csv; charset=utf-8"
        name = f'attachment; filename="{table}-2026-03-01-2026-03-15.csv"'
        assert answer.header("content-disposition") == name
        assert line in answer.body.decode("utf-8-sig").splitlines()


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"first_day": "2026-03-16"}, {"first_day": "in_the_future"}),
        ({"first_day": "2026-03-10", "last_day": "2026-03-09"}, {"last_day": "before_first_day"}),
        ({"first_day": "2020-01-01", "last_day": "2026-03-09"}, {"last_day": "too_long"}),
        ({"first_day": "1999-12-31", "last_day": "2000-03-09"}, {"first_day": "out_of_range"}),
    ],
)
async def test_days_that_make_no_period_are_refused(
    books: Books, query: dict[str, str], fields: dict[str, str]
) -> None:
    answer = await books.get("dashboard", **query)
    assert (answer.status, answer.json()["code"], answer.json()["fields"]) == (422, "period_invalid", fields)


async def test_empty_books_tell_nothing_and_fail_at_nothing(books: Books) -> None:
    await books.close()
    board = await books.ask("dashboard")
    assert (board["active"]["count"], board["revenue"]["amounts"], board["churn_rate"]["rate"]) == (0, [], None)
    assert (await books.ask("cohorts"))["cohorts"] == []


@pytest.mark.parametrize("days", [MARCH, FEBRUARY], ids=["march", "february"])
async def test_each_card_leads_to_the_people_whom_it_counts(told: Books, days: dict[str, str]) -> None:
    board = await told.ask("dashboard", bucket="month", **days)
    expected = {
        "march": {
            "active": {"Clara", "Eva", "Denis", "Fedor"}, "new": {"Denis", "Eva"}, "churned": {"Anna", "Boris"},
            "mrr": {"Clara", "Denis", "Fedor"},
        },
        "february": {
            "active": {"Anna", "Boris", "Clara"}, "new": {"Boris", "Clara"}, "churned": {"Fedor"},
            "mrr": {"Anna", "Boris", "Clara"},
        },
    }["march" if days is MARCH else "february"]  # fmt: skip
    for card, names in expected.items():
        link = board[card]["list"]
        assert link["operation_id"] == "users-list"
        found = await told.browser.request("GET", f"/api/v1/tenants/{told.bot.tenant_id}/users", query=link["query"])
        people = found.json()
        assert {item["first_name"] for item in people["items"]} == names, card
        assert (people["total"], people["is_total_exact"]) == (len(names), True)
        if card != "mrr":
            assert board[card]["count"] == len(names)
    tests = {**board["active"]["list"]["query"], "is_test": "true"}
    found = await told.browser.request("GET", f"/api/v1/tenants/{told.bot.tenant_id}/users", query=tests)
    assert [item["first_name"] for item in found.json()["items"]] == (["Tim"] if days is MARCH else [])


async def test_payments_sum_up_to_the_same_whether_their_days_are_closed_or_not(told: Books) -> None:
    async def sums(**query: str) -> dict[str, tuple[int, int]]:
        path = f"/api/v1/tenants/{told.bot.tenant_id}/payments/sums"
        found = (await told.browser.request("GET", path, query=query)).json()
        return {
            one["total"]["currency"] + " test" * one["is_test"]: (one["count"], one["total"]["amount_minor"])
            for one in found["items"]
        }

    # Test money stands apart, so that the real sums are the revenue of the dashboard.
    assert await sums() == {"RUB": (8, 1_385_000), "USD": (1, 1_000), "RUB test": (1, 30_000)}
    assert await sums(is_test="true") == {"RUB test": (1, 30_000)}
    await told.pay("Gleb", "month", "2026-03-15 11:00")
    # Eight orders for 13,850 ₽ of the story, and one more since.
    assert await sums(is_test="false") == {"RUB": (9, 1_415_000), "USD": (1, 1_000)}


async def test_test_payments_are_told_of_until_real_money_comes(books: Books) -> None:
    async def told() -> tuple[bool, dict[str, tuple[int, int]], int]:
        board = await books.ask("dashboard", **MARCH)
        return board["is_test"], cards(board["revenue"]["amounts"]), board["active"]["count"]

    await books.plan("month", 30_000, PeriodUnit.MONTH)
    await books.plan("gift", 0, PeriodUnit.MONTH)
    await books.start("Tim", "2026-03-15 10:00")
    assert await told() == (False, {}, 0)
    await books.pay("Tim", "month", "2026-03-15 10:05", is_test=True)
    await books.pay("Tim", "gift", "2026-03-15 10:10")
    # Today's test money at once, though somebody got something for nothing as well.
    assert await told() == (True, {"RUB": (30_000, 0)}, 1)
    assert not (await books.ask("mrr", is_test="false", **MARCH))["is_test"]
    await books.start("Anna", "2026-03-15 11:00")
    await books.pay("Anna", "month", "2026-03-15 11:05")
    assert await told() == (False, {"RUB": (30_000, 0)}, 2)


async def test_what_is_shorter_than_a_day_counts_as_a_day_of_the_months_thirty(books: Books) -> None:
    await books.plan("hour", 1_000, PeriodUnit.HOUR)
    await books.plan("day", 3_000, PeriodUnit.DAY)
    for name, plan in (("Anna", "hour"), ("Boris", "day")):
        await books.start(name, "2026-03-15 11:40")
        await books.pay(name, plan, "2026-03-15 11:45")
    board = await books.ask("dashboard", bucket="month", **MARCH)
    assert cards(board["mrr"]["amounts"]) == {"RUB": (30_000 + 90_000, 0)}
