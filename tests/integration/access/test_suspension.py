"""What a suspended tenant's bots do: nothing is sold, and who paid keeps access until it ends (fault A23)."""

from __future__ import annotations

import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.staff.service import Limits, resume_tenant, set_limits, suspend_tenant
from lumenpay.tenants.errors import LimitReachedError, TenantSuspendedError
from tests.support.chat import open_phone
from tests.support.market import Market
from tests.support.stall import Stall

CANNOT_BUY = "Сейчас этот тариф купить нельзя"


async def suspend(market: Market, stall: Stall) -> None:
    async with market.tenant(stall.tenant_id) as session:
        await suspend_tenant(session, reason="sells what it may not", actor=SYSTEM, now=market.now())


async def test_a_suspended_tenants_bot_answers_and_sells_nothing_until_it_is_resumed_a23(
    market: Market, stall: Stall
) -> None:
    phone = await open_phone(stall)
    await suspend(market, stall)
    await phone.write("/buy")
    await phone.press("Club")
    await phone.press("Оплатить")
    assert CANNOT_BUY in await phone.screen()
    assert not await market.rows(stall.tenant_id, Payment)
    async with market.tenant(stall.tenant_id) as session:
        await resume_tenant(session, actor=SYSTEM, now=market.now())
    anna = await stall.buyer()
    assert (await stall.order(anna)).id


async def test_who_paid_keeps_access_and_it_ends_in_time_while_the_tenant_is_suspended_a23(
    market: Market, stall: Stall
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    waiting = await stall.ordered(ben)
    await suspend(market, stall)
    with pytest.raises(TenantSuspendedError):
        await stall.order(anna)
    # Money that was on its way is honoured.
    await stall.pay(waiting)
    await stall.poll()
    running = await market.rows(stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.ACTIVE)
    assert {row.user_id for row in running} == {anna.id, ben.id}
    await market.skip(days=31)
    await stall.sweep()
    ended = await market.rows(stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.EXPIRED)
    assert {row.user_id for row in ended} == {anna.id, ben.id}


async def test_no_more_subscribers_than_the_tenant_may_have_and_each_of_them_renews(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    async with market.tenant(stall.tenant_id) as session:
        limits = Limits(max_bots=50, max_channels=500, max_subscribers=1)
        await set_limits(session, limits=limits, actor=SYSTEM, now=market.now())
    with pytest.raises(LimitReachedError):
        await stall.order(await stall.buyer())
    assert (await stall.order(anna)).user_id == anna.id
