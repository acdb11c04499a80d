"""Refunds of one person at the same instant: each waits its turn, and none is given up for the other."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text

from lumenpay.kit.money import Money
from lumenpay.models.payments import Payment
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.refunds import RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.refunds.settlement import RefundOutcome, settle_refund
from tests.integration.refunds.counter import Counter
from tests.support.market import Market
from tests.support.stall import Stall, open_stall
from tests.support.waiting import until

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)  # fmt: skip


async def settle(market: Market, stall: Stall, payment: Payment) -> RefundOutcome:
    observed = GatewayRefund(
        id=f"of-{payment.id}", payment_id=payment.provider_payment_id or "", status=RefundStatus.SUCCEEDED,
        amount=Money(payment.amount_minor, payment.currency), metadata={}, cancellation_reason=None,
    )  # fmt: skip
    async with market.tenant(stall.tenant_id) as session:
        return await settle_refund(
            session, payment_id=payment.id, observed=observed, asked_shop_id=payment.shop_id or "", now=market.now()
        )


@pytest.mark.parametrize("is_first_first", [True, False], ids=["the first lifetime", "the second one"])
async def test_two_lifetimes_that_go_back_at_one_instant_do_not_wait_for_each_other_d15(
    market: Market, is_first_first: bool
) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    counter, anna = Counter(market, stall), await stall.buyer()
    await stall.promo("HALF")
    orders = [await stall.ordered(anna), await stall.ordered(anna, promo_code="HALF")]
    for order in orders:
        await stall.pay(order)
        await stall.poll()
    paid = [await stall.payment(order.id) for order in (orders if is_first_first else orders[::-1])]
    tasks = []
    async with market.tenant(stall.tenant_id) as session, market.tenant(stall.tenant_id) as watching:
        # Whoever comes as far as the subscription waits there, with all the locks that it took before.
        await session.execute(select(Subscription).with_for_update())
        for number, payment in enumerate(paid, start=1):
            tasks.append(asyncio.ensure_future(settle(market, stall, payment)))

            async def are_waiting(wanted: int = number) -> bool:
                # Without this a transaction sees the activity that it saw first, however often it looks.
                await watching.execute(text("SELECT pg_stat_clear_snapshot()"))
                return (await watching.execute(_WAITING)).scalar_one() == wanted

            await until(are_waiting, what=f"{number} wait")
    assert await asyncio.gather(*tasks) == [RefundOutcome.REFUNDED] * 2
    assert ((await counter.subscription()).status, await counter.books()) == (SubscriptionStatus.EXPIRED, (0, 0))
