"""What the platform earns: how its tenants stand with it, plan by plan, and what they pay a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.billing.rules import GRACE, Standing, decide_standing
from lumenpay.kit.money import Money
from lumenpay.models.billing import FREE_PLAN, PlatformPlan, PlatformSubscription
from lumenpay.models.tenants import Tenant

_PAYING: Final = (Standing.ACTIVE, Standing.PAST_DUE)
"""Whose month counts as earned: a trial has paid nothing yet, and who owes for long may never."""


@dataclass(frozen=True, slots=True)
class PlanRevenue:
    """One plan of the platform: how many tenants have it, by how they stand, and what it brings a month."""

    plan: PlatformPlan
    tenants: Mapping[Standing, int]
    monthly: Money


@dataclass(frozen=True, slots=True)
class Revenue:
    """All plans at one moment. `unlisted` counts tenants whose price at Stripe is not on the price list."""

    plans: Sequence[PlanRevenue]
    monthly: Sequence[Money]
    free: int
    canceled: int
    unlisted: int


async def read_revenue(session: AsyncSession, *, now: datetime) -> Revenue:
    """Return how the platform earns, over all tenants; copies that test drives make are none."""
    plans = (await session.execute(select(PlatformPlan).order_by(PlatformPlan.position, PlatformPlan.code))).scalars()
    counts, everybody = await _count_tenants(session, now=now)
    rows = [_sum_up(plan, counts) for plan in plans if plan.code != FREE_PLAN]
    listed = {row.plan.code for row in rows}
    unlisted = sum(
        count for (code, standing), count in counts.items()
        if code not in listed and standing not in (Standing.FREE, Standing.CANCELED)
    )  # fmt: skip
    canceled = sum(count for (_, standing), count in counts.items() if standing is Standing.CANCELED)
    bought = sum(sum(row.tenants.values()) for row in rows)
    return Revenue(rows, _by_currency(rows), everybody - bought - canceled - unlisted, canceled, unlisted)


async def _count_tenants(session: AsyncSession, *, now: datetime) -> tuple[Counter[tuple[str | None, Standing]], int]:
    own = Tenant.test_drive_of.is_(None)
    everybody = (await session.execute(select(func.count()).select_from(Tenant).where(own))).scalar_one()
    is_old = func.coalesce(PlatformSubscription.unpaid_since_at <= now - GRACE, False)
    query = (
        select(PlatformSubscription.plan_code, PlatformSubscription.stripe_status, is_old, func.count())
        .join(Tenant, Tenant.id == PlatformSubscription.tenant_id)
        .where(own)
        .group_by(PlatformSubscription.plan_code, PlatformSubscription.stripe_status, is_old)
    )
    counts: Counter[tuple[str | None, Standing]] = Counter()
    for code, stripe_status, has_old_debt, count in await session.execute(query):
        since = now - GRACE if has_old_debt else None
        counts[code, decide_standing(stripe_status, unpaid_since_at=since, now=now)] += count
    return counts, everybody


def _sum_up(plan: PlatformPlan, counts: Counter[tuple[str | None, Standing]]) -> PlanRevenue:
    over = (Standing.FREE, Standing.CANCELED)
    tenants = {standing: counts[plan.code, standing] for standing in Standing if standing not in over}
    paying = sum(tenants[standing] for standing in _PAYING)
    return PlanRevenue(plan, tenants, Money(paying * plan.price_minor, plan.currency))


def _by_currency(rows: Sequence[PlanRevenue]) -> list[Money]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row.monthly.currency] += row.monthly.amount_minor
    return [Money(amount, currency) for currency, amount in sorted(sums.items())]
