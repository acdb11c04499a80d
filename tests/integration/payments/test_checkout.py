"""Starting an order: one open order for a person and a plan, created once at the gateway."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.jobs.catalogue import OpenPayment
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.jobs import JobStatus
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Grant
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.plans.errors import ChannelNotReadyError, PlanNotOnSaleError
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def test_a_paid_order_gives_access_by_polling_alone_when_no_notice_ever_comes_d2(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    assert payment.status == PaymentStatus.SUCCEEDED
    assert payment.delivery_state == DeliveryState.LINK_SENT
    assert await market.count(stall.tenant_id, Grant) == 1
    assert "Club" in (await stall.texts(anna))[-1]


async def test_eight_taps_at_once_make_one_payment_at_the_gateway_d9(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    orders = await asyncio.gather(*(stall.order(anna) for _ in range(8)))
    await market.work()
    assert len({order.id for order in orders}) == 1
    assert await market.count(stall.tenant_id, Payment) == 1
    assert len(await stall.at_gateway(orders[0])) == 1


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 500, "after": True},
        {"kind": "html_body", "status": 502},
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "rate_limit"},
    ],
    ids=lambda effect: "-".join(map(str, effect.values())),
)
async def test_a_create_call_without_a_usable_answer_is_repeated_and_makes_one_payment_d7(
    market: Market, stall: Stall, effect: dict[str, object]
) -> None:
    anna = await stall.buyer()
    match = {"method": "POST", "path": "/v3/payments", "count": 2}
    await market.yookassa("POST", "/faults", match=match, effect=effect)
    payment = await stall.order(anna)
    for _ in range(3):
        await market.work()
        await market.skip(seconds=20)
    found = await stall.at_gateway(payment)
    assert [item["id"] for item in found] == [(await stall.payment(payment.id)).provider_payment_id]
    sent = (await market.yookassa("GET", "/requests?method=POST&path=/v3/payments"))["requests"]
    assert {request["idempotence_key"] for request in sent} == {payment.idempotence_key}
    assert len(sent) == 3


async def test_the_key_is_not_sent_again_after_23_hours_and_the_payment_is_found_by_the_list_d8(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.order(anna)
    lost = {"method": "POST", "path": "/v3/payments", "count": 1}
    await market.yookassa("POST", "/faults", match=lost, effect={"kind": "drop_after"})
    with pytest.raises(GatewayUnavailableError):
        await market.run(stall.tenant_id, OpenPayment(payment.id))
    made = (await stall.at_gateway(payment))[0]
    await market.yookassa("POST", f"/payments/{made['id']}/pay", card="5555555555554477")
    await market.skip(hours=25)
    await stall.poll()
    sent = (await market.yookassa("GET", "/requests?method=POST&path=/v3/payments"))["requests"]
    assert len(sent) == 1
    after = await stall.payment(payment.id)
    assert (after.status, after.provider_payment_id) == (PaymentStatus.SUCCEEDED, made["id"])
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_an_order_that_the_gateway_never_got_is_given_up_after_23_hours_and_can_be_made_anew_d8(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.order(anna)
    match = {"method": "POST", "path": "/v3/payments", "count": 1}
    await market.yookassa("POST", "/faults", match=match, effect={"kind": "drop_before"})
    with pytest.raises(GatewayUnavailableError):
        await market.run(stall.tenant_id, OpenPayment(payment.id))
    await market.skip(hours=25)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED
    again = await stall.ordered(anna)
    assert (again.id != payment.id, again.status) == (True, PaymentStatus.PENDING)


async def test_failed_checks_do_not_pile_up_while_the_gateway_is_away(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await market.yookassa(
        "POST", "/faults", match={"path": f"/v3/payments/{payment.provider_payment_id}"}, effect={"kind": "html_body"}
    )
    for _ in range(4):
        await stall.poll()
    assert not await market.jobs(stall.tenant_id, "payments", status=JobStatus.READY)
    await market.yookassa("DELETE", "/faults")
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_the_price_at_the_time_of_the_order_is_honoured_d16(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await stall.change(Plan, stall.plan_id, price_minor=199_000, period_count=1)
    await stall.pay(payment)
    await stall.poll()
    after = await stall.payment(payment.id)
    assert (after.status, after.amount_minor, after.period_count) == (PaymentStatus.SUCCEEDED, 99_000, 30)


async def test_a_changed_price_takes_the_place_of_the_open_order_and_both_links_are_honoured_d11(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    old = await stall.ordered(anna)
    await stall.change(Plan, stall.plan_id, price_minor=199_000)
    new = await stall.ordered(anna)
    assert (old.id != new.id, new.amount_minor) == (True, 199_000)
    await stall.pay(new)
    await stall.pay(old)
    await stall.poll()
    assert await market.count(stall.tenant_id, Grant) == 2


async def test_wrong_keys_stop_only_the_shop_that_they_belong_to_d20(market: Market, stall: Stall) -> None:
    other = await open_stall(market)
    await market.yookassa("POST", f"/shops/{stall.shop['shop_id']}/rotate-key")
    anna, ben = await stall.buyer(), await other.buyer()
    refused = await stall.ordered(anna)
    assert (refused.status, refused.cancellation_reason) == (PaymentStatus.CANCELED, "shop_rejected")
    assert "купить нельзя" in (await stall.texts(anna))[-1]
    assert not await market.jobs(stall.tenant_id, status=JobStatus.DEAD)
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_status == ShopStatus.REJECTED
    with pytest.raises(ShopNotConnectedError):
        await stall.order(await stall.buyer())
    assert (await other.bought(ben)).status == PaymentStatus.SUCCEEDED


async def test_nothing_is_sold_that_could_not_be_handed_over_e9(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.RIGHTS_MISSING)
    with pytest.raises(ChannelNotReadyError):
        await stall.order(anna)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.ACTIVE)
    await stall.change(Plan, stall.plan_id, is_on_sale=False)
    with pytest.raises(PlanNotOnSaleError):
        await stall.order(anna)


async def test_a_revoked_token_pauses_the_bot_and_its_jobs_wait_without_losing_tries_e7(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await market.telegram("POST", f"/bots/{stall.telegram_bot_id}/revoke-token")
    await stall.pay(payment)
    await stall.poll()
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).status == BotStatus.TOKEN_REVOKED
    waiting = await market.jobs(stall.tenant_id, "access.deliver", status=JobStatus.READY)
    assert [job.attempts for job in waiting] == [0]
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.GRANTED
