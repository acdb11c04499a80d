"""SQL of platform plans and of what a tenant has of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.billing.errors import PlatformPlanNotFoundError
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin
from lumenpay.models.billing import FREE_PLAN, PlatformPlan, PlatformSubscription
from lumenpay.models.tenants import Role, TenantMember


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
