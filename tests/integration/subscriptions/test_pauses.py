"""A pause keeps what is left to the microsecond, whoever begins or ends it, and nothing is done or said meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from lumenpay.audit.service import SYSTEM, Actor
from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.models.access import EntryLink, EntryLinkStatus
from lumenpay.models.audit import AuditEvent
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.pauses import PausedBy, SubscriptionPause
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.refunds.taking_back import take_back_access
from lumenpay.subscriptions.errors import PauseRefusedError
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.leaving_rules import LeavingTerms, set_leaving_rules
from lumenpay.subscriptions.manual import GivenTime, extend_by_hand, grant_by_hand
from lumenpay.subscriptions.pausing import pause_for, pause_own, resume, take_due_pause_step
from lumenpay.subscriptions.revocation import revoke_subscription
from tenants_worker.tasks import pauses
from tenants_worker.tasks.autopay import take_due_steps
from tests.support.market import Market
from tests.support.renewing import automatic, autopay_of, charged, come_to_charge, renewing, skip_to_end
from tests.support.stall import Stall, open_stall

DAY = timedelta(days=1)


@pytest.fixture
async def stall(market: Market) -> Stall:
    stall = await open_stall(market, is_recurring=True)
    await allow(stall)
    return stall


async def allow(stall: Stall, *, days: int = 14, times: int = 2) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        terms = LeavingTerms(pause_days=days, pauses_a_year=times)
        await set_leaving_rules(session, plan_id=stall.plan_id, terms=terms, actor=SYSTEM, now=stall.market.now())


async def subscription_of(stall: Stall) -> Subscription:
    [row] = await stall.market.rows(stall.tenant_id, Subscription)
    return row


async def spans(stall: Stall) -> list[tuple[timedelta, timedelta]]:
    """Return where each period begins and how long it is, counted from the first."""
    rows = await stall.market.rows(stall.tenant_id, SubscriptionPeriod)
    found = sorted((row.during.lower, row.during.upper) for row in rows)
    return [(lower - found[0][0], upper - lower) for lower, upper in found]


async def paused(stall: Stall, *, days: int | None = None) -> Subscription:
    subscription_id = (await subscription_of(stall)).id
    async with stall.market.tenant(stall.tenant_id) as session:
        if days is None:
            return await pause_own(
                session, subscription_id=subscription_id, actor=Actor("user"), now=stall.market.now()
            )
        return await pause_for(
            session, subscription_id=subscription_id, days=days, actor=Actor("admin"), now=stall.market.now()
        )  # fmt: skip


async def resumed(stall: Stall, *, by: PausedBy = PausedBy.SUBSCRIBER) -> Subscription:
    subscription_id = (await subscription_of(stall)).id
    async with stall.market.tenant(stall.tenant_id) as session:
        return await resume(session, subscription_id=subscription_id, by=by, actor=SYSTEM, now=stall.market.now())


async def tend(stall: Stall) -> None:
    """Do everything that is due, pauses included."""
    await pauses.take_due_steps(stall.market.worker, stall.market.now())
    await stall.sweep()


def left_of(subscription: Subscription) -> timedelta:
    assert subscription.ends_at is not None
    assert subscription.paused_until_at is not None
    return subscription.ends_at - subscription.paused_until_at


async def inside(stall: Stall) -> User:
    anna = await stall.buyer()
    await stall.bought(anna)
    [link] = await stall.market.rows(stall.tenant_id, EntryLink)
    assert await stall.join(anna, link.url) == "requested"
    return anna


async def test_what_is_left_is_kept_and_given_back_whole(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    await market.skip(days=3)
    before = await subscription_of(stall)
    assert before.ends_at is not None
    subscription = await paused(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    left = before.ends_at - pause.started_at
    assert (subscription.status, left_of(subscription)) == (SubscriptionStatus.PAUSED, left)
    assert subscription.paused_until_at == pause.started_at + 14 * DAY
    assert subscription.access_ends_at == pause.started_at
    await market.skip(days=5)
    subscription = await resumed(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert (subscription.ends_at, pause.ended_by) == (pause.ended_at + left, PausedBy.SUBSCRIBER)
    [period] = await market.rows(stall.tenant_id, SubscriptionPeriod)
    assert period.during.upper == subscription.ends_at
    events = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert (events.count("subscription.paused"), events.count("subscription.resumed")) == (1, 1)


async def test_periods_paid_in_advance_move_together(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await stall.bought(anna)
    month = 30 * DAY
    assert await spans(stall) == [(timedelta(), month), (month, month)]
    await market.skip(days=3)
    await paused(stall)
    assert await spans(stall) == [(timedelta(), month + 14 * DAY), (month + 14 * DAY, month)]
    await market.skip(days=5)
    await resumed(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    lasted = pause.ended_at - pause.started_at
    assert await spans(stall) == [(timedelta(), month + lasted), (month + lasted, month)]


async def test_the_doors_close_and_open_again(market: Market, stall: Stall) -> None:
    anna = await inside(stall)
    assert await stall.is_inside(anna.telegram_id)
    await paused(stall)
    await market.work()
    assert not await stall.is_inside(anna.telegram_id)
    assert await stall.member_status(anna.telegram_id) == "left"
    await resumed(stall)
    await market.work()
    [link] = await market.rows(stall.tenant_id, EntryLink, EntryLink.status == EntryLinkStatus.ACTIVE)
    await stall.join(anna, link.url)
    assert await stall.is_inside(anna.telegram_id)


async def test_nothing_is_said_charged_or_ended_meanwhile(market: Market, stall: Stall) -> None:
    anna = await renewing(stall)
    await allow(stall, days=60)
    await skip_to_end(stall, days=4)
    await paused(stall)
    before = await stall.texts(anna)
    for days in (1, 1, 1, 1, 1, 10, 30):
        await market.skip(days=days)
        await tend(stall)
    assert await stall.texts(anna) == before
    assert await charged(stall) == ["990.00"]
    assert (await subscription_of(stall)).status == SubscriptionStatus.PAUSED
    subscription = await resumed(stall)
    assert subscription.ends_at is not None
    autopay = await autopay_of(stall)
    assert (autopay.status, autopay.next_step_at) == (AutopayStatus.ON, subscription.ends_at - DAY)
    await come_to_charge(stall)
    await stall.sweep()
    await stall.poll()
    assert await charged(stall) == ["990.00", "990.00"]


async def test_the_clock_ends_it_with_a_word_before_and_once(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await paused(stall)
    left = left_of(subscription)
    before = len(await stall.texts(anna))
    await market.skip(days=13, seconds=1)
    for _ in range(2):
        await tend(stall)
    assert [text[:1] for text in (await stall.texts(anna))[before:]] == ["⏯"]
    await market.skip(days=1)
    for _ in range(2):
        await tend(stall)
    told = (await stall.texts(anna))[before + 1 :]
    assert ["▶" in text for text in told] == [True, False]
    subscription = await subscription_of(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert (subscription.status, pause.ended_by) == (SubscriptionStatus.ACTIVE, PausedBy.CLOCK)
    assert subscription.ends_at == pause.ended_at + left


async def test_a_purchase_ends_the_pause_and_adds(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    left = left_of(await paused(stall))
    await market.skip(days=2)
    await stall.bought(anna)
    subscription = await subscription_of(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert (subscription.status, pause.ended_by) == (SubscriptionStatus.ACTIVE, PausedBy.PURCHASE)
    assert subscription.ends_at == pause.ended_at + left + 30 * DAY


async def test_days_that_the_team_adds_wait_with_the_rest(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    subscription = await paused(stall)
    left = left_of(subscription)
    await market.skip(days=2)
    async with market.tenant(stall.tenant_id) as session:
        await extend_by_hand(
            session, subscription_id=subscription.id, days=7, key="ill", actor=SYSTEM, now=market.now()
        )
    subscription = await subscription_of(stall)
    assert (subscription.status, left_of(subscription)) == (SubscriptionStatus.PAUSED, left + 7 * DAY)
    async with market.tenant(stall.tenant_id) as session:
        subscription = await grant_by_hand(
            session, user_id=subscription.user_id, plan_id=stall.plan_id, given=GivenTime(days=1), key="now",
            actor=SYSTEM, now=market.now(),
        )  # fmt: skip
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert subscription.ends_at == pause.ended_at + left + 8 * DAY


async def test_a_refund_during_a_pause_takes_that_orders_time_and_no_other_d15(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    first = await stall.bought(anna)
    await market.skip(days=3)
    second = await stall.bought(anna)
    left = left_of(await paused(stall))
    await market.skip(days=2)

    async def take_back(payment: Payment) -> Subscription:
        async with market.tenant(stall.tenant_id) as session:
            await take_back_access(
                session, await session.get_one(Payment, (stall.tenant_id, payment.id)), now=market.now()
            )
        return await subscription_of(stall)

    subscription = await take_back(first)
    assert (subscription.status, left_of(subscription)) == (SubscriptionStatus.PAUSED, 30 * DAY)
    assert left > 30 * DAY
    [period] = [row for row in await market.rows(stall.tenant_id, SubscriptionPeriod) if row.payment_id == second.id]
    assert (period.during.lower, period.during.upper) == (subscription.paused_until_at, subscription.ends_at)
    subscription = await take_back(second)
    assert (subscription.status, subscription.paused_until_at) == (SubscriptionStatus.EXPIRED, None)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert pause.ended_by == PausedBy.END


async def test_a_paused_one_can_be_revoked(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    subscription = await paused(stall)
    async with market.tenant(stall.tenant_id) as session:
        await revoke_subscription(session, subscription_id=subscription.id, actor=SYSTEM, now=market.now())
    subscription = await subscription_of(stall)
    assert (subscription.status, subscription.paused_until_at) == (SubscriptionStatus.EXPIRED, None)
    await market.skip(days=20)
    await tend(stall)
    assert (await subscription_of(stall)).status == SubscriptionStatus.EXPIRED


async def test_a_charge_that_is_not_sent_yet_is_not_sent_during_a_pause(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    await take_due_steps(market.worker, market.now())
    await paused(stall)
    await market.work()
    [payment] = await automatic(stall)
    assert (payment.status, payment.cancellation_reason) == (PaymentStatus.CANCELED, "paused_meanwhile")
    assert await charged(stall) == ["990.00"]


async def test_a_charge_that_was_on_its_way_adds_behind_the_rest(market: Market, stall: Stall) -> None:
    await renewing(stall)
    await come_to_charge(stall)
    await market.yookassa(
        "POST", "/faults", match={"method": "POST", "path": "/v3/payments", "count": 1}, effect={"kind": "drop_after"}
    )
    await stall.sweep()
    assert await charged(stall) == ["990.00", "990.00"]
    left = left_of(await paused(stall))
    await market.skip(minutes=20)
    await market.work()
    await stall.poll()
    [payment] = await automatic(stall)
    subscription = await subscription_of(stall)
    assert (payment.status, subscription.status) == (PaymentStatus.SUCCEEDED, SubscriptionStatus.PAUSED)
    assert left_of(subscription) == left + 30 * DAY


async def test_only_as_often_as_the_plan_allows_and_the_team_as_it_likes(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    await allow(stall, days=14, times=1)
    await paused(stall)
    await resumed(stall)
    with pytest.raises(PauseRefusedError, match="used_up"):
        await paused(stall)
    await allow(stall, days=0, times=0)
    with pytest.raises(PauseRefusedError, match="not_allowed"):
        await paused(stall)
    subscription = await paused(stall, days=3)
    assert subscription.status == SubscriptionStatus.PAUSED
    await resumed(stall, by=PausedBy.TEAM)
    await skip_to_end(stall, days=-1)
    with pytest.raises(PauseRefusedError, match="not_running"):
        await paused(stall, days=3)


async def test_many_at_once_pause_once_and_resume_once(market: Market, stall: Stall) -> None:
    """Two taps and the team, then two taps, the clock and the team."""
    await stall.bought(await stall.buyer())
    await asyncio.gather(paused(stall), paused(stall), paused(stall, days=14), paused(stall))
    subscription = await subscription_of(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    left = left_of(subscription)
    await market.skip(days=15)

    async def tick() -> None:
        async with market.tenant(stall.tenant_id) as session:
            await take_due_pause_step(session, subscription_id=subscription.id, now=market.now())

    await asyncio.gather(resumed(stall), resumed(stall, by=PausedBy.TEAM), tick(), tick(), tick())
    subscription = await subscription_of(stall)
    [pause] = await market.rows(stall.tenant_id, SubscriptionPause)
    assert subscription.ends_at is not None
    assert subscription.status == SubscriptionStatus.ACTIVE
    # Each actor read the clock itself.
    assert abs(subscription.ends_at - pause.ended_at - left) < timedelta(seconds=5)
    [period] = await market.rows(stall.tenant_id, SubscriptionPeriod)
    assert period.during.upper == subscription.ends_at
    events = [row.action for row in await market.rows(stall.tenant_id, AuditEvent)]
    assert (events.count("subscription.paused"), events.count("subscription.resumed")) == (1, 1)


async def test_pause_against_the_end_one_of_them_wins_h3(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    subscription_id = (await subscription_of(stall)).id
    await skip_to_end(stall, seconds=3)
    ends_at = (await subscription_of(stall)).ends_at
    assert ends_at is not None

    async def pause(at: timedelta) -> bool:
        try:
            async with market.tenant(stall.tenant_id) as session:
                await pause_own(session, subscription_id=subscription_id, actor=SYSTEM, now=ends_at + at)
        except PauseRefusedError:
            return False
        return True

    async def end() -> bool:
        async with market.tenant(stall.tenant_id) as session:
            return await expire_subscription(session, subscription_id=subscription_id, now=ends_at + 10 * DAY)

    won = await asyncio.gather(pause(timedelta(seconds=-1)), end(), pause(timedelta(seconds=-1)), end())
    was_paused, was_ended = won[0] or won[2], won[1] or won[3]
    assert was_paused != was_ended
    status = SubscriptionStatus.PAUSED if was_paused else SubscriptionStatus.EXPIRED
    assert (await subscription_of(stall)).status == status
    if was_paused:
        assert left_of(await subscription_of(stall)) == timedelta(seconds=1)


async def test_pause_against_payment_loses_no_second(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    order = await stall.ordered(anna)
    await stall.pay(order)
    first_end = (await subscription_of(stall)).ends_at
    assert first_end is not None
    await asyncio.gather(
        paused(stall), *(market.run(stall.tenant_id, CheckPayment(order.id)) for _ in range(2)), paused(stall)
    )
    subscription = await subscription_of(stall)
    found = await market.rows(stall.tenant_id, SubscriptionPause)
    assert subscription.ends_at is not None
    # Whoever ends it may have looked at the clock a moment before whoever began it: then it took no time.
    spans = ((pause.ended_at or pause.until_at) - pause.started_at for pause in found)
    lasted = sum((max(timedelta(), span) for span in spans), timedelta())
    assert subscription.ends_at == first_end + 30 * DAY + lasted
