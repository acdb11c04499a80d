"""What a failed charge leads to, reason by reason: said once, tried again within the grace, or given up."""

from __future__ import annotations

import pytest

from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayStatus, ChargeState
from lumenpay.models.bots import Bot
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.users.repository import get_user
from tests.support.market import Market
from tests.support.renewing import (
    CONSENT,
    automatic,
    autopay_of,
    charge_of,
    charged,
    come_to_charge,
    next_charges_end,
    renewing,
    skip_to_end,
    subscription_of,
)
from tests.support.stall import Stall, open_stall

DAY = 86_400


async def failed(market: Market, reason: str, *, grace_days: int = 5) -> tuple[Stall, list[str]]:
    """A charge that the gateway refused; what the person was told of it."""
    stall = await open_stall(market, is_recurring=True, tenant={"grace_seconds": grace_days * DAY})
    anna = await renewing(stall)
    await next_charges_end(stall, reason)
    await come_to_charge(stall)
    before = len(await stall.texts(anna))
    await stall.sweep()
    await stall.sweep()
    return stall, (await stall.texts(anna))[before:]


async def test_without_enough_money_it_is_tried_again_and_succeeds_d13(market: Market) -> None:
    stall, told = await failed(market, "insufficient_funds")
    assert len(told) == 1
    assert "не хватило денег" in told[0]
    assert "Попробую ещё раз" in told[0]
    autopay, end = await autopay_of(stall), (await subscription_of(stall)).ends_at
    assert (autopay.status, autopay.last_failure) == (AutopayStatus.ON, "insufficient_funds")
    await market.skip(days=1)
    await next_charges_end(stall, None)
    await stall.sweep()
    assert len(await automatic(stall)) == 1
    await market.skip(hours=2)
    await stall.sweep()
    assert [payment.status for payment in await automatic(stall)] == [PaymentStatus.CANCELED, PaymentStatus.SUCCEEDED]
    subscription, autopay = await subscription_of(stall), await autopay_of(stall)
    assert end is not None
    assert subscription.ends_at is not None
    assert subscription.ends_at > end
    assert (autopay.last_failure, (await charge_of(stall)).attempts) == (None, 2)


async def test_the_schedule_ends_with_the_grace_and_expiry_runs_as_ever_d13(market: Market) -> None:
    stall, _ = await failed(market, "insufficient_funds")
    for days in (1, 1, 1, 1, 1, 1):
        await market.skip(days=days, hours=1)
        await stall.sweep()
    assert len(await automatic(stall)) == 3
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason, autopay.method_ref) == (AutopayStatus.OFF, "ended", None)
    await market.skip(days=10)
    await stall.sweep()
    assert len(await automatic(stall)) == 3
    assert await charged(stall) == ["990.00"]


async def test_without_grace_the_person_is_asked_to_pay_and_access_ends_d13(market: Market) -> None:
    stall, told = await failed(market, "insufficient_funds", grace_days=0)
    assert len(told) == 1
    assert "оплатите продление" in told[0]
    await skip_to_end(stall, hours=0)
    await stall.sweep()
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED
    assert len(await automatic(stall)) == 1


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("card_expired", "срок действия карты истёк"),
        ("invalid_card_number", "номер карты больше не действует"),
        ("permission_revoked", "разрешение на списания отозвано"),
        ("fraud_suspected", "подозрительным"),
    ],
)
async def test_a_method_that_is_gone_is_forgotten_and_another_one_asked_for_d13(
    market: Market, reason: str, words: str
) -> None:
    stall, told = await failed(market, reason)
    assert len(told) == 1
    assert words in told[0]
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason, autopay.method_ref) == (AutopayStatus.OFF, reason, None)
    assert (await charge_of(stall)).state == ChargeState.FAILED
    await market.skip(days=4)
    await stall.sweep()
    assert len(await automatic(stall)) == 1
    [event] = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "autopay.charge_failed")
    assert event.details["reason"] == reason


async def test_another_card_takes_the_place_of_the_one_that_expired_d13(market: Market) -> None:
    stall, _ = await failed(market, "card_expired")
    [row] = await market.rows(stall.tenant_id, Autopay)
    async with market.tenant(stall.tenant_id) as session:
        anna = await get_user(session, row.user_id)
    await stall.bought(anna, consent=CONSENT)
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.last_failure) == (AutopayStatus.ON, None)
    await come_to_charge(stall)
    await stall.sweep()
    assert await charged(stall) == ["990.00"] * 3


async def test_a_shop_that_may_not_save_sells_with_an_ordinary_link(market: Market) -> None:
    stall = await open_stall(market, is_recurring=True)
    await market.yookassa("PUT", f"/shops/{stall.shop['shop_id']}/recurring", is_enabled=False)
    anna = await stall.buyer()
    payment = await stall.ordered(anna, consent=CONSENT)
    assert payment.confirmation_url is not None
    assert payment.saves_method is False
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert await market.count(stall.tenant_id, Autopay) == 0
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert bot.shop_recurring_refused_at is not None
    assert bot.shop_status == "active"
    # The next one is not even asked.
    again = await stall.ordered(await stall.buyer(), consent=CONSENT)
    assert "save_payment_method" not in (again.request_body or {})
    events = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "shop.recurring_refused")
    assert len(events) == 1


async def test_a_card_that_was_not_saved_leaves_an_ordinary_purchase_and_marks_the_shop(market: Market) -> None:
    stall = await open_stall(market, is_recurring=True)
    market.gateway.store.shops[stall.shop["shop_id"]].forgets_methods = True
    payment = await stall.bought(await stall.buyer(), consent=CONSENT)
    assert payment.status == PaymentStatus.SUCCEEDED
    assert await market.count(stall.tenant_id, Autopay) == 0
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_recurring_refused_at is not None


async def test_a_shop_that_may_no_longer_charge_asks_for_a_payment_by_hand(market: Market) -> None:
    stall = await open_stall(market, is_recurring=True)
    anna = await renewing(stall)
    await market.yookassa("PUT", f"/shops/{stall.shop['shop_id']}/recurring", is_enabled=False)
    await come_to_charge(stall)
    before = len(await stall.texts(anna))
    await stall.sweep()
    [told] = (await stall.texts(anna))[before:]
    assert "продавец больше не может списывать сам" in told
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.off_reason) == (AutopayStatus.OFF, "shop_without_recurring")
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert bot.shop_status == "active"
    assert bot.shop_recurring_refused_at is not None
