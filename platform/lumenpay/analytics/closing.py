"""Adds up the local days that are over, so that only what happened since has to be computed when somebody looks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from lumenpay.analytics.periods import day_of, start_of
from lumenpay.analytics.repository import (
    Stretch,
    compute_facts,
    find_first_moment,
    forget_facts,
    store_facts,
)
from lumenpay.db.session import TenantSession
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.repository import get_own_tenant

SETTLING = timedelta(hours=1)
"""So long after its end a day waits for transactions that were begun in it."""
DAYS_AT_ONCE = 7


async def close_days(session: TenantSession, *, now: datetime) -> bool:
    """Add up the next days that are over, a week at most; True when more of them are left.

    Safe to repeat and to run from many places at once: one of them works, the others find nothing to do. Days of
    another time zone than the tenant's present one are forgotten and added up anew.
    """
    is_alone = select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"analytics:{session.tenant_id}", 0)))
    if not await session.scalar(is_alone):
        return False
    tenant = await get_own_tenant(session)
    zone, last = tenant.time_zone, day_of(now - SETTLING, tenant.time_zone) - timedelta(days=1)
    if tenant.analytics_time_zone != zone and tenant.analytics_closed_on is not None:
        await forget_facts(session)
        tenant.analytics_closed_on = None

    first = await _find_first_day(session, tenant)
    if first is None or first > last:
        _plan_next(tenant, zone, last=last)
        await session.flush()
        return False
    until = min(last, first + timedelta(days=DAYS_AT_ONCE - 1))
    stretch = Stretch(zone, first, start_of(first, zone), start_of(until + timedelta(days=1), zone))
    for is_test, facts in (await compute_facts(session, stretch)).items():
        await store_facts(session, facts, is_test=is_test)
    # The tenant's row is written last: whoever changes its settings waits for a moment, not for the sums.

    tenant.analytics_closed_on, tenant.analytics_time_zone = until, zone
    if until == last:
        _plan_next(tenant, zone, last=last)
    await session.flush()
    return until < last


async def _find_first_day(session: TenantSession, tenant: Tenant) -> date | None:
    if tenant.analytics_closed_on is not None:
        return tenant.analytics_closed_on + timedelta(days=1)
    began_at = await find_first_moment(session)
    return None if began_at is None else day_of(began_at, tenant.time_zone)


def _plan_next(tenant: Tenant, zone: str, *, last: date) -> None:
    tenant.analytics_due_at = start_of(last + timedelta(days=2), zone) + SETTLING
