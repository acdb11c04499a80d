"""Subscriptions in Stars: renewed by Telegram, ended by anybody, given back through the portal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumenpay.audit.service import Actor
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan
from lumenpay.models.refunds import Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import Grant, SubscriptionStatus
from lumenpay.refunds.errors import OnlyWholeRefundError
from lumenpay.subscriptions.autopay import BY_TEAM, turn_off
from lumenpay.subscriptions.pausing import pause_for, resume
from tests.integration.refunds.counter import REVOKE, Counter
from tests.support.chat import Phone
from tests.support.market import Market
from tests.support.renewing import autopay_of, subscription_of
from tests.support.stall import Stall, open_stall
from tests.support.stars import STARS_PRICE, bought_with_stars, charges, open_invoice, orders, pay_stars, wallet


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, stars=STARS_PRICE, is_recurring=True)


async def month_later(phone: Phone) -> None:
    """Telegram has charged for the next period, or failed to, and the bot heard of it."""
    await phone.stall.market.skip(days=30, minutes=1)
    await phone.let_bot_work()
    await phone.stall.market.work()


async def test_each_renewal_extends_once_and_nothing_is_charged_from_here(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    begun, autopay = await subscription_of(stall), await autopay_of(stall)
    assert begun.ends_at is not None
    assert (autopay.status, autopay.next_step_at, autopay.method_title) == (AutopayStatus.ON, None, "Telegram Stars")
    await month_later(phone)
    await month_later(phone)
    for told in charges(phone):
        await phone.feed(told)
    await stall.sweep()
    renewed = await subscription_of(stall)
    assert renewed.status == SubscriptionStatus.ACTIVE
    assert renewed.ends_at is not None
    assert timedelta(days=59) < renewed.ends_at - begun.ends_at < timedelta(days=61)
    made = await orders(phone)
    assert [one.is_autopay for one in made] == [False, True, True]
    assert await market.count(stall.tenant_id, Grant) == 3
    assert sum(one.amount_minor for one in await market.rows(stall.tenant_id, LedgerEntry)) == 0
    assert (await wallet(phone))["stars"] == 10_000 - 3 * 350
    assert (await autopay_of(stall)).next_step_at is None


async def test_access_waits_a_little_for_telegram_and_no_longer(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await market.skip(days=30, minutes=1)
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    await market.skip(hours=4)
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED


async def test_what_the_person_ends_in_telegram_expires_as_ever(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    charge_id = (await wallet(phone))["subscriptions"][0]["telegram_payment_charge_id"]
    path, own = f"/users/{phone.id}/star-subscriptions", {"telegram_payment_charge_id": charge_id}
    await market.telegram("POST", path, **own, is_canceled=True)
    await phone.let_bot_work()
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "in_telegram")
    assert not await market.jobs(stall.tenant_id, "stars.end_subscription")
    await market.telegram("POST", path, **own, is_canceled=False)
    await phone.let_bot_work()
    assert (await autopay_of(stall)).status == AutopayStatus.ON
    await market.telegram("POST", path, **own, is_canceled=True)
    await phone.let_bot_work()
    await month_later(phone)
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
    assert await market.count(stall.tenant_id, Payment) == 1


async def test_turned_off_in_the_bot_telegram_charges_nothing_more(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await phone.write("/buy")
    assert "350\xa0★" in await phone.screen()
    await phone.press("Отключить автопродление")
    await market.work()
    assert [one["state"] for one in (await wallet(phone))["subscriptions"]] == ["canceled"]
    await month_later(phone)
    assert await market.count(stall.tenant_id, Payment) == 1


async def test_the_team_can_end_it_too_and_only_once(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    subscription = await subscription_of(stall)
    for _ in range(2):
        async with market.tenant(stall.tenant_id) as session:
            await turn_off(
                session, subscription.id, reason=BY_TEAM, actor=Actor("admin", new_uuid7()), now=market.now()
            )
    await market.work()
    assert [one["state"] for one in (await wallet(phone))["subscriptions"]] == ["canceled"]
    assert len(await market.jobs(stall.tenant_id, "stars.end_subscription")) == 1


async def test_too_few_stars_end_the_access_as_ever(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await market.telegram("PUT", f"/users/{phone.id}/stars", stars=1)
    await month_later(phone)
    assert (await autopay_of(stall)).last_failure == "stars_failed"
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED


async def test_a_second_purchase_does_not_begin_a_second_subscription(stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await bought_with_stars(phone, "Оплатить звёздами")
    assert len((await wallet(phone))["subscriptions"]) == 1


async def test_a_plan_that_is_gone_is_renewed_once_more_at_most(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await stall.change(Plan, stall.plan_id, archived_at=market.now(), is_on_sale=False)
    await month_later(phone)
    assert await market.count(stall.tenant_id, Grant) == 2
    await month_later(phone)
    assert await market.count(stall.tenant_id, Grant) == 2


async def test_stars_go_back_whole_once_and_take_the_access_along(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    counter = Counter(market, stall)
    [order] = await orders(phone)
    with pytest.raises(OnlyWholeRefundError):
        await counter.asked(order, 100)
    refund = await counter.refunded(order, access=REVOKE)
    assert refund.status == RefundStatus.SUCCEEDED
    await phone.let_bot_work()
    await counter.run(refund)
    [refund] = await market.rows(stall.tenant_id, Refund)
    assert (refund.origin, refund.amount_minor, refund.currency) == (RefundOrigin.PORTAL, 350, "XTR")
    assert (await wallet(phone))["stars"] == 10_000
    assert await counter.books() == (0, 0)
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED


@pytest.mark.parametrize("is_renewed", [False, True], ids=["the first charge", "a renewal"])
async def test_stars_that_went_back_end_the_subscription_in_telegram_once_though_access_stays_d15(
    market: Market, stall: Stall, phone: Phone, is_renewed: bool
):
    await bought_with_stars(phone)
    if is_renewed:
        await month_later(phone)
    counter = Counter(market, stall)
    refund = await counter.refunded((await orders(phone))[-1])
    await phone.let_bot_work()
    await counter.run(refund)
    await market.work()
    assert (await subscription_of(stall)).status == SubscriptionStatus.ACTIVE
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "refunded")
    assert [one["state"] for one in (await wallet(phone))["subscriptions"]] == ["canceled"]
    assert len(await market.jobs(stall.tenant_id, "stars.end_subscription")) == 1
    paid = await market.count(stall.tenant_id, Payment)
    await month_later(phone)
    assert await market.count(stall.tenant_id, Payment) == paid


async def test_stars_that_were_paid_once_end_no_subscription_when_they_go_back_d15(
    market: Market, stall: Stall, phone: Phone
):
    await bought_with_stars(phone)
    await bought_with_stars(phone, "Оплатить звёздами")
    await Counter(market, stall).refunded((await orders(phone))[-1])
    assert (await autopay_of(stall)).status == AutopayStatus.ON
    assert not await market.jobs(stall.tenant_id, "stars.end_subscription")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
async def test_stars_whose_return_telegram_does_not_confirm_go_back_once_d15(
    market: Market, stall: Stall, phone: Phone, kind: str
):
    await bought_with_stars(phone)
    counter = Counter(market, stall)
    match = {"on": "call", "method": "refundStarPayment", "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": kind})
    refund = await counter.refunded((await orders(phone))[0], access=REVOKE)
    assert refund.status == RefundStatus.CREATED
    await counter.poll()
    await market.make_due()
    await market.work()
    await phone.let_bot_work()
    assert ((await counter.only_refund()).status, await counter.books()) == (RefundStatus.SUCCEEDED, (0, 0))
    assert (await wallet(phone))["stars"] == 10_000


async def test_an_end_that_nobody_told_us_of_shows_when_the_next_charge_does_not_come(
    market: Market, stall: Stall, phone: Phone
):
    await bought_with_stars(phone)
    charge_id = (await wallet(phone))["subscriptions"][0]["telegram_payment_charge_id"]
    await market.telegram(
        "POST", "/faults", match={"on": "delivery", "method": "subscription"}, effect={"kind": "never"}
    )
    own = {"telegram_payment_charge_id": charge_id}
    await market.telegram("POST", f"/users/{phone.id}/star-subscriptions", **own, is_canceled=True)
    # The update is lost, as by a bot that was stopped for a day: no call of the Bot API tells of a subscription.
    await phone.updates()
    assert (await autopay_of(stall)).status == AutopayStatus.ON
    await month_later(phone)
    await market.skip(hours=4)
    await stall.sweep()
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "ended")
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
    assert await market.count(stall.tenant_id, Payment) == 1


async def test_stars_that_telegram_charges_during_a_pause_wait_with_the_rest(
    market: Market, stall: Stall, phone: Phone
):
    await bought_with_stars(phone)
    subscription = await subscription_of(stall)
    actor = Actor("admin", new_uuid7())
    async with market.tenant(stall.tenant_id) as session:
        paused = await pause_for(session, subscription_id=subscription.id, days=60, actor=actor, now=market.now())
        until_at = paused.paused_until_at
    assert subscription.ends_at is not None
    left = subscription.ends_at - market.now()
    await month_later(phone)
    paused = await subscription_of(stall)
    assert (paused.status, paused.paused_until_at) == (SubscriptionStatus.PAUSED, until_at)
    assert await market.count(stall.tenant_id, Grant) == 2
    async with market.tenant(stall.tenant_id) as session:
        await resume(
            session, subscription_id=subscription.id, by=PausedBy.TEAM, actor=actor, now=(resumed_at := market.now())
        )
    running = await subscription_of(stall)
    assert running.status == SubscriptionStatus.ACTIVE
    assert running.ends_at is not None
    assert abs(running.ends_at - resumed_at - left - timedelta(days=30)) < timedelta(minutes=1)


async def test_a_refund_that_telegram_tells_of_before_it_answers_is_the_asked_one(
    market: Market, stall: Stall, phone: Phone
):
    await bought_with_stars(phone)
    counter = Counter(market, stall)
    [order] = await orders(phone)
    refund = await counter.asked(order)
    token = phone.bot.token.reveal()
    url = f"{market.telegram_url}/bot{token}/refundStarPayment"
    body = {"user_id": phone.id, "telegram_payment_charge_id": order.provider_payment_id}
    async with market.http.post(url, json=body) as answer:
        assert answer.status == 200
    await phone.let_bot_work()
    await market.work()
    [known] = await market.rows(stall.tenant_id, Refund)
    assert (known.id, known.status, known.origin) == (refund.id, RefundStatus.SUCCEEDED, RefundOrigin.PORTAL)
    assert await counter.books() == (0, 0)


async def test_stars_that_somebody_else_gave_back_are_noticed(market: Market, stall: Stall, phone: Phone):
    link = await open_invoice(phone)
    await pay_stars(phone, link)
    [order] = await orders(phone)
    url = f"{market.telegram_url}/bot{phone.bot.token.reveal()}/refundStarPayment"
    body = {"user_id": phone.id, "telegram_payment_charge_id": order.provider_payment_id}
    async with market.http.post(url, json=body) as answer:
        assert answer.status == 200
    await phone.let_bot_work()
    [noted] = await market.rows(stall.tenant_id, Refund)
    assert (noted.origin, noted.status) == (RefundOrigin.GATEWAY, RefundStatus.SUCCEEDED)
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
