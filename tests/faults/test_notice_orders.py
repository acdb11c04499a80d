"""What happens at the gateway and what it tells of it, in every order: the end is what the gateway says (D4)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from lumenpay.jobs.catalogue import Queue
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.jobs import JobStatus
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.refunds import Refund, RefundStatus
from lumenpay.models.subscriptions import Grant, SubscriptionPeriod
from tests.faults.arena import choose_order
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

LONG = [pytest.mark.long, pytest.mark.timeout(600)]
PAID, PART, REST = "paid", "400.00", "590.00"
TOLD = ("payment.waiting_for_capture", "payment.canceled", "payment.succeeded", PART, REST)


def draw_timeline(order: random.Random) -> list[str]:
    """Three things that happen, in their order, among five notices; a refund is told of once there is one."""
    told = list(TOLD)
    order.shuffle(told)
    timeline = ["does pay", f"does {PART}", f"does {REST}"]
    for notice in told:
        earliest = timeline.index(f"does {notice}") + 1 if f"does {notice}" in timeline else 0
        timeline.insert(order.randint(earliest, len(timeline)), notice)
    return timeline


async def play(market: Market, stall: Stall, payment: Payment, timeline: list[str]) -> None:
    refunds: dict[str, str] = {}

    async def tell(event: str) -> None:
        if event in refunds:
            await stall.notice(refunds[event], "refund.succeeded")
        else:
            await stall.notice(payment.provider_payment_id or "", event)
        await market.work(Queue.MONEY)

    for step in timeline:
        if step == "does pay":
            await stall.pay(payment)
        elif step.startswith("does "):
            amount = step.removeprefix("does ")
            path = f"/payments/{payment.provider_payment_id}/refund"
            refunds[amount] = str((await market.yookassa("POST", path, amount=amount))["id"])
        else:
            await tell(step)
    # Whatever is told twice changes nothing, and what came too early is asked for again.
    for event in reversed(TOLD):
        await tell(event)
    await market.skip(minutes=2)
    await market.work()


@pytest.mark.parametrize("rounds", [pytest.param(3, id="small"), pytest.param(240, id="long", marks=LONG)])
async def test_in_whatever_order_it_happens_and_is_told_the_end_is_the_gateways_d4(market: Market, rounds: int) -> None:
    order, stall = choose_order(), await open_stall(market)
    for number in range(1, rounds + 1):
        payment = await stall.ordered(await stall.buyer())
        timeline = draw_timeline(order)
        await play(market, stall, payment, timeline)
        after = await stall.payment(payment.id)
        assert (after.status, after.refunded_minor) == (PaymentStatus.SUCCEEDED, 99_000), timeline
        tables: tuple[Any, ...] = (Grant, SubscriptionPeriod, LedgerEntry, Refund)
        counts = [await market.count(stall.tenant_id, table) for table in tables]
        assert counts == [number, number, 6 * number, 2 * number], timeline
        granted = AccessLog.action == AccessAction.GRANTED
        assert await market.count(stall.tenant_id, AccessLog, granted) == number
    refunds = await market.rows(stall.tenant_id, Refund)
    assert {refund.status for refund in refunds} == {RefundStatus.SUCCEEDED}
    assert sum(entry.amount_minor for entry in await market.rows(stall.tenant_id, LedgerEntry)) == 0
    assert await market.jobs(stall.tenant_id, status=JobStatus.DEAD) == []
