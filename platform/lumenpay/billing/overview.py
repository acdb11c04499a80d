"""How a tenant stands with the platform, in one answer: what it has, what it may have, and what it owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lumenpay.billing.limits import Limited, choose_plan_code, count_used, list_limits
from lumenpay.billing.repository import find_subscription, list_plans
from lumenpay.billing.rules import GRACE, Standing, decide_standing
from lumenpay.db.session import TenantSession
from lumenpay.models.billing import PlatformPlan
from lumenpay.tenants.repository import get_own_tenant


@dataclass(frozen=True, slots=True)
class Use:
    """How much of something the tenant has, and how much it may have; no limit means any."""

    of: Limited
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class BillingView:
    """All of it at one moment."""

    standing: Standing
    plan_code: str | None
    """Whose limits hold; empty for a price that the list does not know."""
    is_known_to_stripe: bool
    period_ends_at: datetime | None
    trial_ends_at: datetime | None
    cancels_at: datetime | None
    unpaid_since_at: datetime | None
    pauses_at: datetime | None
    """When sales pause unless the debt is paid; empty while nothing is owed, and once they are paused."""
    sales_paused_at: datetime | None
    uses: Sequence[Use]
    plans: Sequence[PlatformPlan]


async def read_billing(session: TenantSession, *, now: datetime) -> BillingView:
    """Return how the session's tenant stands at this moment."""
    tenant, row = await get_own_tenant(session), await find_subscription(session)
    limits = await list_limits(session, tenant=tenant)
    uses = [Use(of, await count_used(session, of, now=now), limit) for of, limit in limits.items()]
    unpaid_since_at = row.unpaid_since_at if row is not None else None
    is_owing = unpaid_since_at is not None and tenant.sales_paused_at is None
    return BillingView(
        standing=decide_standing(
            row.stripe_status if row is not None else None, unpaid_since_at=unpaid_since_at, now=now
        ),
        plan_code=choose_plan_code(row), is_known_to_stripe=row is not None and row.stripe_customer_id is not None,
        period_ends_at=row.period_ends_at if row is not None else None,
        trial_ends_at=row.trial_ends_at if row is not None else None,
        cancels_at=row.cancels_at if row is not None else None, unpaid_since_at=unpaid_since_at,
        pauses_at=unpaid_since_at + GRACE if is_owing and unpaid_since_at is not None else None,
        sales_paused_at=tenant.sales_paused_at, uses=uses, plans=await list_plans(session),
    )  # fmt: skip
