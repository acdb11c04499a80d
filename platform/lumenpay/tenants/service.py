"""Use cases of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.jobs.catalogue import ReplanReminders
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role, Tenant, TenantMember, TenantStatus
from lumenpay.tenants.errors import TenantSettingsInvalidError
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.tenants.rules import find_setting_problems


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What an owner can set."""

    name: str
    time_zone: str
    locale: str
    reminder_offsets_seconds: Sequence[int]
    grace_seconds: int
    support_contact: str = ""


async def create_tenant(
    session: TenantSession, *, settings: TenantSettings, owner_id: AdminId, now: datetime
) -> Tenant:
    """Store the tenant that the session is in, with its owner.

    Raises:
        TenantSettingsInvalidError: A setting makes no sense.
    """
    _check(settings)
    tenant = Tenant(id=session.tenant_id, status=TenantStatus.ACTIVE, created_at=now)
    _apply(tenant, settings)
    session.add(tenant)
    await session.flush()
    session.add(TenantMember(tenant_id=session.tenant_id, admin_id=owner_id, role=Role.OWNER, created_at=now))
    record(session, actor=Actor("admin", owner_id), action="tenant.created", subject_id=tenant.id, now=now)
    await session.flush()
    return tenant


def version_of_settings(tenant: Tenant) -> str:
    """Return the version of what an owner can set; what staff sets and what is counted makes no other one."""
    return version_of_facts(_read_settings(tenant))


async def change_tenant(
    session: TenantSession, *, settings: TenantSettings, version: str | None = None, actor: Actor, now: datetime
) -> Tenant:
    """Store new settings; reminders apply to running subscriptions too, the grace from the next renewal on.

    Args:
        version: Of the settings that these were made from; without one, whatever is stored is replaced.

    Raises:
        TenantSettingsInvalidError: A setting makes no sense.
        ChangedMeanwhileError: The settings have another version by now.
    """
    _check(settings)
    tenant = await get_own_tenant(session, is_locked=True)
    require_version(version_of_settings(tenant), version)
    if tenant.time_zone != settings.time_zone:
        # Days of another zone are other days.
        tenant.analytics_due_at = now
    before = _read_settings(tenant)
    _apply(tenant, settings)
    changed = {name: value for name, value in _read_settings(tenant).items() if value != before[name]}
    if "reminder_offsets_seconds" in changed:
        await enqueue(session, ReplanReminders(UUID(int=0)), now=now, dedupe_key=str(tenant.id))
    record(session, actor=actor, action="tenant.changed", subject_id=tenant.id, now=now, details={"changed": changed})
    await session.flush()
    return tenant


def _read_settings(tenant: Tenant) -> dict[str, object]:
    return {field.name: getattr(tenant, field.name) for field in fields(TenantSettings)}


def _check(settings: TenantSettings) -> None:
    problems = find_setting_problems(
        time_zone=settings.time_zone,
        locale=settings.locale,
        reminder_offsets_seconds=settings.reminder_offsets_seconds,
        grace_seconds=settings.grace_seconds,
    )
    if problems:
        raise TenantSettingsInvalidError(fields=problems)


def _apply(tenant: Tenant, settings: TenantSettings) -> None:
    tenant.name, tenant.time_zone, tenant.locale = settings.name, settings.time_zone, settings.locale
    tenant.reminder_offsets_seconds = sorted(set(settings.reminder_offsets_seconds), reverse=True)
    tenant.grace_seconds = settings.grace_seconds
    tenant.support_contact = settings.support_contact
