"""The gateway knows the keys and forbids one thing (403): that fails, and the shop goes on selling (D20)."""

from __future__ import annotations

import pytest

from lumenpay.jobs.catalogue import SweepRefunds
from lumenpay.models.bots import Bot, ShopStatus
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.reconciliations import Reconciliation
from lumenpay.models.refunds import RefundStatus
from lumenpay.reconciliations import service as reconciliations
from tests.integration.refunds.counter import ALICE, Counter
from tests.support.market import Market
from tests.support.stall import Stall

REFUNDS = {"method": "POST", "path": "/v3/refunds"}
FORBIDDEN = {"kind": "status", "status": 403}


async def sells(stall: Stall) -> bool:
    bot = await stall.market.get(stall.tenant_id, Bot, stall.bot_id)
    payment = await stall.ordered(await stall.buyer())
    return bot.shop_status == ShopStatus.ACTIVE and payment.status == PaymentStatus.PENDING


async def test_a_forbidden_refund_fails_alone_and_can_be_asked_for_again_d20(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    await market.yookassa("POST", "/faults", match=REFUNDS, effect=FORBIDDEN)
    refund = await counter.refunded(payment)
    assert (refund.status, refund.cancellation_reason) == (RefundStatus.CANCELED, "forbidden")
    assert await sells(counter.stall)
    await market.yookassa("DELETE", "/faults")
    again = await counter.refunded(payment)
    assert (again.status, len(await counter.at_gateway())) == (RefundStatus.SUCCEEDED, 1)


@pytest.mark.parametrize("path", ["/v3/refunds*", "/v3/payments*"])
async def test_who_may_not_look_sells_on_and_what_waits_is_looked_at_later_d20(
    market: Market, counter: Counter, path: str
) -> None:
    stall = counter.stall
    await market.yookassa("PUT", f"/shops/{stall.shop['shop_id']}/refunds", wait=True)
    payment = await stall.bought(await stall.buyer())
    refund = await counter.refunded(payment, 10_000)
    await market.yookassa("POST", f"/refunds/{refund.provider_refund_id}/finish")
    await market.yookassa("POST", "/faults", match={"method": "GET", "path": path}, effect=FORBIDDEN)
    await counter.poll()
    await market.run(stall.tenant_id, SweepRefunds(stall.bot_id))
    async with market.tenant(stall.tenant_id) as session:
        await reconciliations.start_run(session, stall.bot_id, days=30, actor=ALICE, now=market.now())
    await market.work()
    [run] = await market.rows(stall.tenant_id, Reconciliation)
    assert run.problem == ("forbidden" if "payments" in path else "")
    assert await sells(stall)
    await market.yookassa("DELETE", "/faults")
    await counter.poll()
    assert (await counter.refund(refund.id)).status == RefundStatus.SUCCEEDED
