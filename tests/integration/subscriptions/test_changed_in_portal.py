"""What the team sees of a change of plan that a subscriber made: the sum, what paid for the rest, and who did it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.integration.users.test_timeline import read_all
from tests.support.changing import add_dearer, changed
from tests.support.desk import Desk, desk
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

__all__ = ["desk"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, allows_changes=True)


async def test_a_change_is_told_with_both_plans_and_its_payment_with_what_paid_for_it(
    market: Market, stall: Stall, desk: Desk
) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    first = await stall.bought(anna)
    await market.skip(days=10)
    order = await changed(stall, anna, more.id)
    shown = await desk.get(f"/payments/{order.id}")
    assert 0 < shown["credit"]["amount_minor"] == 198_000 - shown["amount"]["amount_minor"]
    assert shown["list_price"] == {"amount_minor": 198_000, "currency": "RUB"}
    for path in (f"/users/{anna.id}/timeline", f"/payments/{order.id}/timeline"):
        items = (await desk.get(path))["items"]
        [told] = [item["details"] for item in items if item["action"] == "subscription.plan_changed"]
        assert (told["actor_kind"], told["plan_before"], told["plan"]) == ("user", "Club, 30 days", "Club Plus")
        assert told["change"]["credit_minor"] == shown["credit"]["amount_minor"]
    before = (await desk.get(f"/payments/{first.id}/timeline"))["items"]
    assert "subscription.plan_changed" not in [item["action"] for item in before]
    assert (await desk.get(f"/payments/{first.id}"))["credit"]["amount_minor"] == 0


async def test_the_plan_before_says_what_it_was_changed_to_and_how_long_it_was_to_last(
    market: Market, stall: Stall, desk: Desk
) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    [bought] = (await desk.get(f"/users/{anna.id}"))["subscriptions"]
    assert (await desk.get(f"/users/{anna.id}"))["changed_to"] == {}
    await market.skip(days=10)
    await changed(stall, anna, more.id)
    assert (await desk.get(f"/users/{anna.id}"))["changed_to"] == {bought["id"]: "Club Plus"}
    told = list(reversed((await desk.get(f"/users/{anna.id}/timeline", limit=200))["items"]))
    first, second = [item["details"]["ends_at"] for item in told if item["source"] == "periods"]
    assert datetime.fromisoformat(first) == datetime.fromisoformat(bought["ends_at"]) < datetime.fromisoformat(second)
    actions = [item["action"] for item in told]
    # Of one instant: the money first, then what it did.
    last_paid = len(actions) - 1 - actions[::-1].index("paid")
    last_opened = len(actions) - 1 - actions[::-1].index("opened")
    assert last_paid < actions.index("subscription.plan_changed") < last_opened
    for limit in (1, 2):
        assert list(reversed(await read_all(desk, f"/users/{anna.id}/timeline", limit=limit))) == told
    await stall.bought(anna)
    assert (await desk.get(f"/users/{anna.id}"))["changed_to"] == {}
