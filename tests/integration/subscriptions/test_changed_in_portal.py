"""What the team sees of a change of plan that a subscriber made: the sum, what paid for the rest, and who did it."""

from __future__ import annotations

import pytest

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
