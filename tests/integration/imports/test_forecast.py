"""What a list is going to give, told before anything is given: which plan, to whom, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from tests.integration.imports.test_imports import DAY, checked, date
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall

GRACE_DAYS = 7


def days_left(market: Market, moment: str | None) -> int | None:
    """In whole days: until the start the grace is counted from the moment of asking."""
    return None if moment is None else round((datetime.fromisoformat(moment) - market.now()) / DAY)


async def days_of_lines(market: Market, desk: Desk, found: dict[str, Any]) -> list[int | None]:
    rows = (await desk.get(f"/imports/{found['id']}/rows"))["items"]
    return [days_left(market, row["ends_at"]) for row in rows]


def span(market: Market, found: dict[str, Any]) -> tuple[int | None, int | None]:
    return days_left(market, found["first_ends_at"]), days_left(market, found["last_ends_at"])


async def test_each_line_says_until_when_it_gives_access_and_all_of_them_between_which_days(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await stall.change(Plan, stall.plan_id, title="The club")
    anna = await stall.buyer()
    await desk.post(f"/users/{anna.id}/grants", plan_id=str(stall.plan_id), days=1, idempotence_key=new_key())
    text = (
        "telegram_id,username,ends_at\n"
        f"{anna.telegram_id},,{date(market, 3)}\n7001,,{date(market, 3)}\n7002,,{date(market, 20)}\n"
        f"7002,,{date(market, 90)}\n,@stranger_1,{date(market, 30)}\n7003,,soon\n7004,,\n"
    )
    found = await checked(desk, text, grace_days=GRACE_DAYS)
    # Who has the plan gets the date of the list and no grace; of who stands there twice the first line counts.
    assert await days_of_lines(market, desk, found) == [3, GRACE_DAYS, 20, None, 30, None, GRACE_DAYS]
    assert (found["plan_title"], span(market, found)) == ("The club", (3, 30))
    assert span(market, await desk.get(f"/imports/{found['id']}")) == (3, 30)
    assert [span(market, listed) for listed in (await desk.get("/imports"))["items"]] == [(3, 30)]


async def test_a_list_without_dates_gives_the_grace_and_once_given_nothing_more_is_forecast(
    market: Market, stall: Stall, desk: Desk
) -> None:
    found = await checked(desk, "telegram_id\n7001\n7002\n", grace_days=GRACE_DAYS)
    assert span(market, found) == (GRACE_DAYS, GRACE_DAYS)
    started = await desk.post(f"/imports/{found['id']}/start")
    assert started["first_ends_at"] == started["last_ends_at"] == started["grace_ends_at"]
    await market.work()
    assert span(market, await desk.get(f"/imports/{found['id']}")) == (None, None)
    assert await days_of_lines(market, desk, found) == [None, None]
    given = {subscription.ends_at for subscription in await market.rows(stall.tenant_id, Subscription)}
    assert given == {datetime.fromisoformat(started["grace_ends_at"])}


async def test_a_list_that_gives_nobody_anything_has_no_end(market: Market, desk: Desk) -> None:
    found = await checked(desk, "telegram_id\n7001\n7002\n")
    assert await days_of_lines(market, desk, found) == [None, None]
    assert span(market, found) == (None, None)
