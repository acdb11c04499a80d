"""Periods, reminders and the end: nobody loses a paid second, and everything is said once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import SYSTEM
from lumenpay.db.dispatch import list_broken_rows
from lumenpay.jobs.catalogue import SendReminder
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import (
    Subscription,
    SubscriptionPeriod,
    SubscriptionReminder,
    SubscriptionStatus,
)
from lumenpay.models.users import User
from lumenpay.payments.errors import OwnedForEverError
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.reminders import claim_reminder
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.tenants.service import TenantSettings, change_tenant
from tenants_worker.tasks.subscriptions import expire_due
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def subscription_of(market: Market, stall: Stall) -> Subscription:
    return (await market.rows(stall.tenant_id, Subscription))[0]


async def test_renewal_adds_to_what_is_left(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    first_end = (await subscription_of(market, stall)).ends_at
    await market.skip(days=10)
    await stall.bought(anna)
    assert (await subscription_of(market, stall)).ends_at == first_end + timedelta(days=30)
    periods = await market.rows(stall.tenant_id, SubscriptionPeriod)
    assert sum((p.during.upper - p.during.lower for p in periods), timedelta()) == timedelta(days=60)


async def test_two_links_paid_at_the_same_moment_add_up_d11(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.promo("HALF")
    plain = await stall.ordered(anna)
    cheap = await stall.ordered(anna, promo_code="HALF")
    await asyncio.gather(stall.pay(plain), stall.pay(cheap))
    await stall.poll()
    subscription = await subscription_of(market, stall)
    assert subscription.ends_at - subscription.starts_at == timedelta(days=60)


async def test_a_lapsed_subscription_restarts_now(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await market.skip(days=40)
    await stall.sweep()
    await stall.bought(anna)
    subscription = await subscription_of(market, stall)
    assert subscription.status == SubscriptionStatus.ACTIVE
    assert abs(subscription.ends_at - market.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert await stall.is_inside(anna.telegram_id) is False


async def test_a_lifetime_has_no_end_and_no_reminder(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    await stall.bought(await stall.buyer())
    subscription = await subscription_of(market, stall)
    assert (subscription.ends_at, subscription.next_reminder_at) == (None, None)
    await market.skip(days=5000)
    await stall.sweep()
    assert (await subscription_of(market, stall)).status == SubscriptionStatus.ACTIVE


async def test_the_database_refuses_periods_that_overlap(market: Market, stall: Stall) -> None:
    await stall.bought(await stall.buyer())
    unpaid = await stall.ordered(await stall.buyer())
    kept = (await market.rows(stall.tenant_id, SubscriptionPeriod))[0]
    with pytest.raises(IntegrityError, match="overlap"):
        async with market.tenant(stall.tenant_id) as session:
            session.add(
                SubscriptionPeriod(
                    tenant_id=stall.tenant_id,
                    id=new_uuid7(),
                    subscription_id=kept.subscription_id,
                    payment_id=unpaid.id,
                    created_at=market.now(),
                    during=Range(kept.during.lower + timedelta(days=1), None, bounds="[)"),
                )
            )


async def test_each_reminder_comes_once_h6(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    before = len(await stall.texts(anna))
    for days, hours in ((26, 0), (1, 2), (1, 23), (0, 22)):
        await market.skip(days=days, hours=hours)
        await asyncio.gather(*(stall.sweep() for _ in range(3)))
    assert len(await stall.texts(anna)) == before + 3
    sent = await market.rows(stall.tenant_id, SubscriptionReminder)
    assert sorted(row.offset_seconds for row in sent) == [7_200, 86_400, 259_200]


async def test_a_reminder_whose_moment_passed_before_the_purchase_is_not_sent(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.HOUR, period_count=12)
    anna = await stall.buyer()
    await stall.bought(anna)
    before = len(await stall.texts(anna))
    await stall.sweep()
    assert len(await stall.texts(anna)) == before
    await market.skip(hours=10, minutes=30)
    await stall.sweep()
    assert len(await stall.texts(anna)) == before + 1


async def test_a_reminder_of_an_end_that_was_renewed_away_is_not_sent_h6(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.DAY, period_count=1)
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await subscription_of(market, stall)
    await market.skip(hours=22, minutes=30)
    async with market.tenant(stall.tenant_id) as session:
        assert await claim_reminder(session, subscription_id=subscription.id, now=market.now())
    await stall.bought(anna)
    before = len(await stall.texts(anna))
    await market.run(stall.tenant_id, SendReminder(subscription.id, 7_200))
    await market.run(stall.tenant_id, SendReminder(subscription.id, 7_200))
    assert len(await stall.texts(anna)) == before


async def test_the_end_comes_once_is_told_once_and_after_the_grace(market: Market) -> None:
    stall = await open_stall(market, tenant={"grace_seconds": 3600})
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await subscription_of(market, stall)
    await market.skip(days=30, minutes=5)
    await stall.sweep()
    assert (await subscription_of(market, stall)).status == SubscriptionStatus.ACTIVE
    await market.skip(hours=1)
    before = len(await stall.texts(anna))

    async def expire() -> bool:
        async with market.tenant(stall.tenant_id) as session:
            return await expire_subscription(session, subscription_id=subscription.id, now=market.now())

    assert sorted(await asyncio.gather(*(expire() for _ in range(8)))) == [False] * 7 + [True]
    await stall.sweep()
    await stall.sweep()
    assert await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.EXPIRED) == 1
    assert len(await stall.texts(anna)) == before + 1


async def test_whoever_renewed_at_the_last_moment_is_not_expired_h3(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    subscription = await subscription_of(market, stall)
    await market.skip(days=29, hours=23)
    await stall.bought(anna)
    await market.skip(hours=2)
    async with market.tenant(stall.tenant_id) as session:
        assert not await expire_subscription(session, subscription_id=subscription.id, now=market.now())
    assert (await subscription_of(market, stall)).status == SubscriptionStatus.ACTIVE


async def test_a_person_who_blocked_the_bot_keeps_access_and_is_not_written_to_e8(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await market.telegram("POST", f"/users/{anna.telegram_id}/block", bot_id=stall.telegram_bot_id)
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).delivery_state == "granted"
    assert (await market.get(stall.tenant_id, User, anna.id)).blocked_bot_at is not None
    assert (await subscription_of(market, stall)).status == SubscriptionStatus.ACTIVE
    await market.skip(days=27, hours=1)
    await stall.sweep()
    assert not await market.jobs(stall.tenant_id, "subscriptions.remind", status="ready")


async def test_one_row_that_cannot_be_dealt_with_keeps_nobody_elses_end_waiting_f7(
    market: Market, stall: Stall
) -> None:
    first, second = await stall.buyer(), await stall.buyer()
    await stall.bought(first)
    await stall.bought(second)
    held = (await market.rows(stall.tenant_id, Subscription, Subscription.user_id == first.id))[0]
    await market.skip(days=31)
    async with market.tenant(stall.tenant_id) as session:
        await get_subscription(session, held.id, is_locked=True)
        await expire_due(market.worker, market.now())
    states = {row.user_id: row.status for row in await market.rows(stall.tenant_id, Subscription)}
    assert states == {first.id: SubscriptionStatus.ACTIVE, second.id: SubscriptionStatus.EXPIRED}
    await expire_due(market.worker, market.now())
    assert (await market.get(stall.tenant_id, Subscription, held.id)).status == SubscriptionStatus.EXPIRED


async def settings_of(market: Market, stall: Stall, *offsets: int) -> None:
    chosen = TenantSettings("Alpha", "Europe/Moscow", "ru", offsets, 0)
    async with market.tenant(stall.tenant_id) as session:
        await change_tenant(session, settings=chosen, actor=SYSTEM, now=market.now())
    await market.work()


async def test_changed_reminder_offsets_reach_running_subscriptions_h6(market: Market) -> None:
    stall = await open_stall(market, tenant={"reminder_offsets_seconds": []})
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    await stall.bought(ben)
    assert {row.next_reminder_at for row in await market.rows(stall.tenant_id, Subscription)} == {None}
    await settings_of(market, stall, 86_400, 7_200)
    for row in await market.rows(stall.tenant_id, Subscription):
        assert row.next_reminder_at == row.ends_at - timedelta(days=1)
    await market.skip(days=29, hours=1)
    await stall.sweep()
    # The day before is used up, and an offset whose moment has passed is not made up for.
    await settings_of(market, stall, 86_400, 172_800, 3_600)
    for row in await market.rows(stall.tenant_id, Subscription):
        assert row.next_reminder_at == row.ends_at - timedelta(hours=1)
    await settings_of(market, stall)
    assert {row.next_reminder_at for row in await market.rows(stall.tenant_id, Subscription)} == {None}
    assert await market.count(stall.tenant_id, SubscriptionReminder) == 2


async def test_two_links_of_a_lifetime_are_not_swallowed_d11(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    anna = await stall.buyer()
    await stall.promo("HALF")
    first = await stall.ordered(anna)
    second = await stall.ordered(anna, promo_code="HALF")
    for payment in (first, second):
        await stall.pay(payment)
        await stall.poll()
    paid, spare = await stall.payment(first.id), await stall.payment(second.id)
    assert [payment.status for payment in (paid, spare)] == [PaymentStatus.SUCCEEDED] * 2
    assert (paid.quarantine_reason, spare.quarantine_reason) == (None, "nothing_to_add")
    logged = await market.rows(stall.tenant_id, AccessLog, AccessLog.reason == "nothing_to_add")
    assert [row.payment_id for row in logged] == [spare.id]
    audited = await market.rows(stall.tenant_id, AuditEvent, AuditEvent.action == "payment.nothing_to_add")
    assert [row.subject_id for row in audited] == [spare.id]
    assert await market.count(stall.tenant_id, LedgerEntry) == 4
    # Somebody has to look at it, which is no fault of the books.
    for check in ("grant_without_period", "end_without_period"):
        assert await list_broken_rows(market.worker.database, check=check, now=market.now(), limit=1) == []


async def test_what_somebody_has_for_ever_is_not_sold_to_them_again_d11(market: Market) -> None:
    stall = await open_stall(market, period_unit=PeriodUnit.LIFETIME, period_count=1)
    anna = await stall.buyer()
    await stall.bought(anna)
    await stall.change(Plan, stall.plan_id, period_unit=PeriodUnit.DAY, period_count=30)
    with pytest.raises(OwnedForEverError):
        await stall.order(anna)
    assert (await stall.ordered(await stall.buyer())).status == PaymentStatus.PENDING
