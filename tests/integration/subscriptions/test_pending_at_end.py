"""The end waits for who is paying at this moment, for half an hour and no longer (H4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumenpay.access.delivery import request_delivery
from lumenpay.models.access import EntryLink
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, period_unit=PeriodUnit.DAY, period_count=1)


async def subscription_of(market: Market, stall: Stall) -> Subscription:
    return (await market.rows(stall.tenant_id, Subscription))[0]


async def inside(market: Market, stall: Stall) -> User:
    """A member of the channel whose day is over in ten minutes."""
    anna = await stall.buyer()
    await stall.bought(anna)
    [link] = await market.rows(stall.tenant_id, EntryLink)
    await stall.join(anna, link.url)
    ends_at = (await subscription_of(market, stall)).ends_at
    await market.skip(seconds=(ends_at - market.now() - timedelta(minutes=10)).total_seconds())
    return anna


async def status_of(market: Market, stall: Stall) -> SubscriptionStatus:
    return SubscriptionStatus((await subscription_of(market, stall)).status)


async def test_who_pays_while_the_time_runs_out_stays_inside_all_along_h4(market: Market, stall: Stall) -> None:
    anna = await inside(market, stall)
    payment = await stall.ordered(anna)
    await market.skip(minutes=11)
    await stall.sweep()
    assert (await status_of(market, stall), await stall.is_inside(anna.telegram_id)) == ("active", True)
    await stall.pay(payment)
    await stall.poll()
    await stall.sweep()
    subscription = await subscription_of(market, stall)
    assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    assert subscription.access_ends_at == subscription.ends_at > market.now() + timedelta(hours=23)
    assert await stall.is_inside(anna.telegram_id)
    assert not [text for text in await stall.texts(anna) if "закончилась" in text]


async def test_an_order_that_stays_unpaid_delays_the_end_by_half_an_hour_at_most_h4(
    market: Market, stall: Stall
) -> None:
    anna = await inside(market, stall)
    await stall.ordered(anna)
    await market.skip(minutes=19)
    await stall.sweep()
    assert await status_of(market, stall) == "active"
    await market.skip(minutes=12)
    await stall.sweep()
    assert (await status_of(market, stall), await stall.is_inside(anna.telegram_id)) == ("expired", False)


async def test_opening_order_after_order_delays_nothing_further_h4(market: Market, stall: Stall) -> None:
    anna = await inside(market, stall)
    await stall.ordered(anna)
    end = (await subscription_of(market, stall)).ends_at
    for price in range(5):
        await market.skip(minutes=10)
        await stall.change(Plan, stall.plan_id, price_minor=10_000 + price)
        await stall.ordered(anna)
        await stall.sweep()
        if market.now() > end + timedelta(minutes=30):
            break
    assert market.now() < end + timedelta(minutes=45)
    assert (await status_of(market, stall), await stall.is_inside(anna.telegram_id)) == ("expired", False)


async def test_a_declined_order_delays_the_end_no_longer_than_it_was_open_h4(market: Market, stall: Stall) -> None:
    anna = await inside(market, stall)
    payment = await stall.ordered(anna)
    await stall.pay(payment, decline=True)
    await stall.poll()
    await market.skip(minutes=11)
    await stall.sweep()
    assert (await status_of(market, stall), await stall.is_inside(anna.telegram_id)) == ("expired", False)


async def test_an_order_for_another_plan_delays_nothing_h4(market: Market, stall: Stall) -> None:
    anna = await inside(market, stall)
    other = await stall.add_plan(stall.channel_id)
    await stall.ordered(anna, plan_id=other.id)
    await market.skip(minutes=11)
    await stall.sweep()
    assert await status_of(market, stall) == "expired"


async def test_the_person_can_come_back_in_while_the_end_waits_h4(market: Market, stall: Stall) -> None:
    anna = await inside(market, stall)
    await stall.ordered(anna)
    await market.skip(minutes=11)
    await stall.sweep()
    await stall.left(anna)
    async with market.tenant(stall.tenant_id) as session:
        assert await request_delivery(session, user=anna, now=market.now())
    [link] = await market.rows(stall.tenant_id, EntryLink)
    await stall.join(anna, link.url)
    assert await stall.is_inside(anna.telegram_id)
    assert await market.count(stall.tenant_id, Payment, Payment.status == PaymentStatus.PENDING) == 1
