"""Promo codes: limits hold under any haste, and a reservation follows its order."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodeUse, PromoUseStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod
from lumenpay.models.users import User
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from tests.support.market import Market
from tests.support.stall import Stall


async def try_order(stall: Stall, user: User, code: str) -> Payment | str:
    try:
        return await stall.order(user, promo_code=code)
    except PromoCodeRefusedError as refusal:
        return refusal.reason


async def uses(market: Market, stall: Stall, promo_id: UUID) -> int:
    return int((await market.get(stall.tenant_id, PromoCode, promo_id)).uses_count)


async def test_a_hundred_people_at_once_use_a_code_for_ten_exactly_ten_times_d17(market: Market, stall: Stall) -> None:
    promo = await stall.promo("TEN", max_uses=10)
    people = [await stall.buyer() for _ in range(100)]
    results = await asyncio.gather(*(try_order(stall, person, "ten") for person in people))
    assert [result for result in results if isinstance(result, str)] == ["used_up"] * 90
    assert await uses(market, stall, promo.id) == 10
    assert await market.count(stall.tenant_id, PromoCodeUse) == 10


async def test_one_person_with_eight_taps_uses_a_code_once_and_keeps_the_link_d17(market: Market, stall: Stall) -> None:
    promo = await stall.promo("ONCE", max_uses=1, max_uses_per_user=1)
    anna = await stall.buyer()
    results = await asyncio.gather(*(try_order(stall, anna, "ONCE") for _ in range(8)))
    assert {result.id if isinstance(result, Payment) else result for result in results} == {results[0].id}
    assert await uses(market, stall, promo.id) == 1
    later = await stall.order(anna, promo_code="once")
    assert (later.id, later.amount_minor) == (results[0].id, 49_500)


async def test_a_use_per_person_is_counted_over_orders_of_several_plans(market: Market, stall: Stall) -> None:
    await stall.promo("ONCE", max_uses_per_user=1)
    other_plan = await stall.add_plan(stall.channel_id)
    anna = await stall.buyer()
    await stall.order(anna, promo_code="ONCE")
    with pytest.raises(PromoCodeRefusedError, match="used_by_you"):
        await stall.order(anna, promo_code="ONCE", plan_id=other_plan.id)


async def test_a_code_for_the_first_purchase_is_not_held_by_two_orders(market: Market, stall: Stall) -> None:
    await stall.promo("FIRST", is_first_purchase_only=True)
    other_plan = await stall.add_plan(stall.channel_id)
    anna = await stall.buyer()
    await stall.order(anna, promo_code="FIRST")
    with pytest.raises(PromoCodeRefusedError, match="first_purchase_only"):
        await stall.order(anna, promo_code="FIRST", plan_id=other_plan.id)


async def test_a_declined_payment_gives_its_use_back_and_late_money_takes_it_again(
    market: Market, stall: Stall
) -> None:
    promo = await stall.promo("BACK", max_uses=1)
    anna = await stall.buyer()
    payment = await stall.ordered(anna, promo_code="BACK")
    await stall.pay(payment, decline=True)
    await stall.poll()
    assert await uses(market, stall, promo.id) == 0
    entry = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    entry.body.update(status="succeeded", paid=True)
    entry.body.pop("cancellation_details", None)
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    use = await market.get(stall.tenant_id, PromoCodeUse, payment.id)
    assert (use.status, await uses(market, stall, promo.id)) == (PromoUseStatus.USED, 1)


async def test_a_paid_order_makes_its_use_final_once(market: Market, stall: Stall) -> None:
    promo = await stall.promo("HALF", max_uses=5)
    payment = await stall.bought(await stall.buyer(), promo_code="HALF")
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    use = await market.get(stall.tenant_id, PromoCodeUse, payment.id)
    assert (payment.amount_minor, use.status, await uses(market, stall, promo.id)) == (49_500, PromoUseStatus.USED, 1)


async def test_a_code_that_leaves_nothing_to_pay_gives_access_without_the_gateway(market: Market, stall: Stall) -> None:
    await stall.promo("GIFT", discount_value=100)
    payment = await stall.ordered(await stall.buyer(), promo_code="GIFT")
    assert (payment.status, payment.provider) == (PaymentStatus.SUCCEEDED, "free")
    assert not await stall.at_gateway(payment)
    assert await market.count(stall.tenant_id, Subscription) == 1


async def test_free_days_are_added_to_the_paid_period(market: Market, stall: Stall) -> None:
    await stall.promo("WEEK", discount_kind=DiscountKind.EXTRA_DAYS, discount_value=7)
    payment = await stall.bought(await stall.buyer(), promo_code="WEEK")
    period = (await market.rows(stall.tenant_id, SubscriptionPeriod))[0]
    assert payment.amount_minor == 99_000
    assert (period.during.upper - period.during.lower).days == 37
