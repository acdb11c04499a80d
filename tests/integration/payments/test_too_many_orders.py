"""Order after order that nobody pays: whoever tries cards through a shop is made to wait, and buyers are not."""

from __future__ import annotations

import pytest

from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.users import User
from lumenpay.payments.rules import MOST_UNPAID, UNPAID_WINDOW
from lumenpay.plans.errors import PlanRefusedError
from lumenpay.plans.sale_rules import PlanRefusal
from tests.support.chat import open_phone
from tests.support.market import Market
from tests.support.stall import Stall


async def decline(stall: Stall, user: User, times: int) -> None:
    """Begin orders one after another, and have the gateway decline each."""
    for _ in range(times):
        payment = await stall.ordered(user)
        await stall.pay(payment, decline=True)
        await stall.poll()
        assert (await stall.payment(payment.id)).status == PaymentStatus.CANCELED


async def test_who_tries_card_after_card_waits_and_nobody_else_does_k2(market: Market, stall: Stall) -> None:
    thief, anna = await stall.buyer(), await stall.buyer()
    other = await stall.add_plan(stall.channel_id)
    begun_at = market.now()
    await decline(stall, thief, MOST_UNPAID)
    for plan_id in (stall.plan_id, other.id):
        with pytest.raises(PlanRefusedError) as refused:
            await stall.order(thief, plan_id=plan_id)
        assert refused.value.refusal is PlanRefusal.TOO_OFTEN
        assert refused.value.ends_at is not None
        assert begun_at + UNPAID_WINDOW <= refused.value.ends_at <= market.now() + UNPAID_WINDOW
    assert await market.count(stall.tenant_id, Payment) == MOST_UNPAID
    assert (await stall.bought(anna)).status == PaymentStatus.SUCCEEDED
    await market.skip(hours=1)
    assert (await stall.bought(thief)).status == PaymentStatus.SUCCEEDED


async def test_the_last_order_can_be_paid_by_whoever_has_begun_too_many_k2(market: Market, stall: Stall) -> None:
    user = await stall.buyer()
    await decline(stall, user, MOST_UNPAID - 1)
    last = await stall.ordered(user)
    # The same order again is not one more.
    assert (await stall.order(user)).id == last.id
    await stall.pay(last)
    await stall.poll()
    assert (await stall.payment(last.id)).status == PaymentStatus.SUCCEEDED
    assert (await stall.order(user)).status == PaymentStatus.CREATED


async def test_the_chat_says_until_when_to_wait_k2(market: Market, stall: Stall) -> None:
    phone = await open_phone(stall)
    await phone.write("/start")
    (user,) = await market.rows(stall.tenant_id, User)
    await decline(stall, user, MOST_UNPAID)
    await phone.write(f"/start plan_{stall.plan_id}")
    await phone.press("Оплатить")
    screen = await phone.screen()
    assert "слишком много заказов подряд" in screen
    assert "вернитесь" in screen
