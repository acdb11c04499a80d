"""SQL of subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from lumenpay.db.counting import list_page
from lumenpay.db.narrowing import ANY_TIME, Span, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionReminder, SubscriptionStatus
from lumenpay.subscriptions.errors import SubscriptionNotFoundError


@dataclass(frozen=True, slots=True)
class SubscriptionFilters:
    """Which subscriptions a list shows; an empty field does not filter."""

    status: SubscriptionStatus | None = None
    user_id: UUID | None = None
    plan_id: UUID | None = None
    bot_id: UUID | None = None
    created: Span = ANY_TIME
    ending: Span = ANY_TIME
    """When the paid time ends; one for a lifetime never does."""


async def get_subscription(session: TenantSession, subscription_id: UUID, *, is_locked: bool = False) -> Subscription:
    """Return a subscription, locked until the end of the transaction on request.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
    """
    query = select(Subscription).where(Subscription.tenant_id == session.tenant_id, Subscription.id == subscription_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    subscription = (await session.execute(query)).scalar_one_or_none()
    if subscription is None:
        raise SubscriptionNotFoundError
    return subscription


async def find_of_plan(session: TenantSession, *, user_id: UUID, plan_id: UUID) -> Subscription | None:
    """Return a person's subscription to a plan, as it stands in the database now."""
    query = select(Subscription).where(
        Subscription.tenant_id == session.tenant_id, Subscription.user_id == user_id, Subscription.plan_id == plan_id
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def ensure_subscription(session: TenantSession, payment: Payment, *, now: datetime) -> Subscription:
    """Return the subscription of a payment's person to its plan, locked; made if there is none."""
    await session.execute(
        insert(Subscription)
        .values(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=payment.bot_id, user_id=payment.user_id,
            plan_id=payment.plan_id, status=SubscriptionStatus.ACTIVE, starts_at=now, ends_at=now,
            access_ends_at=now, created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    query = (
        select(Subscription)
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == payment.user_id,
            Subscription.plan_id == payment.plan_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one()


async def list_pending_orders(session: TenantSession, subscription: Subscription, *, since: datetime) -> list[Payment]:
    """Return the orders that would prolong a subscription if their payer, who has the link, paid them now."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id == subscription.user_id,
        Payment.plan_id == subscription.plan_id,
        Payment.status.in_((PaymentStatus.PENDING, PaymentStatus.WAITING_FOR_CAPTURE)),
        Payment.superseded_at.is_(None),
        ~Payment.is_gift,
        Payment.created_at > since,
    )
    return list((await session.execute(query)).scalars())


async def list_of_user(session: TenantSession, user_id: UUID) -> list[tuple[Subscription, Plan]]:
    """Return a person's subscriptions with their plans, the longest lasting first."""
    rows = await session.execute(
        select(Subscription, Plan)
        .join(Plan, (Plan.tenant_id == Subscription.tenant_id) & (Plan.id == Subscription.plan_id))
        .where(Subscription.tenant_id == session.tenant_id, Subscription.user_id == user_id)
        .order_by(Subscription.ends_at.desc().nulls_first(), Subscription.id)
    )
    return [(row[0], row[1]) for row in rows]


async def list_subscriptions(
    session: TenantSession, filters: SubscriptionFilters, page: PageRequest
) -> CountedPage[Subscription]:
    """Return subscriptions, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    given = {name: getattr(filters, name) for name in ("status", "user_id", "plan_id", "bot_id")}
    where: list[ColumnElement[bool]] = [
        Subscription.tenant_id == session.tenant_id,
        *equal({getattr(Subscription, name): value for name, value in given.items()}),
        *within(Subscription.created_at, filters.created),
        *within(Subscription.ends_at, filters.ending),
    ]
    is_narrowed = filters != SubscriptionFilters()
    order = (Subscription.id.desc(),)
    return await list_page(session, Subscription, where, page, order=order, is_narrowed=is_narrowed)


async def list_periods(session: TenantSession, subscription_id: UUID) -> list[SubscriptionPeriod]:
    """Return the paid stretches of a subscription, earliest first."""
    rows = await session.execute(
        select(SubscriptionPeriod)
        .where(SubscriptionPeriod.tenant_id == session.tenant_id, SubscriptionPeriod.subscription_id == subscription_id)
        .order_by(SubscriptionPeriod.during)
    )
    return list(rows.scalars())


async def is_continuation(session: TenantSession, payment_id: UUID) -> bool:
    """Tell whether the stretch that a payment opened begins where another one of the subscription ends."""
    own, before = aliased(SubscriptionPeriod), aliased(SubscriptionPeriod)
    query = select(
        exists().where(
            own.tenant_id == session.tenant_id,
            own.payment_id == payment_id,
            before.tenant_id == own.tenant_id,
            before.subscription_id == own.subscription_id,
            func.upper(before.during) == func.lower(own.during),
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def lock_running(session: TenantSession, *, after: UUID, limit: int, now: datetime) -> list[Subscription]:
    """Return active subscriptions with an end ahead in order of id, beginning after one, locked."""
    query = (
        select(Subscription)
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.id > after,
            Subscription.status == SubscriptionStatus.ACTIVE,
            Subscription.ends_at > now,
        )
        .order_by(Subscription.id)
        .limit(limit)
        .with_for_update()
    )
    return list((await session.execute(query)).scalars())


async def list_sent_of_running(session: TenantSession, subscription_ids: Sequence[UUID]) -> dict[UUID, set[int]]:
    """Return for each subscription which reminders were used for its present end."""
    rows = await session.execute(
        select(SubscriptionReminder.subscription_id, SubscriptionReminder.offset_seconds)
        .join(
            Subscription,
            (Subscription.tenant_id == SubscriptionReminder.tenant_id)
            & (Subscription.id == SubscriptionReminder.subscription_id)
            & (Subscription.ends_at == SubscriptionReminder.ends_at),
        )
        .where(
            SubscriptionReminder.tenant_id == session.tenant_id,
            SubscriptionReminder.subscription_id.in_(subscription_ids),
        )
    )
    found: dict[UUID, set[int]] = {}
    for subscription_id, offset_seconds in rows:
        found.setdefault(subscription_id, set()).add(offset_seconds)
    return found


async def list_sent_offsets(session: TenantSession, subscription_id: UUID, *, ends_at: datetime) -> set[int]:
    """Return which reminders were used for one end of a subscription."""
    rows = await session.execute(
        select(SubscriptionReminder.offset_seconds).where(
            SubscriptionReminder.tenant_id == session.tenant_id,
            SubscriptionReminder.subscription_id == subscription_id,
            SubscriptionReminder.ends_at == ends_at,
        )
    )
    return set(rows.scalars())
