"""Pauses and leaving in the chat: /status, a question, one press; autopay off first, then a reason and one offer."""

from __future__ import annotations

from copy import deepcopy

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.messages import callbacks
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.pauses import Leaving, LeavingReason, OfferKind, OfferOutcome, SubscriptionPause
from lumenpay.models.subscriptions import SubscriptionPeriod, SubscriptionStatus
from lumenpay.subscriptions.leaving import count_leavings
from lumenpay.subscriptions.leaving_rules import LeavingTerms, set_leaving_rules
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.market import Market
from tests.support.renewing import autopay_of, subscription_of
from tests.support.stall import Stall, open_stall


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True)


async def set_rules(stall: Stall, **terms: object) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await set_leaving_rules(
            session, plan_id=stall.plan_id, terms=LeavingTerms(**terms), actor=SYSTEM, now=stall.market.now()
        )  # fmt: skip


async def subscribed(stall: Stall) -> Phone:
    anna = await open_phone(stall)
    await anna.write("/buy")
    await anna.press("Club")
    await anna.press("с автопродлением")
    await stall.market.work()
    page = str(buttons_of((await anna.messages())[-1])[0]["url"])
    await stall.market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card="5555555555554477")
    await stall.poll()
    return anna


async def left_by(anna: Phone, reason: str = "Дорого") -> None:
    await anna.write("/status")
    await anna.press("Отключить автопродление")
    await anna.press(reason)


async def test_asked_first_then_paused_then_resumed(market: Market, stall: Stall) -> None:
    await set_rules(stall, pause_days=14, pauses_a_year=1)
    anna = await subscribed(stall)
    await anna.write("/status")
    await anna.press("⏸ Пауза")
    assert "сохранится до секунды" in await anna.screen()
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    await anna.press("Поставить на паузу")
    assert "30 дней" in await anna.screen()
    await anna.feed(anna.seen[-1])
    assert await market.count(stall.tenant_id, SubscriptionPause) == 1
    await anna.write("/status")
    assert "на паузе самое позднее до" in await anna.screen()
    assert [caption for caption in await anna.captions() if "Пауза" in caption] == []
    await anna.write("/channels")
    assert "подписка на паузе" in await anna.screen()
    await anna.write("/status")
    await anna.press("Продолжить")
    assert "снова действует" in await anna.screen()
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    await anna.write("/status")
    assert [caption for caption in await anna.captions() if "Пауза" in caption] == []


async def test_without_the_owners_word_there_is_no_pause(market: Market, stall: Stall) -> None:
    anna = await subscribed(stall)
    await anna.write("/status")
    assert [caption for caption in await anna.captions() if "Пауза" in caption] == []
    subscription = await subscription_of(stall)
    await anna.write("/start")
    await anna.press("Мои подписки")
    pressed = deepcopy(anna.seen[-1])
    pressed["callback_query"]["data"] = callbacks.pause_now(subscription.id)
    await anna.feed(pressed)
    assert "в этом тарифе пауз нет" in await anna.screen()
    assert await market.count(stall.tenant_id, SubscriptionPause) == 0


async def test_nobody_pauses_or_answers_for_another(market: Market, stall: Stall) -> None:
    await set_rules(stall, pause_days=14, pauses_a_year=1, offer_kind=OfferKind.DAYS, offer_days=7)
    anna = await subscribed(stall)
    await anna.write("/status")
    await anna.press("Отключить автопродление")
    [leaving] = await market.rows(stall.tenant_id, Leaving)
    eve = await open_phone(stall, first_name="Eve")
    await eve.write("/start")
    await eve.press("Мои подписки")
    for data in (
        callbacks.pause_now(leaving.subscription_id), callbacks.ask_pause(leaving.subscription_id),
        callbacks.resume(leaving.subscription_id), callbacks.leaving_reason(leaving.id, LeavingReason.OTHER),
        callbacks.answer_offer(leaving.id, is_taken=True),
    ):  # fmt: skip
        made_up = deepcopy(eve.seen[-1])
        made_up["callback_query"]["data"] = data
        await eve.feed(made_up)
        assert len(data.encode()) <= 64
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    [leaving] = await market.rows(stall.tenant_id, Leaving)
    assert (leaving.reason, leaving.outcome) == (None, None)


async def test_it_is_off_before_anything_is_asked(market: Market, stall: Stall) -> None:
    anna = await subscribed(stall)
    await anna.write("/status")
    await anna.press("Отключить автопродление")
    assert (await autopay_of(stall)).status == AutopayStatus.OFF
    assert "больше ничего не спишется" in await anna.screen()
    assert "Почему вы отключили" in await anna.screen()
    await anna.press("Нет времени")
    assert "Спасибо за ответ" in await anna.screen()
    [leaving] = await market.rows(stall.tenant_id, Leaving)
    assert (leaving.reason, leaving.offer_kind) == (LeavingReason.NO_TIME, None)


async def test_offered_days_are_given_once(market: Market, stall: Stall) -> None:
    await set_rules(stall, offer_kind=OfferKind.DAYS, offer_days=7)
    anna = await subscribed(stall)
    await left_by(anna)
    before = (await subscription_of(stall)).ends_at
    await anna.press("Принять")
    assert "🎁" in await anna.screen()
    await anna.feed(anna.seen[-1])
    after = (await subscription_of(stall)).ends_at
    assert before is not None
    assert after is not None
    assert (after - before).days == 7
    assert await market.count(stall.tenant_id, SubscriptionPeriod) == 2
    assert (await autopay_of(stall)).status == AutopayStatus.OFF
    async with market.tenant(stall.tenant_id) as session:
        [row] = await count_leavings(session, stall.plan_id, since=before.replace(year=2020))
    assert (row.reason, row.count, row.offered, row.accepted, row.declined) == ("too_expensive", 1, 1, 1, 0)


async def test_an_offer_is_made_once_for_each_subscription(market: Market, stall: Stall) -> None:
    await set_rules(stall, offer_kind=OfferKind.DAYS, offer_days=7)
    anna = await subscribed(stall)
    await left_by(anna)
    await anna.press("Нет, спасибо")
    [leaving] = await market.rows(stall.tenant_id, Leaving)
    assert leaving.outcome == OfferOutcome.DECLINED
    await anna.write("/buy")
    await anna.press("Club")
    await anna.press("с автопродлением")
    await market.work()
    page = str(buttons_of((await anna.messages())[-1])[0]["url"])
    await market.yookassa("POST", f"/payments/{page.rpartition('/')[2]}/pay", card="5555555555554477")
    await stall.poll()
    await left_by(anna)
    assert "Спасибо за ответ" in await anna.screen()
    assert [caption for caption in await anna.captions() if caption == "Принять"] == []
    assert await market.count(stall.tenant_id, Leaving) == 2


async def test_an_offered_code_is_in_hand_with_one_press(market: Market, stall: Stall) -> None:
    code = await stall.promo("STAY")
    await set_rules(stall, offer_kind=OfferKind.PROMO_CODE, offer_promo_code_id=code.id)
    anna = await subscribed(stall)
    await left_by(anna)
    assert "STAY" in await anna.screen()
    await anna.press("Принять")
    assert "495\xa0₽" in await anna.screen()


async def test_an_offered_pause_begins_with_one_press(market: Market, stall: Stall) -> None:
    await set_rules(stall, pause_days=14, pauses_a_year=1, offer_kind=OfferKind.PAUSE)
    anna = await subscribed(stall)
    await left_by(anna, "Нет времени")
    await anna.press("Принять")
    assert "на паузе" in await anna.screen()
    assert (await subscription_of(stall)).status == SubscriptionStatus.PAUSED
    [leaving] = await market.rows(stall.tenant_id, Leaving)
    assert leaving.outcome == OfferOutcome.ACCEPTED
