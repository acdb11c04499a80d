"""Use cases of staff in one tenant: suspend, resume, limits. Each is an event in that tenant's own audit log."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.jobs.catalogue import ResumeBroadcasts
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.tenants import Tenant, TenantStatus
from lumenpay.tenants.repository import get_own_tenant


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a tenant may have; no number of subscribers means any."""

    max_bots: int
    max_channels: int
    max_subscribers: int | None


async def suspend_tenant(session: TenantSession, *, reason: str, actor: Actor, now: datetime) -> Tenant:
    """Let the tenant change and sell nothing, from the next request on; a suspended one gets the new reason."""
    tenant = await _lock(session)
    if tenant.status == TenantStatus.ACTIVE:
        tenant.status, tenant.suspended_at = TenantStatus.SUSPENDED, now
    tenant.suspension_reason = reason
    details = {"reason": reason}
    record(session, actor=actor, action="tenant.suspended", subject_id=tenant.id, now=now, details=details)
    await session.flush()
    return tenant


async def resume_tenant(session: TenantSession, *, actor: Actor, now: datetime) -> Tenant:
    """Let the tenant work again; one that works already stays as it is."""
    tenant = await _lock(session)
    if tenant.status == TenantStatus.SUSPENDED:
        tenant.status, tenant.suspended_at, tenant.suspension_reason = TenantStatus.ACTIVE, None, ""
        record(session, actor=actor, action="tenant.resumed", subject_id=tenant.id, now=now)
        await session.flush()
        await enqueue(session, ResumeBroadcasts(), now=now)
    return tenant


def version_of_limits(limits: Limits) -> str:
    """Return the version of a tenant's limits."""
    return version_of_facts(asdict(limits))


async def set_limits(
    session: TenantSession, *, limits: Limits, version: str | None = None, actor: Actor, now: datetime
) -> Tenant:
    """Store how much the tenant may have; what is over a lowered limit stays.

    Args:
        version: Of the limits that were read; without one, whatever is stored is replaced.

    Raises:
        ChangedMeanwhileError: The limits have another version by now.
    """
    tenant = await _lock(session)
    stored = Limits(tenant.max_bots, tenant.max_channels, tenant.max_subscribers)
    require_version(version_of_limits(stored), version)
    tenant.max_bots, tenant.max_channels = limits.max_bots, limits.max_channels
    tenant.max_subscribers = limits.max_subscribers
    details = asdict(limits)
    record(session, actor=actor, action="tenant.limits_changed", subject_id=tenant.id, now=now, details=details)
    await session.flush()
    return tenant


async def _lock(session: TenantSession) -> Tenant:
    tenant = await get_own_tenant(session)
    await session.refresh(tenant, with_for_update=True)
    return tenant
