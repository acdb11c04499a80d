"""How a tenant stands with the platform, in one answer: what it has, what it may have, and what it owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from lumenpay.billing.limits import Limited, choose_plan_code, count_used, list_limits
from lumenpay.billing.repository import find_subscription, list_plans
from lumenpay.billing.rules import GRACE, Standing, decide_standing, is_renewing
from lumenpay.db.session import TenantSession
from lumenpay.models.billing import PlatformPlan, PlatformSubscription
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.repository import get_own_tenant


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something the tenant has, and how much it may have; no limit means any."""

    of: Limited
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """How a tenant stands, and by when something follows from it."""

    standing: Standing
    period_ends_at: datetime | None
    trial_ends_at: datetime | None
    cancels_at: datetime | None
    unpaid_since_at: datetime | None
    pauses_at: datetime | None
    """When sales pause unless the debt is paid; empty while nothing is owed, and once they are paused."""
    sales_paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingView(Bill):
    """All of it at one moment."""

    plan_code: str | None
    """Whose limits hold; empty for a price that the list does not know."""
    is_known_to_stripe: bool
    is_renewing: bool
    """Whether the subscription goes on until somebody cancels it; the tenant cannot be closed before."""
    uses: Sequence[Use]
    plans: Sequence[PlatformPlan]


async def read_bill(session: TenantSession, *, now: datetime) -> Bill:
    """Return how the session's tenant stands at this moment, without counting anything."""
    return _bill(await get_own_tenant(session), await find_subscription(session), now=now)


async def read_billing(session: TenantSession, *, now: datetime) -> BillingView:
    """Return how the session's tenant stands at this moment, what it uses, and what it can choose."""
    tenant, row = await get_own_tenant(session), await find_subscription(session)
    limits = await list_limits(session, tenant=tenant)
    bill = _bill(tenant, row, now=now)
    return BillingView(
        **{field.name: getattr(bill, field.name) for field in fields(bill)},
        plan_code=choose_plan_code(row), is_known_to_stripe=row is not None and row.stripe_customer_id is not None,
        is_renewing=row is not None and is_renewing(row.stripe_status, cancels_at=row.cancels_at),
        uses=[Use(of, await count_used(session, of, now=now), limit) for of, limit in limits.items()],
        plans=await list_plans(session),
    )  # fmt: skip


def _bill(tenant: Tenant, row: PlatformSubscription | None, *, now: datetime) -> Bill:
    unpaid_since_at = row.unpaid_since_at if row is not None else None
    is_owing = unpaid_since_at is not None and tenant.sales_paused_at is None
    return Bill(
        standing=decide_standing(
            row.stripe_status if row is not None else None, unpaid_since_at=unpaid_since_at, now=now
        ),
        period_ends_at=row.period_ends_at if row is not None else None,
        trial_ends_at=row.trial_ends_at if row is not None else None,
        cancels_at=row.cancels_at if row is not None else None, unpaid_since_at=unpaid_since_at,
        pauses_at=unpaid_since_at + GRACE if is_owing and unpaid_since_at is not None else None,
        sales_paused_at=tenant.sales_paused_at,
    )  # fmt: skip
