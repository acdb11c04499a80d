"""Asking the gateway about one order because somebody wants to know: whatever its state, without ever creating one."""

from __future__ import annotations

from datetime import datetime

import pytest

from lumenpay.jobs.catalogue import CheckPayment, OpenPayment
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.jobs import JobStatus
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.payments.errors import GatewayUnavailableError
from tests.support.market import Market
from tests.support.stall import Stall

LOST = {"method": "POST", "path": "/v3/payments", "count": 1}


async def check(market: Market, stall: Stall, payment: Payment) -> Payment:
    await market.run(stall.tenant_id, CheckPayment(payment.id))
    return await stall.payment(payment.id)


async def created_at_gateway(market: Market) -> int:
    return len((await market.yookassa("GET", "/requests?method=POST&path=/v3/payments"))["requests"])


async def test_a_canceled_order_that_was_paid_is_honoured_by_a_check_d14(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.change(Payment, payment.id, status=PaymentStatus.CANCELED, next_check_at=None)
    await stall.pay(payment)
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.SUCCEEDED, "granted")
    assert isinstance(after.checked_at, datetime)


async def test_a_quarantined_order_is_looked_at_again_and_stays_or_heals_d14(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    at_gateway = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    at_gateway.body["test"] = False
    await stall.poll()
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.QUARANTINED, "quarantined")
    at_gateway.body["test"] = True
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.SUCCEEDED, "granted")


async def test_an_order_without_an_id_of_the_gateway_is_found_by_the_list_and_its_key_is_not_sent_d8(
    market: Market, stall: Stall
) -> None:
    payment = await stall.order(await stall.buyer())
    await market.yookassa("POST", "/faults", match=LOST, effect={"kind": "drop_after"})
    with pytest.raises(GatewayUnavailableError):
        await market.run(stall.tenant_id, OpenPayment(payment.id))
    await stall.change(Payment, payment.id, status=PaymentStatus.CANCELED, next_check_at=None)
    made = (await stall.at_gateway(payment))[0]
    await market.yookassa("POST", f"/payments/{made['id']}/pay", card="5555555555554477")
    after = await check(market, stall, payment)
    assert (after.status, after.provider_payment_id) == (PaymentStatus.SUCCEEDED, made["id"])
    assert await created_at_gateway(market) == 1


async def test_an_order_that_the_gateway_never_got_says_so(market: Market, stall: Stall) -> None:
    payment = await stall.order(await stall.buyer())
    await market.yookassa("POST", "/faults", match=LOST, effect={"kind": "drop_before"})
    with pytest.raises(GatewayUnavailableError):
        await market.run(stall.tenant_id, OpenPayment(payment.id))
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.CREATED, "unknown_to_the_gateway")
    assert await created_at_gateway(market) == 1
    await market.skip(hours=25)
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.CANCELED, "never_created")


async def test_a_check_finds_the_link_of_a_lost_answer_and_shows_it(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.order(anna)
    await market.yookassa("POST", "/faults", match=LOST, effect={"kind": "drop_after"})
    with pytest.raises(GatewayUnavailableError):
        await market.run(stall.tenant_id, OpenPayment(payment.id))
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.PENDING, "still_open")
    assert "К оплате" in (await stall.texts(anna))[-1]


@pytest.mark.parametrize(
    ("effect", "result"),
    [
        ({"kind": "status", "status": 500}, "gateway_unavailable"),
        ({"kind": "status", "status": 400}, "gateway_refused"),
        ({"kind": "status", "status": 404}, "unknown_to_the_gateway"),
        ({"kind": "status", "status": 401}, "keys_refused"),
    ],
    ids=str,
)
async def test_what_keeps_a_check_from_learning_anything_is_told_and_makes_no_dead_job(
    market: Market, stall: Stall, effect: dict[str, object], result: str
) -> None:
    payment = await stall.ordered(await stall.buyer())
    match = {"path": f"/v3/payments/{payment.provider_payment_id}"}
    await market.yookassa("POST", "/faults", match=match, effect=effect)
    for _ in range(3):
        await stall.poll()
    after = await stall.payment(payment.id)
    assert (after.status, after.check_result) == (PaymentStatus.PENDING, result)
    waiting = await market.jobs(stall.tenant_id, "payments", status=JobStatus.READY)
    assert (waiting, await market.jobs(stall.tenant_id, status=JobStatus.DEAD)) == ([], [])


async def test_keys_that_do_not_open_keep_the_order_waiting_without_dead_jobs(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    sealed = (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_sealed
    await stall.change(Bot, stall.bot_id, shop_sealed="damaged")
    await market.skip(hours=3)
    await stall.poll()
    after = await stall.payment(payment.id)
    assert (after.status, after.check_result) == (PaymentStatus.PENDING, "keys_do_not_open")
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
    await stall.change(Bot, stall.bot_id, shop_sealed=sealed, shop_status=ShopStatus.ACTIVE)
    await market.skip(minutes=10)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED


async def test_there_is_nothing_to_ask_about_a_paid_order(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    after = await check(market, stall, payment)
    assert (after.status, after.check_result) == (PaymentStatus.SUCCEEDED, "nothing_to_ask")
