"""SQL of platform plans and of what a tenant has of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, union
from sqlalchemy.dialects.postgresql import insert

from lumenpay.billing.errors import PlatformPlanNotFoundError
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin
from lumenpay.models.billing import FREE_PLAN, PlatformPlan, PlatformSubscription
from lumenpay.models.ids import UserId
from lumenpay.models.payments import OPEN_STATUSES, Payment
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Role, TenantMember
from lumenpay.models.users import User


async def find_plan(session: TenantSession, code: str | None) -> PlatformPlan | None:
    """Return a plan by its code, also one that is not sold any more."""
    return await session.get(PlatformPlan, code) if code is not None else None


async def find_plan_of_price(session: TenantSession, stripe_price_id: str | None) -> PlatformPlan | None:
    """Return the plan that has this price at Stripe."""
    if stripe_price_id is None:
        return None
    query = select(PlatformPlan).where(PlatformPlan.stripe_price_id == stripe_price_id)
    return (await session.execute(query)).scalar_one_or_none()


async def get_sold_plan(session: TenantSession, code: str) -> PlatformPlan:
    """Return a plan that can be bought.

    Raises:
        PlatformPlanNotFoundError: There is none of this code, or it costs nothing, or is not sold any more.
    """
    plan = await find_plan(session, code)
    if plan is None or plan.archived_at is not None or plan.stripe_price_id is None or plan.code == FREE_PLAN:
        raise PlatformPlanNotFoundError(fields={"plan_code": "unknown"})
    return plan


async def list_plans(session: TenantSession) -> Sequence[PlatformPlan]:
    """Return what can be chosen, in the order of the price list."""
    query = select(PlatformPlan).where(PlatformPlan.archived_at.is_(None))
    return (await session.execute(query.order_by(PlatformPlan.position, PlatformPlan.code))).scalars().all()


async def find_subscription(session: TenantSession, *, is_locked: bool = False) -> PlatformSubscription | None:
    """Return what the session's tenant has of the platform; nothing while it never looked at a price."""
    query = select(PlatformSubscription).where(PlatformSubscription.tenant_id == session.tenant_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def ensure_subscription(session: TenantSession, *, now: datetime) -> PlatformSubscription:
    """Return the row of the session's tenant, locked; made if there was none."""
    values = {"tenant_id": session.tenant_id, "id": new_uuid7(), "next_look_at": now, "created_at": now}
    made = insert(PlatformSubscription).values(**values)
    await session.execute(made.on_conflict_do_nothing(index_elements=["tenant_id"]))
    found = await find_subscription(session, is_locked=True)
    assert found is not None  # noqa: S101 - made above, and rows are never removed
    return found


async def list_owners(session: TenantSession) -> Sequence[Admin]:
    """Return the owners of the session's tenant who have an address."""
    query = select(Admin).join(TenantMember, TenantMember.admin_id == Admin.id)
    query = query.where(TenantMember.tenant_id == session.tenant_id, TenantMember.role == Role.OWNER)
    query = query.where(Admin.email.is_not(None), Admin.disabled_at.is_(None))
    return (await session.execute(query.order_by(Admin.id))).scalars().all()


async def stand_in_line(session: TenantSession, of: str) -> None:
    """Let the tenant's transactions that count the same go on one after another, each until it has ended.

    It is no lock of a row: rows of the tenant point at its own one, so whoever has written any would stand in the way
    of whoever waits for it, and two of them in each other's.
    """
    line = func.hashtextextended(f"limit {of} {session.tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(line)))


async def list_having_access(session: TenantSession, user_ids: Collection[UserId]) -> set[UserId]:
    """Return who of these people has access, has paused it, or is let in free of charge."""
    kept = Subscription.status.in_((SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED))
    of_them = (Subscription.tenant_id == session.tenant_id, Subscription.user_id.in_(user_ids))
    free = select(User.id).where(_is_free(session), User.id.in_(user_ids))
    return set((await session.execute(select(Subscription.user_id).where(*of_them, kept).union(free))).scalars())


async def count_subscribers(
    session: TenantSession, *, up_to: int | None = None, besides: Collection[UserId] = (),
    ordered_since: datetime | None = None,
) -> int:  # fmt: skip
    """Return how many people have access: by a running subscription, or because they are let in free of charge.

    Args:
        up_to: There are at least so many, if this is what comes back: nobody is counted beyond.
        besides: Who is not counted.
        ordered_since: Count whoever has an order open that was made after this moment, too.
    """
    running = (Subscription.tenant_id == session.tenant_id, Subscription.status == SubscriptionStatus.ACTIVE)
    groups: list[Select[UserId]] = [
        select(Subscription.user_id).where(*running, Subscription.user_id.not_in(besides)).distinct(),
        select(User.id.label("user_id")).where(_is_free(session), User.id.not_in(besides)),
    ]
    if ordered_since is not None:
        # Of a gift the order's person gets nothing.
        ordered = (
            Payment.tenant_id == session.tenant_id, Payment.status.in_(OPEN_STATUSES),
            Payment.created_at > ordered_since, ~Payment.is_gift, Payment.user_id.not_in(besides),
        )  # fmt: skip
        groups.append(select(Payment.user_id).where(*ordered).distinct())
    # Each by itself is cut, so that a tenant far beyond its limit costs no more than one that has just reached it.
    people = union(*(select(group.limit(up_to).subquery().c.user_id) for group in groups)).subquery()
    count = (await session.execute(select(func.count()).select_from(people))).scalar_one()
    return count if up_to is None else min(count, up_to)


def _is_free(session: TenantSession) -> ColumnElement[bool]:
    return and_(User.tenant_id == session.tenant_id, User.is_whitelisted)
