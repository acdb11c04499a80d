"""A change of plan is applied once, on the terms that were shown; whatever happens meanwhile, nothing paid is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plan_changes import ChangeKind, PlanChange
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import SubscriptionPeriod, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.errors import TermsChangedError
from lumenpay.subscriptions.change_by_hand import change_by_hand
from lumenpay.subscriptions.change_rules import ChangeRefusal
from lumenpay.subscriptions.changing import Pressed, start_change
from lumenpay.subscriptions.errors import PlanChangeRefusedError
from lumenpay.subscriptions.manual import GivenTime, extend_by_hand, grant_by_hand
from lumenpay.subscriptions.pausing import pause_for, resume
from lumenpay.subscriptions.settlement import settle_payment
from tests.integration.refunds.counter import REVOKE, Counter
from tests.support.changing import (
    DAY,
    add_dearer,
    books,
    change_of,
    changed,
    days_left,
    of_plan,
    pressed,
    quoted,
)
from tests.support.market import Market
from tests.support.renewing import CONSENT
from tests.support.stall import Stall, open_stall

TEAM = Actor("admin", uuid4())


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market, is_recurring=True, allows_changes=True)


async def refused(stall: Stall, user: User, plan_id: UUID) -> str:
    with pytest.raises(PlanChangeRefusedError) as caught:
        await quoted(stall, user, plan_id)
    return caught.value.reason


async def test_eight_at_once_apply_a_paid_change_once(market: Market, stall: Stall) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=15)
    order = await pressed(stall, anna, await quoted(stall, anna, more.id))
    await stall.pay(order)
    observed = await stall.observed(order)

    async def settle() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await settle_payment(session, payment_id=order.id, observed=observed, now=market.now())

    await asyncio.gather(*(settle() for _ in range(8)))
    await market.work()
    assert await market.count(stall.tenant_id, PlanChange, PlanChange.applied_at.is_not(None)) == 1
    assert await market.count(stall.tenant_id, SubscriptionPeriod) == 2
    assert await days_left(stall, more.id) == pytest.approx(30, abs=0.01)
    assert (await of_plan(stall, stall.plan_id)).status == SubscriptionStatus.EXPIRED
    assert await books(stall) == 0


async def test_two_changes_of_the_same_time_use_it_once_d11(market: Market, stall: Stall) -> None:
    """Both links are paid: the second buys what its money is worth, and time turned into time gives nothing twice."""
    more, most, less = await add_dearer(stall), await add_dearer(stall, 297_000), await add_dearer(stall, 49_500)
    anna = await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=15)
    quotes = [await quoted(stall, anna, plan.id) for plan in (more, most, less)]
    first, second = [await pressed(stall, anna, quote) for quote in quotes[:2]]
    for order in (first, second):
        await stall.pay(order)
        await stall.poll()
    assert await days_left(stall, more.id) == pytest.approx(30, abs=0.01)
    # 2475 of 2970 was paid, and nothing is left to make up the rest: 25 days of 30.
    assert await days_left(stall, most.id) == pytest.approx(25, abs=0.02)
    assert (await change_of(stall, second)).applied_credit_minor < 10
    with pytest.raises(PlanChangeRefusedError):
        await pressed(stall, anna, quotes[2])


async def test_time_turned_into_time_that_is_gone_is_no_order(market: Market, stall: Stall) -> None:
    less, other, anna = await add_dearer(stall, 49_500), await add_dearer(stall, 33_000), await stall.buyer()
    await stall.bought(anna)
    quotes = [await quoted(stall, anna, plan.id) for plan in (less, other)]

    async with market.tenant(stall.tenant_id) as session:
        orders = [
            await start_change(
                session, user=anna, subscription_id=quote.old.id, plan_id=quote.plan.id,
                pressed=Pressed(quote.at, quote.tag), chat_message_id=None, now=market.now(),
            )
            for quote in quotes
        ]  # fmt: skip
    await market.work()
    states = sorted([(await stall.payment(order.id)).status for order in orders])
    assert states == [PaymentStatus.CANCELED, PaymentStatus.SUCCEEDED]
    assert sum([await days_left(stall, plan.id) > 1 for plan in (less, other)]) == 1


async def test_money_that_comes_days_late_buys_what_it_and_the_rest_are_worth_d14(market: Market, stall: Stall) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=15)
    order = await pressed(stall, anna, await quoted(stall, anna, more.id))
    assert (order.amount_minor, order.credit_minor) == pytest.approx((148_500, 49_500), abs=30)
    paid = replace(await stall.observed(order), status=PaymentStatus.SUCCEEDED)
    await market.skip(days=10)
    async with market.tenant(stall.tenant_id) as session:
        await settle_payment(session, payment_id=order.id, observed=paid, now=market.now())
    # Five days of the old plan are left, 165 of the 495 that were quoted: 1650 of 1980 is paid.
    assert (await change_of(stall, order)).applied_credit_minor == pytest.approx(16_500, abs=60)
    assert await days_left(stall, more.id) == pytest.approx(25, abs=0.02)
    assert (await of_plan(stall, stall.plan_id)).status == SubscriptionStatus.EXPIRED


async def test_what_was_bought_after_the_quote_stays_and_so_does_what_was_given_d16(
    market: Market, stall: Stall
) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    old = await of_plan(stall, stall.plan_id)
    async with market.tenant(stall.tenant_id) as session:
        await extend_by_hand(session, subscription_id=old.id, days=7, key="given", actor=SYSTEM, now=market.now())
    await market.skip(days=10)
    change = await quoted(stall, anna, more.id)
    assert change.quote.kept / DAY == pytest.approx(20, abs=0.01)
    order = await pressed(stall, anna, change)
    await stall.bought(anna)
    await stall.change(Plan, more.id, price_minor=500_000)
    await stall.pay(order)
    await stall.poll()
    assert (await stall.payment(order.id)).amount_minor == pytest.approx(132_000, abs=30)
    assert await days_left(stall, more.id) == pytest.approx(30, abs=0.01)
    # Seven days that were given and thirty that were bought since move up.
    assert await days_left(stall, stall.plan_id) == pytest.approx(37, abs=0.01)
    old = await of_plan(stall, stall.plan_id)
    assert old.status == SubscriptionStatus.ACTIVE
    # The reminder moves up with the end.
    assert old.ends_at is not None
    assert old.next_reminder_at is not None
    assert market.now() < old.next_reminder_at < old.ends_at


async def test_a_refund_of_the_change_gives_back_what_it_had_carried_over_d15(market: Market, stall: Stall) -> None:
    more, anna, counter = await add_dearer(stall), await stall.buyer(), Counter(market, stall)
    await stall.bought(anna)
    await market.skip(days=10)
    order = await changed(stall, anna, more.id)
    await market.skip(days=15)
    await counter.refunded(order, access=REVOKE)
    # Half of the dearer month is used up, and with it half of the twenty days.
    assert await days_left(stall, more.id) == 0
    assert await days_left(stall, stall.plan_id) == pytest.approx(10, abs=0.02)
    assert (await of_plan(stall, stall.plan_id)).status == SubscriptionStatus.ACTIVE
    assert await counter.books() == (99_000, 0)
    assert (await change_of(stall, order)).undone_at is not None
    # What was given back is worth what it was, so it can be carried on.
    await market.skip(days=1)
    assert (await quoted(stall, anna, more.id)).quote.credit_minor == pytest.approx(29_700, abs=60)


async def test_a_change_of_a_change_carries_all_of_it_on_but_not_on_the_same_day(market: Market, stall: Stall) -> None:
    more, most, anna = await add_dearer(stall), await add_dearer(stall, 297_000), await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=15)
    await changed(stall, anna, more.id)
    with pytest.raises(PlanChangeRefusedError, match="changed_lately"):
        await quoted(stall, anna, most.id, from_plan_id=more.id)
    await market.skip(days=15)
    change = await quoted(stall, anna, most.id, from_plan_id=more.id)
    # Half of 1980, of which only 1485 was money.
    assert change.quote.credit_minor == pytest.approx(99_000, abs=20)


async def test_a_pause_takes_nothing_from_what_is_carried_over(market: Market, stall: Stall) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    old = await of_plan(stall, stall.plan_id)
    await market.skip(days=10)
    async with market.tenant(stall.tenant_id) as session:
        await pause_for(session, subscription_id=old.id, days=90, actor=SYSTEM, now=market.now())
    assert await refused(stall, anna, more.id) == ChangeRefusal.PAUSED
    await market.skip(days=40)
    async with market.tenant(stall.tenant_id) as session:
        await resume(session, subscription_id=old.id, by=PausedBy.TEAM, actor=SYSTEM, now=market.now())
    change = await quoted(stall, anna, more.id)
    assert (change.quote.kept / DAY, change.quote.credit_minor) == (
        pytest.approx(20, abs=0.01), pytest.approx(66_000, abs=20)
    )  # fmt: skip


async def test_what_cannot_be_changed_says_why(market: Market, stall: Stall) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    free = await stall.add_plan(stall.channel_id, price_minor=0, allows_changes=False)
    dollars = await add_dearer(stall, currency="USD")
    cheap_for_ever = await add_dearer(stall, 50_000, period_unit=PeriodUnit.LIFETIME, period_count=1)
    async with market.tenant(stall.tenant_id) as session:
        await grant_by_hand(
            session, user_id=anna.id, plan_id=stall.plan_id, given=GivenTime(days=5), key="k", actor=TEAM,
            now=market.now(),
        )  # fmt: skip
    assert await refused(stall, anna, more.id) == ChangeRefusal.NOTHING_TO_CARRY
    await stall.bought(anna)
    assert await refused(stall, anna, free.id) == ChangeRefusal.NOT_OFFERED
    assert await refused(stall, anna, dollars.id) == ChangeRefusal.NOTHING_TO_CARRY
    assert await refused(stall, anna, cheap_for_ever.id) == ChangeRefusal.WORTH_MORE
    assert await refused(stall, anna, stall.plan_id) == ChangeRefusal.SAME_PLAN
    await stall.change(Plan, more.id, audience="new")
    assert await refused(stall, anna, more.id) == "not_for_you"
    await market.skip(days=36)
    assert await refused(stall, anna, more.id) == ChangeRefusal.NOT_RUNNING


async def test_a_forged_moment_buys_nothing(market: Market, stall: Stall) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    change = await quoted(stall, anna, more.id)
    await market.skip(hours=1, seconds=2)
    with pytest.raises(TermsChangedError):
        await pressed(stall, anna, change)
    assert await market.count(stall.tenant_id, PlanChange) == 0


async def test_autopay_of_the_old_plan_ends_and_the_new_one_is_paid_with_its_own(market: Market, stall: Stall) -> None:

    more, anna = await add_dearer(stall, is_recurring=True), await stall.buyer()
    await stall.bought(anna, consent=CONSENT)
    await market.skip(days=10)
    await changed(stall, anna, more.id, consent=CONSENT)
    new, old = await of_plan(stall, more.id), await of_plan(stall, stall.plan_id)
    found = {row.subscription_id: row for row in await market.rows(stall.tenant_id, Autopay)}
    assert (found[old.id].status, found[old.id].off_reason) == (AutopayStatus.OFF, "plan_changed")
    assert found[new.id].status == AutopayStatus.ON


@pytest.mark.parametrize(("kind", "days"), [(ChangeKind.BY_VALUE, 10), (ChangeKind.SAME_END, 20)])
async def test_the_team_changes_a_plan_once_for_a_key(
    market: Market, stall: Stall, kind: ChangeKind, days: int
) -> None:
    more, anna = await add_dearer(stall), await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=10)
    old = await of_plan(stall, stall.plan_id)

    async def change(key: str = "key", plan_id: UUID = more.id) -> None:
        async with market.tenant(stall.tenant_id) as session:
            await change_by_hand(
                session, subscription_id=old.id, plan_id=plan_id, kind=kind, key=key, actor=TEAM, now=market.now()
            )  # fmt: skip

    await asyncio.gather(*(change() for _ in range(3)))
    await market.work()
    assert await days_left(stall, more.id) == pytest.approx(days, abs=0.01)
    assert (await of_plan(stall, stall.plan_id)).status == SubscriptionStatus.EXPIRED
    assert await market.count(stall.tenant_id, Payment) == 2
    events = [row for row in await market.rows(stall.tenant_id, AuditEvent) if row.action.endswith("plan_changed")]
    assert [(row.actor_kind, row.details["kind"]) for row in events] == [("admin", kind.value)]
    assert any("Тариф сменён" in text for text in await stall.texts(anna))
    with pytest.raises(IdempotenceKeyReusedError):
        await change(plan_id=stall.plan_id)
    assert await books(stall) == 0
