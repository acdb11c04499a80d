"""Refunds that were made at the gateway: told of by a notice or found by asking, in any order, believed of nobody."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.jobs.catalogue import CheckNotice
from lumenpay.models.bots import Bot
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.models.subscriptions import SubscriptionStatus
from tests.integration.refunds.counter import Counter
from tests.support.market import Market
from tests.support.stall import open_stall


@pytest.mark.parametrize("way", ["notice", "sweep"])
async def test_a_refund_made_in_the_cabinet_is_booked_and_all_of_it_ends_access_d15(
    market: Market, counter: Counter, way: str
) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    payment = await stall.bought(anna)
    made = await counter.in_cabinet(payment)
    await (counter.noticed(made) if way == "notice" else counter.sweep())
    refund = await counter.only_refund()
    assert (refund.origin, refund.status, refund.access) == (
        RefundOrigin.GATEWAY, RefundStatus.SUCCEEDED, AccessAfterRefund.REVOKE,
    )  # fmt: skip
    assert (await stall.payment(payment.id)).refunded_minor == 99_000
    assert await counter.books() == (0, 0)
    assert (await counter.subscription()).status == SubscriptionStatus.EXPIRED
    await counter.sweep()
    assert len([text for text in await stall.texts(anna) if "Вернули" in text]) == 1


async def test_a_part_given_back_in_the_cabinet_leaves_access_d15(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    await counter.in_cabinet(payment, "100.00")
    await counter.sweep()
    assert (await counter.only_refund()).access == AccessAfterRefund.KEEP
    assert (await counter.books(), await counter.paid_days(payment)) == ((89_000, 0), 30)
    # The second part makes it whole.
    await counter.in_cabinet(payment)
    await counter.sweep()
    assert (await counter.books(), (await counter.subscription()).status) == ((0, 0), SubscriptionStatus.EXPIRED)


async def test_many_notices_of_one_refund_and_its_own_job_at_once_have_one_effect_d15(
    market: Market, counter: Counter
) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    refund = await counter.asked(payment, 30_000)
    await counter.run(refund)
    made = (await counter.at_gateway())[0]["id"]
    cabinet = await counter.in_cabinet(payment, "100.00")
    notices = [await stall.notice(object_id, "refund.succeeded") for object_id in (made, cabinet)]
    await asyncio.gather(
        *(market.run(stall.tenant_id, CheckNotice(notice)) for notice in notices * 8),
        *(counter.run(refund) for _ in "ab"),
        return_exceptions=True,
    )
    await market.work()
    assert sorted(row.amount_minor for row in await market.rows(stall.tenant_id, Refund)) == [10_000, 30_000]
    assert (await counter.books(), (await stall.payment(payment.id)).refunded_minor) == ((59_000, 0), 40_000)


async def test_a_refund_is_heard_of_before_its_payment_d4_d15(market: Market, counter: Counter) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    payment = await stall.ordered(anna)
    await stall.pay(payment)
    await counter.noticed(await counter.in_cabinet(payment))
    after = await stall.payment(payment.id)
    assert (after.status, after.refunded_minor) == (PaymentStatus.SUCCEEDED, 99_000)
    assert (await counter.books(), (await counter.subscription()).status) == ((0, 0), SubscriptionStatus.EXPIRED)
    assert not [text for text in await stall.texts(anna) if "t.me/+" in text]


async def test_a_notice_before_our_own_answer_is_stored_is_our_own_refund_d3(market: Market, counter: Counter) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    refund = await counter.asked(payment, 30_000)
    await market.yookassa(
        "POST", "/faults", match={"method": "POST", "path": "/v3/refunds"}, effect={"kind": "drop_after"}
    )
    await asyncio.gather(counter.run(refund), return_exceptions=True)
    await counter.noticed((await counter.at_gateway())[0]["id"])
    assert [(row.id, row.status) for row in await market.rows(stall.tenant_id, Refund)] == [
        (refund.id, RefundStatus.SUCCEEDED)
    ]


@pytest.mark.parametrize(("fact", "value", "currency"), [("sum", "5000.00", "RUB"), ("currency", "100.00", "USD")])
async def test_a_refund_that_contradicts_the_payment_is_set_aside_and_changes_nothing_d6(
    market: Market, counter: Counter, fact: str, value: str, currency: str
) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    made = await counter.in_cabinet(payment, "100.00")
    market.gateway.store.refunds.by_id[made].body["amount"] = {"value": value, "currency": currency}
    await counter.noticed(made)
    refund = await counter.only_refund()
    assert (refund.status, refund.quarantine_reason) == (RefundStatus.QUARANTINED, fact)
    notice = next(row for row in await market.rows(stall.tenant_id, PaymentNotice) if row.object_id == made)
    assert notice.status == InboxStatus.QUARANTINED
    assert (await counter.books(), (await stall.payment(payment.id)).refunded_minor) == ((99_000, 0), 0)


async def test_a_notice_of_a_refund_that_there_is_not_has_no_effect_d5(market: Market, counter: Counter) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    neighbour = Counter(market, await open_stall(market))
    theirs = await neighbour.stall.bought(await neighbour.stall.buyer())
    foreign = await neighbour.in_cabinet(theirs)
    amount = {"value": "990.00", "currency": "RUB"}
    for object_id in ("2d0f-made-up", foreign):
        await counter.noticed(object_id, payment_id=payment.provider_payment_id, status="succeeded", amount=amount)
    assert await market.count(stall.tenant_id, Refund) == 0
    assert (await counter.books(), (await counter.subscription()).status) == ((99_000, 0), SubscriptionStatus.ACTIVE)


async def test_a_sweep_that_fails_begins_again_where_it_was(market: Market, counter: Counter) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    await counter.in_cabinet(payment, "100.00")
    since = (await market.get(stall.tenant_id, Bot, stall.bot_id)).refunds_swept_at
    match = {"method": "GET", "path": "/v3/refunds"}
    fault = await market.yookassa("POST", "/faults", match=match, effect={"kind": "status", "status": 500})
    await counter.sweep()
    assert (await market.get(stall.tenant_id, Bot, stall.bot_id)).refunds_swept_at == since
    await market.yookassa("DELETE", f"/faults/{fault['id']}")
    await counter.sweep()
    assert (await counter.books())[0] == 89_000
    # Nobody is asked again before the next hour.
    asked = len((await market.yookassa("GET", "/requests?method=GET&path=/v3/refunds"))["requests"])
    await counter.poll()
    assert len((await market.yookassa("GET", "/requests?method=GET&path=/v3/refunds"))["requests"]) == asked
