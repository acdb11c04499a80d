"""Notices of the gateway: their bodies are never believed, and what they point at is settled once."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from lumenpay.audit.service import SYSTEM
from lumenpay.jobs.catalogue import CheckNotice, CheckPayment, DeliverAccess, OpenPayment, Queue
from lumenpay.jobs.errors import JobPostponed
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.jobs import JobStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod
from lumenpay.payments.shops import disconnect_shop
from lumenpay.subscriptions.settlement import SettlementOutcome, settle_payment
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def count_effects(market: Market, stall: Stall) -> tuple[int, int, int, int]:
    tables: tuple[Any, ...] = (Grant, SubscriptionPeriod, LedgerEntry)
    counts = [await market.count(stall.tenant_id, table) for table in tables]
    granted = await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.GRANTED)
    return counts[0], counts[1], counts[2], granted


async def test_fifty_copies_of_one_notice_at_once_give_one_grant_d1(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    object_id = payment.provider_payment_id or ""
    notices = await asyncio.gather(*(stall.notice(object_id) for _ in range(50)))
    assert len(set(notices)) == 1
    await asyncio.gather(*(market.run(stall.tenant_id, CheckNotice(notices[0])) for _ in range(50)))
    await market.work()
    assert await count_effects(market, stall) == (1, 1, 2, 1)
    assert len(await market.jobs(stall.tenant_id, "access.deliver")) == 1


async def test_poll_notice_and_a_second_look_at_once_give_one_grant_d10(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    observed = await stall.observed(payment)

    async def settle() -> SettlementOutcome:
        async with market.tenant(stall.tenant_id) as session:
            return await settle_payment(session, payment_id=payment.id, observed=observed, now=market.now())

    outcomes = await asyncio.gather(*(settle() for _ in range(20)))
    assert sorted(outcomes).count(SettlementOutcome.GRANTED) == 1
    assert set(outcomes) == {SettlementOutcome.GRANTED, SettlementOutcome.ALREADY_SETTLED}
    assert await count_effects(market, stall) == (1, 1, 2, 1)


async def test_a_notice_before_our_create_answer_is_stored_finds_the_order_by_its_metadata_d3(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            update(Payment)
            .where(Payment.tenant_id == stall.tenant_id, Payment.id == payment.id)
            .values(provider_payment_id=None, confirmation_url=None, status=PaymentStatus.CREATED)
        )
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    await market.run(stall.tenant_id, OpenPayment(payment.id))
    after = await stall.payment(payment.id)
    assert (after.status, after.provider_payment_id) == (PaymentStatus.SUCCEEDED, payment.provider_payment_id)
    assert await count_effects(market, stall) == (1, 1, 2, 1)


@pytest.mark.parametrize("order", list(permutations(("payment.canceled", "payment.succeeded", "refund.succeeded"))))
async def test_notices_in_any_order_end_where_the_gateway_says_d4(
    market: Market, stall: Stall, order: tuple[str, ...]
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    refund = await market.yookassa("POST", f"/payments/{payment.provider_payment_id}/refund")
    for event in order:
        object_id = refund["id"] if event == "refund.succeeded" else payment.provider_payment_id or ""
        await stall.check(await stall.notice(object_id, event))
    after = await stall.payment(payment.id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.SUCCEEDED, 99_000)
    assert await count_effects(market, stall) == (1, 1, 4, 1)


async def test_a_forged_success_of_an_unpaid_order_has_no_effect_d5(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.check(await stall.notice(payment.provider_payment_id or "", status="succeeded", paid=True))
    assert (await stall.payment(payment.id)).status == PaymentStatus.PENDING
    assert await count_effects(market, stall) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount": {"value": "1.00", "currency": "RUB"}}, "amount"),
        ({"amount": {"value": "990.00", "currency": "USD"}}, "currency"),
        ({"test": False}, "test_flag"),
        ({"recipient": {"account_id": "999999", "gateway_id": "1"}}, "shop"),
        ({"metadata": {"payment_id": "a7412a24-7883-41ef-829f-983210a0d3c0"}}, "metadata"),
        ({"metadata": {}}, "metadata"),
    ],
    ids=str,
)
async def test_a_payment_that_contradicts_the_order_is_put_aside_and_shown_d6(
    market: Market, stall: Stall, change: dict[str, Any], reason: str
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    at_gateway = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    at_gateway.body.update(change)
    await stall.check(notice_id := await stall.notice(payment.provider_payment_id or ""))
    after = await stall.payment(payment.id)
    assert (after.status, after.quarantine_reason) == (PaymentStatus.QUARANTINED, reason)
    assert (await market.get(stall.tenant_id, PaymentNotice, notice_id)).status == InboxStatus.QUARANTINED
    assert await count_effects(market, stall) == (0, 0, 0, 0)


async def test_money_is_honoured_once_what_contradicted_the_order_is_put_right_d14(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    at_gateway = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    at_gateway.body["test"] = False
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    at_gateway.body["test"] = True
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_another_look_at_a_payment_that_was_put_aside_settles_it_once_it_is_put_right_d6(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    at_gateway = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    at_gateway.body["test"] = False
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    await market.run(stall.tenant_id, CheckPayment(payment.id))
    assert (await stall.payment(payment.id)).status == PaymentStatus.QUARANTINED
    at_gateway.body["test"] = True
    await market.run(stall.tenant_id, CheckPayment(payment.id))
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert await count_effects(market, stall) == (1, 1, 2, 1)


async def test_a_second_gateway_payment_that_names_an_order_leaves_the_order_alone_d6(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    stranger = await stall.ordered(await stall.buyer())
    await stall.pay(stranger)
    market.gateway.store.payments.by_id[stranger.provider_payment_id or ""].body["metadata"] = {
        "payment_id": str(payment.id)
    }
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(update(Payment).where(Payment.id == stranger.id).values(provider_payment_id=str(uuid4())))
    notice_id = await stall.notice(stranger.provider_payment_id or "")
    await stall.check(notice_id)
    assert (await market.get(stall.tenant_id, PaymentNotice, notice_id)).status == InboxStatus.QUARANTINED
    assert await market.count(stall.tenant_id, Grant) == 0
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


async def test_a_payment_of_another_shop_cannot_be_used_through_a_notice_d5(market: Market, stall: Stall) -> None:
    other = await open_stall(market)
    foreign = await other.ordered(await other.buyer())
    await other.pay(foreign)
    notice_id = await stall.notice(foreign.provider_payment_id or "")
    with pytest.raises(JobPostponed):
        await stall.check(notice_id)
    assert await count_effects(market, stall) == (0, 0, 0, 0)
    await market.skip(hours=1, minutes=1)
    await stall.check(notice_id)
    notice = await market.get(stall.tenant_id, PaymentNotice, notice_id)
    assert (notice.status, notice.reason) == (InboxStatus.QUARANTINED, "unknown_to_the_gateway")


async def test_an_object_that_the_gateway_does_not_know_yet_is_asked_for_again_d24(
    market: Market, stall: Stall
) -> None:
    payment = await stall.ordered(await stall.buyer())
    await stall.pay(payment)
    hidden = market.gateway.store.payments.by_id.pop(payment.provider_payment_id or "")
    notice_id = await stall.notice(payment.provider_payment_id or "")
    await market.work()
    assert (await market.get(stall.tenant_id, PaymentNotice, notice_id)).status == InboxStatus.NEW
    market.gateway.store.payments.by_id[payment.provider_payment_id or ""] = hidden
    await market.skip(seconds=61)
    await market.work()
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "refused_by_the_gateway"),
        (401, "keys_refused_by_the_gateway"),
        (403, "keys_refused_by_the_gateway"),
        (404, "unknown_to_the_gateway"),
    ],
)
async def test_a_notice_that_the_gateway_says_nothing_about_is_put_aside_and_stops_no_sales_d5_d24(
    market: Market, stall: Stall, status: int, reason: str
) -> None:
    payment = await stall.ordered(await stall.buyer())
    notice_id = await stall.notice(payment.provider_payment_id or "")
    fault = {"match": {"path": "/v3/payments/*"}, "effect": {"kind": "status", "status": status}}
    await market.yookassa("POST", "/faults", **fault)
    await market.work(Queue.MONEY)
    await market.skip(hours=1, minutes=1)
    await market.work(Queue.MONEY)
    await market.yookassa("DELETE", "/faults")
    notice = await market.get(stall.tenant_id, PaymentNotice, notice_id)
    assert (notice.status, notice.reason) == (InboxStatus.QUARANTINED, reason)
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).shop_status == ShopStatus.ACTIVE


async def test_notices_of_a_shop_that_was_disconnected_are_put_aside_d24(market: Market, stall: Stall) -> None:
    # An order of ours would be looked into with the keys that it was made with.
    notice_id = await stall.notice(str(uuid4()))
    async with market.tenant(stall.tenant_id) as session:
        await disconnect_shop(session, stall.bot_id, ring=market.ring, actor=SYSTEM, now=market.now())
    await market.work(Queue.MONEY)
    await market.skip(hours=1, minutes=1)
    await market.work(Queue.MONEY)
    notice = await market.get(stall.tenant_id, PaymentNotice, notice_id)
    assert (notice.status, notice.reason) == (InboxStatus.QUARANTINED, "shop_not_connected")
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []


async def test_a_payment_that_the_shop_took_elsewhere_is_left_alone(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    entry = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    entry.body["metadata"] = {"payment_id": str(uuid4())}
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(update(Payment).where(Payment.id == payment.id).values(provider_payment_id=None))
    await stall.check(notice_id := await stall.notice(payment.provider_payment_id or ""))
    notice = await market.get(stall.tenant_id, PaymentNotice, notice_id)
    assert (notice.status, notice.reason) == (InboxStatus.HANDLED, "not_an_order_of_ours")


async def test_money_that_comes_after_we_gave_the_order_up_is_honoured_d14(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await stall.pay(payment, decline=True)
    await stall.poll()
    assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED
    entry = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    entry.body.update(status="succeeded", paid=True)
    entry.body.pop("cancellation_details", None)
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert await count_effects(market, stall) == (1, 1, 2, 1)


async def test_a_declined_payment_is_told_once_and_opens_nothing(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    before = len(await stall.texts(anna))
    await stall.pay(payment, decline=True)
    object_id = payment.provider_payment_id or ""
    for _ in range(3):
        await stall.notice(object_id, "payment.canceled")
        await market.work()
        await stall.poll()
    after = await stall.payment(payment.id)
    assert (after.status, bool(after.cancellation_reason)) == (PaymentStatus.CANCELED, True)
    assert len(await stall.texts(anna)) == before + 1
    assert await count_effects(market, stall) == (0, 0, 0, 0)
    assert await market.count(stall.tenant_id, Subscription) == 0
    await market.run(stall.tenant_id, DeliverAccess(payment.id))
    assert len(await stall.texts(anna)) == before + 1
