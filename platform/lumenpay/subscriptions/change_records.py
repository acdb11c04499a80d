"""SQL of changes of plan: quotes by their payment, and what the periods of the old plan are worth."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import ChargeState, SubscriptionCharge
from lumenpay.models.pauses import SubscriptionPause
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import ChangeKind, PlanChange
from lumenpay.models.plans import Plan
from lumenpay.models.refunds import Refund, RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.subscriptions.change_rules import ChangeQuote, Stretch
from lumenpay.subscriptions.repository import find_of_plan, get_subscription

_OWN_KINDS = (ChangeKind.PAID, ChangeKind.TURNED)


async def find_change(session: TenantSession, payment_id: UUID) -> PlanChange | None:
    """Return the change of plan that an order was made for, as it stands now; the payment's lock is its own."""
    query = select(PlanChange).where(PlanChange.tenant_id == session.tenant_id, PlanChange.payment_id == payment_id)
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def store_change(
    session: TenantSession, payment: Payment, *, old: Subscription, kind: ChangeKind, quote: ChangeQuote, renews: bool,
    quoted_at: datetime, now: datetime,
) -> None:  # fmt: skip
    """Keep what an order carries over. Safe to repeat: the first quote of an order stays."""
    await session.execute(
        insert(PlanChange)
        .values(
            tenant_id=session.tenant_id, payment_id=payment.id, subscription_id=old.id, user_id=old.user_id,
            from_plan_id=old.plan_id, to_plan_id=payment.plan_id, kind=kind, credit_minor=quote.credit_minor,
            currency=payment.currency, kept_seconds=-(-quote.kept // timedelta(seconds=1)), renews=renews,
            sources=[
                {"payment_id": str(share.payment_id), "credit_minor": share.credit_minor} for share in quote.shares
            ],
            quoted_at=quoted_at, created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


async def lock_old(session: TenantSession, change: PlanChange) -> Subscription:
    """Return the subscription that is left, locked; the other one before it where that is the older of the two.

    Everybody locks the subscriptions of a person in the order of their ids, so that a change and its opposite can be
    granted at once.
    """
    present = await find_of_plan(session, user_id=change.user_id, plan_id=change.to_plan_id)
    if present is not None and present.id < change.subscription_id:
        await get_subscription(session, present.id, is_locked=True)
    return await get_subscription(session, change.subscription_id, is_locked=True)


async def list_stretches(session: TenantSession, subscription: Subscription) -> list[Stretch]:
    """Return the periods of a subscription with what they are worth, earliest first.

    What a change took away from a period made it shorter, and took its worth along.
    """
    going_back = (
        select(func.coalesce(func.sum(Refund.amount_minor), 0))
        .where(
            Refund.tenant_id == session.tenant_id,
            Refund.payment_id == Payment.id,
            Refund.status.in_((RefundStatus.CREATED, RefundStatus.PENDING)),
        )
        .scalar_subquery()
    )
    worth = Payment.amount_minor - Payment.refunded_minor - going_back + Payment.credit_minor
    of_period = (Payment.tenant_id == SubscriptionPeriod.tenant_id) & (Payment.id == SubscriptionPeriod.payment_id)
    rows = await session.execute(
        select(SubscriptionPeriod.payment_id, SubscriptionPeriod.during, worth, Payment.currency)
        .join(Payment, of_period)
        .where(
            SubscriptionPeriod.tenant_id == session.tenant_id,
            SubscriptionPeriod.subscription_id == subscription.id,
            ~func.isempty(SubscriptionPeriod.during),
        )
        .order_by(SubscriptionPeriod.during)
    )  # fmt: skip
    pauses = await _list_pauses(session, subscription.id)
    taken = await _count_taken(session, subscription.id)
    return [
        Stretch(
            payment_id=payment_id, starts_at=during.lower, ends_at=during.upper, currency=currency,
            worth_minor=int(worth_minor) - taken.get(payment_id, 0),
            stood_still=_count_still(pauses, during.lower, during.upper),
        )
        for payment_id, during, worth_minor, currency in rows
        if during.lower is not None
    ]  # fmt: skip


async def changed_lately(session: TenantSession, user_id: UUID, *, since: datetime) -> bool:
    """Tell whether a person changed a plan by themselves since a moment."""
    query = select(
        exists().where(
            PlanChange.tenant_id == session.tenant_id,
            PlanChange.user_id == user_id,
            PlanChange.applied_at > since,
            PlanChange.kind.in_(_OWN_KINDS),
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def list_changed_to(session: TenantSession, user_id: UUID) -> dict[UUID, str]:
    """Return the title of the plan that took the place of each subscription of a person that ended by a change."""
    ended_by_it = and_(
        Subscription.tenant_id == PlanChange.tenant_id, Subscription.id == PlanChange.subscription_id,
        Subscription.status == SubscriptionStatus.EXPIRED, Subscription.expired_at == PlanChange.applied_at,
    )  # fmt: skip
    rows = await session.execute(
        select(PlanChange.subscription_id, Plan.title)
        .join(Subscription, ended_by_it)
        .join(Plan, and_(Plan.tenant_id == PlanChange.tenant_id, Plan.id == PlanChange.to_plan_id))
        .where(PlanChange.tenant_id == session.tenant_id, PlanChange.user_id == user_id)
    )
    return {row[0]: row[1] for row in rows}


async def is_being_charged(session: TenantSession, subscription_id: UUID) -> bool:
    """Tell whether a charge that prolongs a subscription may be on its way."""
    query = select(
        exists().where(
            SubscriptionCharge.tenant_id == session.tenant_id,
            SubscriptionCharge.subscription_id == subscription_id,
            SubscriptionCharge.state == ChargeState.OPEN,
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def _count_taken(session: TenantSession, subscription_id: UUID) -> dict[UUID, int]:
    query = select(PlanChange.sources).where(
        PlanChange.tenant_id == session.tenant_id,
        PlanChange.subscription_id == subscription_id,
        PlanChange.applied_at.is_not(None),
    )
    taken: dict[UUID, int] = {}
    for source in chain.from_iterable((await session.execute(query)).scalars()):
        payment_id = UUID(source["payment_id"])
        taken[payment_id] = taken.get(payment_id, 0) + int(source.get("taken_minor", 0))
    return taken


async def _list_pauses(session: TenantSession, subscription_id: UUID) -> list[tuple[datetime, datetime]]:
    rows = await session.execute(
        select(SubscriptionPause.started_at, SubscriptionPause.ended_at).where(
            SubscriptionPause.tenant_id == session.tenant_id,
            SubscriptionPause.subscription_id == subscription_id,
            SubscriptionPause.ended_at.is_not(None),
        )
    )
    return [(started_at, ended_at) for started_at, ended_at in rows if ended_at is not None]


def _count_still(
    pauses: list[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime | None
) -> timedelta:  # fmt: skip
    if ends_at is None:
        return timedelta()
    inside = (min(ended, ends_at) - max(started, starts_at) for started, ended in pauses)
    return sum((length for length in inside if length > timedelta()), timedelta())
