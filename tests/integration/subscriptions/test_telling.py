"""What a subscriber is told at the end, and by which button they go on."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from tests.support.chat import buttons_of
from tests.support.market import Market
from tests.support.stall import Stall

GONE = [{"is_on_sale": False}, {"is_on_sale": False, "archived_at": "now"}]


async def last_message(stall: Stall, user: User) -> dict[str, Any]:
    chat = await stall.market.telegram("GET", f"/users/{user.telegram_id}/chats/{stall.telegram_bot_id}")
    return [one for one in chat["messages"] if one["from"] == "bot"][-1]


async def take_off_sale(stall: Stall, change: dict[str, Any]) -> None:
    values = {name: stall.market.now() if value == "now" else value for name, value in change.items()}
    await stall.change(Plan, stall.plan_id, **values)


@pytest.mark.parametrize("change", GONE)
async def test_the_reminder_and_the_end_of_a_plan_that_is_not_sold_lead_to_the_list(
    market: Market, stall: Stall, change: dict[str, Any]
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await take_off_sale(stall, change)
    for days, words in ((28, "Продлить этот тариф нельзя"), (3, "закончилась")):
        await market.skip(days=days)
        await stall.sweep()
        message = await last_message(stall, anna)
        assert words in message["text"]
        assert [(one["text"], one["callback_data"]) for one in buttons_of(message)] == [("Купить доступ", "buy")]


async def test_the_reminder_and_the_end_of_a_plan_on_sale_lead_to_its_card(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    for days, caption in ((28, "Продлить"), (3, "Вернуться")):
        await market.skip(days=days)
        await stall.sweep()
        [button] = buttons_of(await last_message(stall, anna))
        assert (button["text"], button["callback_data"]) == (caption, f"plan:{stall.plan_id}")


@pytest.mark.parametrize("change", GONE)
async def test_a_failed_payment_for_a_plan_that_is_not_sold_leads_to_the_list(
    market: Market, stall: Stall, change: dict[str, Any]
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await take_off_sale(stall, change)
    await stall.pay(payment, decline=True)
    await stall.poll()
    [button] = buttons_of(await last_message(stall, anna))
    assert button["callback_data"] == "buy"


async def test_the_end_does_not_say_that_access_is_closed_where_something_else_keeps_it_open(
    market: Market, stall: Stall
) -> None:
    second = await stall.add_channel(plan_id=stall.plan_id)
    anna = await stall.buyer()
    await stall.bought(anna)
    year = await stall.add_plan(second.id, period_count=365)
    await stall.bought(anna, plan_id=year.id)
    await market.skip(days=31)
    await stall.sweep()
    text = (await last_message(stall, anna))["text"]
    assert "доступ закрыт" not in text
    assert text.endswith("Вам по-прежнему открыто: Club.")


async def test_the_end_says_that_access_is_closed_where_nothing_keeps_it_open(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=31)
    await stall.sweep()
    assert "доступ закрыт" in (await last_message(stall, anna))["text"]
