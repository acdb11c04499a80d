"""Autopay in the chat: agreed to by a button under its words, seen in /status and /buy, turned off by one press."""

from __future__ import annotations

from copy import deepcopy

import pytest

from lumenpay.messages import callbacks
from lumenpay.models.autopays import AutopayConsent, AutopayStatus
from lumenpay.models.bots import Bot
from lumenpay.promo_codes.rules import tag_offer
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.renewing import autopay_of
from tests.support.stall import Stall, open_stall


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True)


async def agreed(stall: Stall) -> Phone:
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    await anna.press("с автопродлением")
    await stall.market.work()
    page = str(buttons_of((await anna.messages())[-1])[0]["url"])
    await stall.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card="5555555555554477")
    await stall.poll()
    return anna


async def test_the_words_above_the_button_are_what_is_kept(market: Market, stall: Stall) -> None:
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    shown = await anna.screen()
    await anna.press("с автопродлением")
    [consent] = await market.rows(stall.tenant_id, AutopayConsent)
    assert consent.text in shown
    assert "990\xa0₽" in consent.text
    assert (consent.amount_minor, consent.user_id) == (99_000, (await anna.user()).id)


async def test_paying_once_agrees_to_nothing(market: Market, stall: Stall) -> None:
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    await anna.press("Один раз")
    assert await market.count(stall.tenant_id, AutopayConsent) == 0


async def test_it_is_not_offered_where_the_shop_may_not(market: Market, stall: Stall) -> None:
    await stall.change(Bot, stall.bot_id, shop_recurring_refused_at=market.now())
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    assert [caption for caption in await anna.captions() if "автопродлен" in caption] == []
    assert "соглашаетесь" not in await anna.screen()


@pytest.mark.parametrize("command", ["/status", "/buy"])
async def test_one_press_turns_it_off_at_once(market: Market, stall: Stall, command: str) -> None:
    anna = await agreed(stall)
    await anna.write(command)
    assert "продлится сама" in await anna.screen()
    await anna.press("Отключить автопродление")
    assert (await autopay_of(stall)).status == AutopayStatus.OFF
    assert "больше ничего не спишется" in await anna.screen()
    # Pressed twice, it says the same.
    await anna.feed(anna.seen[-1])
    assert "больше ничего не спишется" in await anna.screen()
    await anna.write(command)
    assert "продлится сама" not in await anna.screen()


async def test_nobody_turns_off_what_is_anothers(market: Market, stall: Stall) -> None:
    await agreed(stall)
    eve = await open_phone(stall, first_name="Eve")
    await eve.write("/start")
    await eve.press("Мои подписки")
    made_up = deepcopy(eve.seen[-1])
    made_up["callback_query"]["data"] = callbacks.turn_off_autopay((await autopay_of(stall)).subscription_id)
    await eve.feed(made_up)
    assert (await autopay_of(stall)).status == AutopayStatus.ON


async def test_the_button_fits_what_telegram_takes(market: Market, stall: Stall) -> None:
    plan = await stall.add_plan(stall.channel_id, price_minor=10**13 - 1, period_count=100_000, is_recurring=True)
    assert len(callbacks.pay_and_renew(plan.id, tag_offer(plan, None)).encode()) <= 64
