"""Who works for a tenant: change a role, take somebody out, leave. There is always an owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role, Tenant, TenantMember
from lumenpay.tenants.errors import LastOwnerError, MemberNotFoundError


def version_of_member(member: TenantMember) -> str:
    """Return the version of what a member may do."""
    return version_of_facts(member.role)


async def change_role(
    session: TenantSession, *, member_id: AdminId, role: Role, version: str | None = None, actor: Actor, now: datetime
) -> tuple[Admin, TenantMember]:
    """Give a member another role; all sessions of theirs end, so that none goes on with what it was.

    Args:
        version: Of the member as they were read; without one, whatever role is stored is replaced.

    Raises:
        MemberNotFoundError: Nobody of this tenant.
        ChangedMeanwhileError: The member has another role by now.
        LastOwnerError: There would be no owner.
    """
    admin, member = await _get_locked(session, member_id)
    require_version(version_of_member(member), version)
    if member.role == role:
        return admin, member
    if member.role == Role.OWNER:
        await _keep_an_owner(session)
    before, member.role = member.role, role
    await _end_sessions(session, member_id, now=now)
    details = {"before": before, "after": role.value}
    record(session, actor=actor, action="member.role_changed", subject_id=member_id, now=now, details=details)
    await session.flush()
    return admin, member


async def remove_member(session: TenantSession, *, member_id: AdminId, actor: Actor, now: datetime) -> None:
    """Take somebody out of the tenant; all sessions of theirs end.

    Raises:
        MemberNotFoundError: Nobody of this tenant.
        LastOwnerError: There would be no owner.
    """
    await _take_out(session, member_id, action="member.removed", actor=actor, now=now)
    await _end_sessions(session, member_id, now=now)


async def leave(session: TenantSession, *, member_id: AdminId, now: datetime) -> None:
    """Take oneself out of the tenant.

    Raises:
        MemberNotFoundError: Nobody of this tenant.
        LastOwnerError: There would be no owner.
    """
    await _take_out(session, member_id, action="member.left", actor=Actor("admin", member_id), now=now)


async def _take_out(session: TenantSession, member_id: AdminId, *, action: str, actor: Actor, now: datetime) -> None:
    _, member = await _get_locked(session, member_id)
    if member.role == Role.OWNER:
        await _keep_an_owner(session)
    await session.delete(member)
    record(session, actor=actor, action=action, subject_id=member_id, now=now, details={"role": member.role})
    await session.flush()


async def _get_locked(session: TenantSession, member_id: AdminId) -> tuple[Admin, TenantMember]:
    # All changes of a team stand in line behind the tenant's row: two owners must not take one another out at once.
    await session.execute(select(Tenant.id).where(Tenant.id == session.tenant_id).with_for_update(key_share=True))
    row = (
        await session.execute(
            select(Admin, TenantMember)
            .join(TenantMember, TenantMember.admin_id == Admin.id)
            .where(TenantMember.tenant_id == session.tenant_id, TenantMember.admin_id == member_id)
        )
    ).one_or_none()
    if row is None:
        raise MemberNotFoundError
    return row[0], row[1]


async def _keep_an_owner(session: TenantSession) -> None:
    owners = select(func.count()).where(TenantMember.tenant_id == session.tenant_id, TenantMember.role == Role.OWNER)
    if (await session.scalar(owners) or 0) < 2:  # noqa: PLR2004 - one of them is about to go
        raise LastOwnerError


async def _end_sessions(session: TenantSession, member_id: AdminId, *, now: datetime) -> None:
    await session.execute(
        update(AdminSession)
        .where(AdminSession.admin_id == member_id, AdminSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
