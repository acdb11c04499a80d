"""What a refund takes back: the rest of its own payment's time, and no second that another payment bought."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

from lumenpay.models.access import AccessLog
from lumenpay.models.payments import Payment
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import SubscriptionPeriod, SubscriptionStatus
from tests.integration.access.test_removal import enter
from tests.integration.refunds.counter import KEEP, REVOKE, Counter
from tests.support.market import Market
from tests.support.stall import open_stall

SECOND = timedelta(seconds=20)


async def test_later_time_of_other_payments_moves_up_and_keeps_its_length_d15(market: Market, counter: Counter) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    first, second, third = [await stall.bought(anna) for _ in range(3)]
    await market.skip(days=10)
    await counter.refunded(first, access=REVOKE)
    assert abs(await counter.paid_days(first) - 10) < 0.01
    assert [await counter.paid_days(payment) for payment in (second, third)] == [30, 30]
    subscription = await counter.subscription()
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert abs(subscription.ends_at - market.now() - timedelta(days=60)) < SECOND
    # One that has not begun goes as a whole, and what follows it moves up again.
    await counter.refunded(second, access=REVOKE)
    assert await counter.paid_days(second) < 0.01
    assert (await counter.paid_days(third), await counter.books()) == (30, (99_000, 0))
    subscription = await counter.subscription()
    assert abs(subscription.ends_at - market.now() - timedelta(days=30)) < SECOND
    assert "Доступ открыт" in (await stall.texts(anna))[-1]
    periods = await market.rows(stall.tenant_id, SubscriptionPeriod)
    edges = sorted((p.during.lower, p.during.upper) for p in periods if not p.during.isempty)
    assert all(before[1] <= after[0] for before, after in pairwise(edges))


async def test_time_that_is_over_cannot_be_taken_back_and_the_next_one_is_untouched_d15(
    market: Market, counter: Counter
) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    first, second = [await stall.bought(anna) for _ in range(2)]
    await market.skip(days=40)
    before = (await counter.subscription()).ends_at
    await counter.refunded(first, access=REVOKE)
    assert [await counter.paid_days(payment) for payment in (first, second)] == [30, 30]
    assert ((await counter.subscription()).ends_at, await counter.books()) == (before, (99_000, 0))


async def test_grace_ends_with_the_refund_of_the_time_before_it_d15(market: Market) -> None:
    counter = Counter(market, await open_stall(market, tenant={"grace_seconds": 3 * 86400}))
    payment = await counter.stall.bought(await counter.stall.buyer())
    await market.skip(days=31)
    assert (await counter.subscription()).status == SubscriptionStatus.ACTIVE
    await counter.refunded(payment, access=REVOKE)
    assert (await counter.subscription()).status == SubscriptionStatus.EXPIRED


async def test_who_is_taken_out_by_a_refund_can_buy_again_d15(market: Market, counter: Counter) -> None:
    stall, anna = counter.stall, await counter.stall.buyer()
    await enter(stall, anna)
    (payment,) = await market.rows(stall.tenant_id, Payment)
    await counter.refunded(payment, access=REVOKE)
    assert not await stall.is_inside(anna.telegram_id)
    reasons = [row.reason for row in await market.rows(stall.tenant_id, AccessLog) if row.action == "expired"]
    assert reasons == ["refunded"]
    again = await stall.bought(anna)
    subscription = await counter.subscription()
    assert (subscription.status, await counter.paid_days(again)) == (SubscriptionStatus.ACTIVE, 30)
    assert abs(subscription.ends_at - market.now() - timedelta(days=30)) < timedelta(minutes=2)


async def test_of_two_lifetimes_the_second_holds_when_the_first_is_refunded_d11_d15(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    counter, anna = Counter(market, stall), await stall.buyer()
    await stall.promo("HALF")
    first, second = await stall.ordered(anna), await stall.ordered(anna, promo_code="HALF")
    for payment in (first, second):
        await stall.pay(payment)
        await stall.poll()
    assert (await stall.payment(second.id)).quarantine_reason == "nothing_to_add"
    await counter.refunded(first, access=REVOKE)
    subscription = await counter.subscription()
    assert (subscription.status, subscription.ends_at) == (SubscriptionStatus.ACTIVE, None)
    assert (await stall.payment(second.id)).quarantine_reason is None
    await counter.refunded(second, access=REVOKE)
    assert ((await counter.subscription()).status, await counter.books()) == (SubscriptionStatus.EXPIRED, (0, 0))


async def test_money_that_bought_nothing_goes_back_and_nobody_has_to_look_any_more_d11(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    counter, anna = Counter(market, stall), await stall.buyer()
    await stall.promo("HALF")
    first, second = await stall.ordered(anna), await stall.ordered(anna, promo_code="HALF")
    for payment in (first, second):
        await stall.pay(payment)
        await stall.poll()
    await counter.refunded(second, access=REVOKE)
    assert (await counter.subscription()).status == SubscriptionStatus.ACTIVE
    assert (await stall.payment(second.id)).quarantine_reason is None


async def test_a_renewal_at_the_moment_of_a_refund_is_not_swallowed_d15(market: Market, counter: Counter) -> None:
    stall = counter.stall
    for _ in range(5):
        anna = await stall.buyer()
        paid = await stall.bought(anna)
        refund = await counter.asked(paid, access=REVOKE)
        renewal = await stall.ordered(anna)
        await stall.pay(renewal)
        await asyncio.gather(counter.run(refund), stall.poll())
        assert await counter.paid_days(renewal) == 30
        assert (await counter.refund(refund.id)).status == "succeeded"


async def test_keep_leaves_the_time_whole(market: Market, counter: Counter) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    await counter.refunded(payment, access=KEEP)
    assert (await counter.paid_days(payment), await counter.books()) == (30, (0, 0))
    assert (await counter.subscription()).status == SubscriptionStatus.ACTIVE
