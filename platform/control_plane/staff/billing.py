"""What the platform sells, at the console: how one tenant stands, limits of its own, and what all of them bring."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from control_plane.billing.endpoints import LimitOut
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, MoneyOut, Output, VersionIn
from control_plane.staff.access import StaffAccess, StaffDep
from lumenpay.billing.limits import Limited
from lumenpay.billing.overview import read_billing
from lumenpay.billing.repository import find_subscription
from lumenpay.billing.rules import Standing
from lumenpay.billing.service import set_limits_by_hand, version_of_limits_by_hand
from lumenpay.kit.money import Money
from lumenpay.staff.revenue import read_revenue

router = APIRouter(prefix="/staff", tags=["staff_billing"])
_Limit = Annotated[int, Field(ge=0, le=1_000_000_000)] | None


class TenantBillingOut(Output):
    """How a tenant stands with the platform; `by_hand` are the limits that it has instead of its plan's."""

    is_billed: bool
    standing: Standing
    plan_code: str | None
    period_ends_at: Moment | None
    trial_ends_at: Moment | None
    cancels_at: Moment | None
    unpaid_since_at: Moment | None
    sales_paused_at: Moment | None
    stripe_customer_id: str | None
    uses: list[LimitOut]
    by_hand: dict[Limited, int | None]
    version: str


class LimitsByHandIn(Input):
    """Limits that this tenant has instead of its plan's: null for any number, and the plan's where none is named."""

    limits: dict[Limited, _Limit]
    version: VersionIn = None


class PlanRevenueOut(Output):
    """A plan of the platform. `monthly` is its price times `active` and `past_due`."""

    code: str
    name: str
    price: MoneyOut
    is_sold: bool
    trialing: int
    active: int
    past_due: int
    restricted: int
    monthly: MoneyOut


class RevenueOut(Output):
    """What the platform earns. `unlisted` counts tenants that pay a price which the price list does not know."""

    is_billed: bool
    read_at: Moment
    monthly: list[MoneyOut]
    plans: list[PlanRevenueOut]
    free: int
    canceled: int
    unlisted: int


@router.get("/revenue")
async def get_revenue(staff: StaffDep) -> RevenueOut:
    """Tell how the tenants stand, plan by plan, and what they pay a month, by the price list."""
    async with staff.reading() as session:
        found = await read_revenue(session, now=staff.now)
    plans = [
        PlanRevenueOut(
            code=row.plan.code, name=row.plan.name, price=_money(Money(row.plan.price_minor, row.plan.currency)),
            is_sold=row.plan.archived_at is None, monthly=_money(row.monthly),
            **{standing.value: count for standing, count in row.tenants.items()},
        )
        for row in found.plans
    ]  # fmt: skip
    return RevenueOut(
        is_billed=staff.services.stripe is not None, read_at=staff.now, plans=plans, free=found.free,
        monthly=[_money(money) for money in found.monthly], canceled=found.canceled, unlisted=found.unlisted,
    )  # fmt: skip


@router.get("/tenants/{tenant_id}/billing")
async def get_billing(tenant_id: UUID, staff: StaffDep) -> TenantBillingOut:
    """Return how a tenant stands with the platform, and its limits."""
    return await _show(staff, tenant_id)


@router.put("/tenants/{tenant_id}/limits-by-hand", responses=documented(409))
async def set_by_hand(tenant_id: UUID, body: LimitsByHandIn, staff: StaffDep) -> TenantBillingOut:
    """Give a tenant limits of its own, all at once; they stay below the ceilings of the installation.

    With a `version`, only over what was read.
    """
    limits = {of.value: limit for of, limit in body.limits.items()}
    async with staff.unit(tenant_id) as session:
        await set_limits_by_hand(session, limits, version=body.version, actor=staff.actor, now=staff.now)
    return await _show(staff, tenant_id)


async def _show(staff: StaffAccess, tenant_id: UUID) -> TenantBillingOut:
    async with staff.unit(tenant_id) as session:
        view, row = await read_billing(session, now=staff.now), await find_subscription(session)
    by_hand = row.limits_by_hand if row is not None else {}
    return TenantBillingOut(
        is_billed=staff.services.stripe is not None, standing=view.standing, plan_code=view.plan_code,
        period_ends_at=view.period_ends_at, trial_ends_at=view.trial_ends_at, cancels_at=view.cancels_at,
        unpaid_since_at=view.unpaid_since_at, sales_paused_at=view.sales_paused_at,
        stripe_customer_id=row.stripe_customer_id if row is not None else None,
        uses=[LimitOut.model_validate(use) for use in view.uses],
        by_hand={of: by_hand[of.value] for of in Limited if of.value in by_hand},
        version=version_of_limits_by_hand(by_hand),
    )  # fmt: skip


def _money(money: Money) -> MoneyOut:
    return MoneyOut(amount_minor=money.amount_minor, currency=money.currency)
