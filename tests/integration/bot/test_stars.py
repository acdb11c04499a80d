"""Paying in Stars: one order, one grant, whatever Telegram repeats, delays or asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumenpay.models.access import AccessLog
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Grant
from lumenpay.payments.directory import PaymentFilters, sum_payments
from tenants_worker.tasks import payments as payment_tasks
from tests.support.chat import Phone, open_phone
from tests.support.market import Market
from tests.support.renewing import subscription_of
from tests.support.stall import Stall, open_stall
from tests.support.stars import STARS_PRICE, bought_with_stars, charges, open_invoice, orders, pay_stars, wallet


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, stars=STARS_PRICE)


async def test_the_card_offers_both_prices_and_stars_let_the_payer_in(market: Market, stall: Stall, phone: Phone):
    await phone.write("/buy")
    await phone.press("Club")
    shown = await phone.captions()
    assert any("990\xa0₽" in one for one in shown)
    assert any("звёздами: 350" in one for one in shown)
    await bought_with_stars(phone)
    [order] = await orders(phone)
    assert (order.status, order.delivery_state) == (PaymentStatus.SUCCEEDED, DeliveryState.LINK_SENT)
    assert (order.provider, order.currency, order.amount_minor, order.is_test) == ("stars", "XTR", 350, False)
    assert order.provider_payment_id == charges(phone)[0]["message"]["successful_payment"]["telegram_payment_charge_id"]
    assert (await wallet(phone))["stars"] == 10_000 - 350
    entries = await market.rows(stall.tenant_id, LedgerEntry)
    assert sorted((one.amount_minor, one.currency) for one in entries) == [(-350, "XTR"), (350, "XTR")]


async def test_a_payment_that_is_told_of_again_is_granted_once(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    ends_at = (await subscription_of(stall)).ends_at
    for _ in range(3):
        await phone.feed(charges(phone)[0])
    await market.work()
    assert (await subscription_of(stall)).ends_at == ends_at
    assert await market.count(stall.tenant_id, Grant) == await market.count(stall.tenant_id, Payment) == 1
    assert await market.count(stall.tenant_id, LedgerEntry) == 2
    assert len([one for one in await market.rows(stall.tenant_id, AccessLog) if one.action == "granted"]) == 1


async def test_only_the_person_of_the_order_may_pay_it(stall: Stall, phone: Phone):
    link = await open_invoice(phone)
    other = await open_phone(stall)
    await other.write("/start")
    phone.seen += other.seen
    refused = await pay_stars(phone, link, payer=other.id)
    assert refused["outcome"] == "refused"
    assert "другому человеку" in refused["error_message"]
    assert (await pay_stars(phone, link))["outcome"] == "paid"
    again = await pay_stars(phone, link)
    assert "уже оплачен" in again["error_message"]


async def test_an_invoice_whose_order_gave_way_or_is_too_old_takes_no_stars(market: Market, stall: Stall, phone: Phone):
    first = await open_invoice(phone)
    await open_invoice(phone, "990\xa0₽")
    assert (await pay_stars(phone, first))["outcome"] == "refused"
    second = await open_invoice(phone)
    await market.skip(hours=1, minutes=1)
    late = await pay_stars(phone, second)
    assert (late["outcome"], "больше не действует" in late["error_message"]) == ("refused", True)
    await payment_tasks.poll_due(market.worker, market.now())
    await market.work()
    assert {one.status for one in await orders(phone) if one.provider == "stars"} == {PaymentStatus.CANCELED}


async def test_nobody_is_charged_while_nobody_could_be_let_in(stall: Stall, phone: Phone):
    link = await open_invoice(phone)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.RIGHTS_MISSING)
    assert (await pay_stars(phone, link))["outcome"] == "refused"
    assert (await wallet(phone))["stars"] == 10_000


async def test_the_price_of_the_order_is_honoured_when_the_plan_changes(stall: Stall, phone: Phone):
    link = await open_invoice(phone)
    await stall.change(Plan, stall.plan_id, stars=900)
    assert (await pay_stars(phone, link))["outcome"] == "paid"
    [order] = await orders(phone)
    assert order.amount_minor == 350


async def test_stars_of_a_closed_order_are_honoured(market: Market, stall: Stall, phone: Phone):
    """The question was answered in time; the payment was told of after the order had been closed."""
    link = await open_invoice(phone)
    await pay_stars(phone, link, is_told=False)
    await market.skip(hours=1, minutes=1)
    await payment_tasks.poll_due(market.worker, market.now())
    await market.work()
    [order] = await orders(phone)
    assert order.status == PaymentStatus.CANCELED
    await phone.feed(charges(phone)[0])
    [order] = await orders(phone)
    assert order.status == PaymentStatus.SUCCEEDED
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_two_payments_of_one_invoice_buy_two_periods(market: Market, stall: Stall, phone: Phone):
    """Both were let through before either was told of: no Stars are lost, and each can be given back."""
    link = await open_invoice(phone)
    await pay_stars(phone, link, is_told=False)
    await pay_stars(phone, link, is_told=False)
    for told in (*reversed(charges(phone)), *charges(phone)):
        await phone.feed(told)
    first, second = await orders(phone)
    assert len({first.provider_payment_id, second.provider_payment_id}) == 2
    assert await market.count(stall.tenant_id, Grant) == 2
    ends_at = (await subscription_of(stall)).ends_at
    assert ends_at is not None
    assert ends_at - market.now() > timedelta(days=59)


async def test_a_bot_without_a_shop_sells_for_stars_alone(market: Market, stall: Stall, phone: Phone):
    await stall.change(Bot, stall.bot_id, shop_status=ShopStatus.NOT_CONNECTED)
    await phone.write("/buy")
    await phone.press("Club")
    assert not [one for one in await phone.captions() if "₽" in one]
    await bought_with_stars(phone)
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_a_plan_in_stars_has_one_price(market: Market, stall: Stall, phone: Phone):
    await stall.change(Plan, stall.plan_id, price_minor=700, currency="XTR", stars=None)
    await stall.promo("HALF")
    await phone.write("/start promo_HALF")
    await bought_with_stars(phone, "350")
    [order] = await orders(phone)
    assert (order.amount_minor, order.list_price_minor, order.currency) == (350, 700, "XTR")


async def test_stars_are_never_summed_up_with_money(market: Market, stall: Stall, phone: Phone):
    await bought_with_stars(phone)
    await stall.bought(await stall.buyer())
    async with market.tenant(stall.tenant_id) as session:
        sums = await sum_payments(session, PaymentFilters())
    assert sorted((one.currency, one.amount_minor) for one in sums) == [("RUB", 99_000), ("XTR", 350)]


async def test_an_invoice_of_another_system_is_refused_and_its_stars_change_nothing(
    market: Market, stall: Stall, phone: Phone
):
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.MONTH, period_count=1)
    link = await open_invoice(phone)
    [order] = await orders(phone)
    charge = {"currency": "XTR", "total_amount": 1, "invoice_payload": "theirs", "telegram_payment_charge_id": "c",
              "provider_payment_charge_id": "p"}  # fmt: skip
    person = {"id": phone.id, "is_bot": False, "first_name": "A"}
    message = {"message_id": 5, "date": 1, "chat": {"id": phone.id, "type": "private"}, "from": person}
    await phone.feed({"update_id": 10**9, "message": message | {"successful_payment": charge}})
    assert await market.count(stall.tenant_id, Grant) == 0
    forged = charge | {"invoice_payload": str(order.id)}
    await phone.feed({"update_id": 10**9 + 1, "message": message | {"successful_payment": forged}})
    [order] = await orders(phone)
    assert (order.status, order.quarantine_reason) == (PaymentStatus.QUARANTINED, "amount")
    assert link.startswith("https://t.me/$")
