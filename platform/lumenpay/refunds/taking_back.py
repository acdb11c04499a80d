"""Taking back the time that a refunded payment bought, and none that others bought."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.subscriptions.autopay import plan_next_step
from lumenpay.subscriptions.change_by_hand import give_back_old
from lumenpay.subscriptions.expiry import end_subscription
from lumenpay.subscriptions.pause_records import move_time
from lumenpay.subscriptions.reminders import plan_next_reminder
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.subscriptions.rules import decide_access_end
from lumenpay.subscriptions.settlement import NOTHING_TO_ADD, extend_by_payment
from lumenpay.tenants.repository import get_own_tenant

REFUNDED = "refunded"


async def take_back_access(session: TenantSession, payment: Payment, *, now: datetime, is_told: bool = False) -> None:
    """Cut what is left of a payment's time from now on; later time of other payments moves up and keeps its length.

    Where nothing is left, the subscription ends now, without grace, and the person is taken out. Safe to repeat.

    Args:
        is_told: The person is told of such an end; a payer hears of the refund itself.
    """
    granted = select(Grant.subscription_id).where(
        Grant.tenant_id == session.tenant_id, Grant.payment_id == payment.id
    )  # fmt: skip
    subscription_id = (await session.execute(granted)).scalar_one_or_none()
    if subscription_id is None:
        return
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    was_last = await _is_last(session, subscription, payment)
    paused_until_at = subscription.paused_until_at
    if paused_until_at is not None:
        # What is left lies behind the pause. It is looked at as if the pause ended now, and then waits on.
        await move_time(session, subscription, from_at=paused_until_at, to_at=now)
    # Periods cannot be changed by the application; this only shortens one and moves up those that follow it.
    unused, bought = await _count_unused(session, payment, now=now)
    taken = (await session.execute(select(func.take_back_period(payment.id, now)))).scalar_one()
    if subscription.status != SubscriptionStatus.EXPIRED and (taken or was_last):
        await _settle_end(session, subscription, payment, is_taken=bool(taken), is_told=is_told, now=now)
    if paused_until_at is not None and subscription.status == SubscriptionStatus.PAUSED:
        await move_time(session, subscription, from_at=now, to_at=paused_until_at)
    if taken:
        # What of another plan had paid for this one too has not gone back in money.
        await give_back_old(session, payment, unused=unused, bought=bought, now=now)
    await session.flush()


async def _count_unused(session: TenantSession, payment: Payment, *, now: datetime) -> tuple[timedelta, timedelta]:
    """Return how much of a payment's time is left, and how long it is in all; nothing where it has no end."""
    query = select(SubscriptionPeriod.during).where(
        SubscriptionPeriod.tenant_id == session.tenant_id, SubscriptionPeriod.payment_id == payment.id
    )
    during = (await session.execute(query)).scalar_one_or_none()
    if during is None or during.isempty or during.lower is None:
        return timedelta(), timedelta()
    if during.upper is None:
        # None of a lifetime is ever used up.
        return timedelta(days=1), timedelta(days=1)
    return during.upper - max(during.lower, now), during.upper - during.lower


async def _settle_end(
    session: TenantSession,
    subscription: Subscription,
    payment: Payment,
    *,
    is_taken: bool,
    is_told: bool,
    now: datetime,
) -> None:
    is_endless, ends_at = await _read_end(session, subscription)
    if is_endless:
        return
    if is_taken:
        subscription.ends_at = ends_at if ends_at is not None and ends_at > now else now
        if await _honour_second_lifetime(session, subscription, payment, now=now):
            return
    if subscription.ends_at is None or subscription.ends_at <= now:
        subscription.access_ends_at = now
        await end_subscription(session, subscription, reason=REFUNDED, now=now, is_told=is_told)
        return
    if subscription.status == SubscriptionStatus.PAUSED:
        return
    tenant = await get_own_tenant(session)
    subscription.access_ends_at = decide_access_end(subscription.ends_at, grace_seconds=tenant.grace_seconds)
    await plan_next_reminder(session, subscription, offsets_seconds=tenant.reminder_offsets_seconds, now=now)
    await plan_next_step(session, subscription)


async def _is_last(session: TenantSession, subscription: Subscription, payment: Payment) -> bool:
    """Tell whether the subscription's end is that of this payment's time: what follows it is grace for nobody else."""
    query = (
        select(SubscriptionPeriod.payment_id)
        .where(*_periods_of(session, subscription))
        .order_by(func.upper(SubscriptionPeriod.during).desc().nulls_first())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none() == payment.id


async def _read_end(session: TenantSession, subscription: Subscription) -> tuple[bool, datetime | None]:
    """Return whether some period has no end, and the latest end of the others."""
    during = SubscriptionPeriod.during
    query = select(func.bool_or(func.upper_inf(during)), func.max(func.upper(during)))
    row = (await session.execute(query.where(*_periods_of(session, subscription)))).one()
    return bool(row[0]), row[1]


def _periods_of(session: TenantSession, subscription: Subscription) -> tuple[ColumnElement[bool], ...]:
    return (
        SubscriptionPeriod.tenant_id == session.tenant_id,
        SubscriptionPeriod.subscription_id == subscription.id,
        ~func.isempty(SubscriptionPeriod.during),
    )


async def _honour_second_lifetime(
    session: TenantSession, subscription: Subscription, payment: Payment, *, now: datetime
) -> bool:
    """Give the time that another paid order could not buy while access had no end; False when there is none."""
    query = (
        select(Payment)
        .join(Grant, (Grant.tenant_id == Payment.tenant_id) & (Grant.payment_id == Payment.id))
        .where(
            Payment.tenant_id == session.tenant_id,
            Grant.subscription_id == subscription.id,
            Payment.id != payment.id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.quarantine_reason == NOTHING_TO_ADD,
            Payment.refunded_minor < Payment.amount_minor,
        )
        .order_by(Payment.settled_at, Payment.id)
        .with_for_update(of=Payment)
    )
    others = list((await session.execute(query)).scalars())
    is_given = False
    for other in others:
        if await extend_by_payment(session, subscription, other, now=now):
            other.quarantine_reason, is_given = None, True
    await session.flush()
    return is_given
