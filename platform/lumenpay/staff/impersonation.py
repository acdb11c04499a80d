"""Staff looks at one tenant: for a reason, for at most half an hour, reading only, and the tenant sees it.

The view is tied to the member's own session in `admin_sessions`, so that it dies with it. The door enforces reading: by
the method of the request, and by a transaction that the database itself holds to reading.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.cursors import Cursor, CursorPage, CursorRequest, cut_page
from lumenpay.db.narrowing import after_cursor
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin, AdminSession
from lumenpay.models.tenants import Impersonation
from lumenpay.tenants.repository import get_own_tenant


async def start_impersonation(
    session: TenantSession, *, staff: Admin, session_id: UUID, reason: str, minutes: int, now: datetime
) -> Impersonation:
    """Let one session of a member of staff read the tenant that the transaction is in.

    Raises:
        TenantNotFoundError: There is no such tenant.
    """
    tenant = await get_own_tenant(session)
    started = Impersonation(
        tenant_id=session.tenant_id, id=new_uuid7(), staff_id=staff.id, staff_name=staff.name, reason=reason,
        started_at=now, ends_at=now + timedelta(minutes=minutes), ended_at=None,
    )  # fmt: skip
    session.add(started)
    await _point(session, session_id, started)
    details = {"impersonation_id": str(started.id), "reason": reason, "minutes": minutes}
    actor = Actor("staff", staff.id)
    record(session, actor=actor, action="impersonation.started", subject_id=tenant.id, now=now, details=details)
    await session.flush()
    return started


async def end_impersonation(session: TenantSession, impersonation_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """End a view of the tenant; False when it had ended. Safe to repeat."""
    ended = await session.execute(
        update(Impersonation)
        .where(
            Impersonation.tenant_id == session.tenant_id,
            Impersonation.id == impersonation_id,
            Impersonation.ended_at.is_(None),
        )
        .values(ended_at=func.least(now, Impersonation.ends_at))
        .returning(Impersonation.id)
    )
    if ended.scalar_one_or_none() is None:
        return False
    await session.execute(
        update(AdminSession)
        .where(AdminSession.impersonation_id == impersonation_id)
        .values(impersonation_id=None, impersonated_tenant_id=None, impersonation_ends_at=None)
        .execution_options(synchronize_session=False)
    )
    details = {"impersonation_id": str(impersonation_id)}
    subject_id = session.tenant_id
    record(session, actor=actor, action="impersonation.ended", subject_id=subject_id, now=now, details=details)
    await session.flush()
    return True


async def expire_impersonation(session: TenantSession, impersonation_id: UUID, *, now: datetime) -> bool:
    """Write the end of a view whose time is over."""
    return await end_impersonation(session, impersonation_id, actor=SYSTEM, now=now)


async def find_running(session: TenantSession, *, now: datetime) -> Impersonation | None:
    """Return who of staff looks at the tenant now; of several the one that looks longest from now on."""
    query = select(Impersonation).where(
        Impersonation.tenant_id == session.tenant_id, Impersonation.ended_at.is_(None), Impersonation.ends_at > now
    )
    return (await session.execute(query.order_by(Impersonation.ends_at.desc()).limit(1))).scalar_one_or_none()


async def list_impersonations(session: TenantSession, page: CursorRequest) -> CursorPage[Impersonation]:
    """Return every view of the tenant by staff, newest first."""
    kind = Impersonation
    query = (
        select(kind)
        .where(kind.tenant_id == session.tenant_id, *after_cursor(kind.started_at, kind.id, page.after))
        .order_by(kind.started_at.desc(), kind.id.desc())
        .limit(page.size + 1)
    )
    rows = list((await session.execute(query)).scalars())
    return cut_page(rows, page, lambda row: Cursor(row.started_at, str(row.id)))


async def _point(session: TenantSession, session_id: UUID, started: Impersonation) -> None:
    await session.execute(
        update(AdminSession)
        .where(AdminSession.id == session_id)
        .values(
            impersonation_id=started.id, impersonated_tenant_id=started.tenant_id, impersonation_ends_at=started.ends_at
        )
        .execution_options(synchronize_session=False)
    )
