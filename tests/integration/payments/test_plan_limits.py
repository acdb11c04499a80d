"""Free plans, trials, places and fixed ends: what holds when many tap at once, and when money comes late."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from lumenpay.models.audit import AuditEvent
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan, TrialUse
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanRefusedError
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.users.service import Person, ensure_user
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def try_order(stall: Stall, user: User, **options: Any) -> Payment | str:
    try:
        return await stall.order(user, **options)
    except PlanRefusedError as error:
        return error.refusal.value


def refusals(results: list[Payment | str]) -> list[str]:
    return [result for result in results if isinstance(result, str)]


async def events(stall: Stall, action: str) -> list[dict[str, Any]]:
    found = await stall.market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == action)
    return [event.details for event in found]


async def same_person(stall: Stall, user: User) -> User:
    """The row of the same Telegram account with this stall's bot."""
    async with stall.market.tenant(stall.tenant_id) as session:
        who = Person(user.telegram_id, "Anna", None, None, "ru")
        return await ensure_user(session, bot_id=stall.bot_id, person=who, now=stall.market.now())


async def test_a_free_plan_is_granted_without_the_gateway_and_again_only_after_its_end(
    market: Market, stall: Stall
) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=0)
    anna = await stall.buyer()
    results = await asyncio.gather(*(try_order(stall, anna) for _ in range(8)))
    await market.work()
    payment = await stall.payment(next(one for one in results if isinstance(one, Payment)).id)
    assert (payment.status, payment.provider, payment.amount_minor) == (PaymentStatus.SUCCEEDED, "free", 0)
    assert (await market.yookassa("GET", "/requests?method=POST&path=/v3/payments"))["requests"] == []
    assert await try_order(stall, anna) == "still_running"
    await market.skip(days=30, minutes=1)
    assert isinstance(await try_order(stall, anna), Payment)
    await market.work()
    assert await market.count(stall.tenant_id, Grant) == 2
    first, second = sorted(await market.rows(stall.tenant_id, SubscriptionPeriod), key=lambda one: one.during.lower)
    assert first.during.upper < second.during.lower


@pytest.mark.parametrize("price_minor", [0, 100])
async def test_eight_taps_at_once_take_one_trial_and_later_ones_take_none(
    market: Market, stall: Stall, price_minor: int
) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=price_minor, is_trial=True)
    anna = await stall.buyer()
    results = await asyncio.gather(*(try_order(stall, anna) for _ in range(8)))
    orders = {result.id for result in results if isinstance(result, Payment)}
    assert len(orders) == 1
    await market.work()
    if price_minor:
        await stall.pay(await stall.payment(next(iter(orders))))
        await stall.poll()
    assert await try_order(stall, anna) == "trial_used"
    await market.skip(days=60)
    await stall.sweep()
    assert await try_order(stall, anna) == "trial_used"
    [use] = await market.rows(stall.tenant_id, TrialUse)
    assert (use.telegram_id, use.payment_id, use.used_at is not None) == (anna.telegram_id, orders.pop(), True)
    assert await market.count(stall.tenant_id, Grant) == 1


async def test_a_trial_counts_across_the_bots_of_a_tenant_and_eight_taps_on_both_take_one(
    market: Market, stall: Stall
) -> None:
    other = await open_stall(market, tenant_id=stall.tenant_id, is_trial=True, price_minor=0)
    await stall.change(Plan, stall.plan_id, price_minor=0, is_trial=True)
    anna = await stall.buyer()
    there = await same_person(other, anna)
    taps = [try_order(place, who) for place, who in ((stall, anna), (other, there)) for _ in range(4)]
    results = await asyncio.gather(*taps)
    await market.work()
    assert set(refusals(results)) == {"trial_used"}
    assert await market.count(stall.tenant_id, Grant) == 1
    foreign = await open_stall(market, is_trial=True, price_minor=0)
    assert isinstance(await try_order(foreign, await same_person(foreign, anna)), Payment)


async def test_a_trial_survives_the_removal_of_the_person_and_their_return(market: Market, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=0, is_trial=True)
    anna = await stall.buyer()
    await stall.order(anna)
    await market.work()
    # The row is let go of: whoever comes back is somebody new to the bot.
    await stall.change(User, anna.id, telegram_id=-anna.telegram_id)
    back = await same_person(stall, anna)
    assert back.id != anna.id
    assert await try_order(stall, back) == "trial_used"


async def test_an_unpaid_trial_is_given_back_and_late_money_uses_it(market: Market, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, price_minor=100, is_trial=True)
    other_plan = await stall.add_plan(stall.channel_id, is_trial=True)
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    assert await try_order(stall, anna, plan_id=other_plan.id) == "trial_used"
    await stall.pay(payment, decline=True)
    await stall.poll()
    assert await market.count(stall.tenant_id, TrialUse) == 0
    entry = market.gateway.store.payments.by_id[payment.provider_payment_id or ""]
    entry.body.update(status="succeeded", paid=True)
    entry.body.pop("cancellation_details", None)
    await stall.check(await stall.notice(payment.provider_payment_id or ""))
    assert await market.count(stall.tenant_id, Grant) == 1
    assert await try_order(stall, anna, plan_id=other_plan.id) == "trial_used"


async def test_twenty_buyers_at_once_get_exactly_the_places_that_there_are(market: Market, stall: Stall) -> None:
    await stall.change(Plan, stall.plan_id, capacity=3)
    people = [await stall.buyer() for _ in range(20)]
    results = await asyncio.gather(*(try_order(stall, person) for person in people))
    assert refusals(results) == ["sold_out"] * 17
    # Who keeps a place finds the same order; who does not finds none.
    kept = [person for person, result in zip(people, results, strict=True) if isinstance(result, Payment)]
    again = await asyncio.gather(*(try_order(stall, person) for person in people))
    assert len(refusals(again)) == 17
    assert await market.count(stall.tenant_id, Payment) == len(kept) == 3


async def test_a_place_is_free_again_when_an_order_falls_through_or_a_subscription_ends(
    market: Market, stall: Stall
) -> None:
    await stall.change(Plan, stall.plan_id, capacity=1)
    anna, boris = await stall.buyer(), await stall.buyer()
    payment = await stall.ordered(anna)
    assert await try_order(stall, boris) == "sold_out"
    await stall.pay(payment, decline=True)
    await stall.poll()
    await stall.bought(boris)
    assert await try_order(stall, anna) == "sold_out"
    # Whoever has a place renews it.
    assert isinstance(await try_order(stall, boris), Payment)
    await market.skip(days=31)
    await stall.sweep()
    assert isinstance(await try_order(stall, anna), Payment)


async def test_late_money_for_a_place_that_went_to_another_is_honoured_and_shown_d14(
    market: Market, stall: Stall
) -> None:
    await stall.change(Plan, stall.plan_id, capacity=1)
    anna, boris = await stall.buyer(), await stall.buyer()
    late = await stall.ordered(anna)
    await market.skip(minutes=61)
    await stall.bought(boris)
    assert await try_order(stall, anna) == "sold_out"
    entry = market.gateway.store.payments.by_id[late.provider_payment_id or ""]
    entry.body.update(status="succeeded", paid=True)
    entry.body.pop("cancellation_details", None)
    await stall.check(await stall.notice(late.provider_payment_id or ""))
    assert (await stall.payment(late.id)).status == PaymentStatus.SUCCEEDED
    assert await market.count(stall.tenant_id, Subscription) == 2
    assert await events(stall, "plan.overbooked") == [{"capacity": 1, "taken": 2, "payment_id": str(late.id)}]


async def test_an_order_whose_place_was_let_go_is_made_anew_while_there_are_places(
    market: Market, stall: Stall
) -> None:
    await stall.change(Plan, stall.plan_id, capacity=1)
    anna, boris = await stall.buyer(), await stall.buyer()
    first = await stall.order(anna)
    await market.skip(minutes=61)
    second = await stall.order(anna)
    assert second.id != first.id
    assert await try_order(stall, boris) == "sold_out"


async def test_everybodys_access_to_a_plan_ends_at_its_date_and_nothing_is_sold_after(
    market: Market, stall: Stall
) -> None:
    end = market.now() + timedelta(days=10)
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.UNTIL, period_count=1, fixed_end_at=end)
    anna, boris, clara = [await stall.buyer() for _ in range(3)]
    await stall.bought(anna)
    await market.skip(days=6)
    bought = await stall.bought(boris)
    assert bought.amount_minor == 99_000
    assert {row.ends_at for row in await market.rows(stall.tenant_id, Subscription)} == {end}
    assert await try_order(stall, anna) == "still_running"
    promised = await stall.ordered(clara)
    await stall.change(Plan, stall.plan_id, fixed_end_at=end + timedelta(days=30))
    await stall.pay(promised)
    await stall.poll()
    ends = {row.user_id: row.ends_at for row in await market.rows(stall.tenant_id, Subscription)}
    assert ends[clara.id] == end
    # With the later date there is something to add.
    await stall.bought(anna)
    ends = {row.user_id: row.ends_at for row in await market.rows(stall.tenant_id, Subscription)}
    assert ends[anna.id] == end + timedelta(days=30)
    await market.skip(days=35)
    await stall.sweep()
    assert await try_order(stall, boris) == "sale_over"


async def test_a_second_link_of_a_plan_with_a_fixed_end_is_booked_and_put_before_a_human_d11(
    market: Market, stall: Stall
) -> None:
    end = market.now() + timedelta(days=10)
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.UNTIL, period_count=1, fixed_end_at=end)
    anna = await stall.buyer()
    old = await stall.ordered(anna)
    await stall.change(Plan, stall.plan_id, price_minor=50_000)
    new = await stall.ordered(anna)
    for payment in (old, new):
        await stall.pay(payment)
    await stall.poll()
    assert [row.ends_at for row in await market.rows(stall.tenant_id, Subscription)] == [end]
    paid = [await stall.payment(payment.id) for payment in (old, new)]
    assert sorted(str(one.quarantine_reason) for one in paid) == ["None", "nothing_to_add"]


async def test_a_promo_code_of_days_does_not_fit_a_fixed_end_and_none_fits_a_free_plan(stall: Stall) -> None:
    await stall.promo("WEEK", discount_kind=DiscountKind.EXTRA_DAYS, discount_value=7)
    end = stall.market.now() + timedelta(days=10)
    dated = await stall.add_plan(
        stall.channel_id, period_unit=PeriodUnit.UNTIL, period_count=1, fixed_end_at=end
    )  # fmt: skip
    free = await stall.add_plan(stall.channel_id, price_minor=0)
    anna = await stall.buyer()
    for plan in (dated, free):
        with pytest.raises(PromoCodeRefusedError, match="wrong_plan"):
            await stall.order(anna, promo_code="WEEK", plan_id=plan.id)
