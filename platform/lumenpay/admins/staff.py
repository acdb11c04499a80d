"""Who runs the platform. Only the command line, with the owner's role, writes it; the application reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.admins.errors import AdminNotFoundError
from lumenpay.admins.rules import normalize_email
from lumenpay.audit.service import OPERATOR, record_platform
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.models.admins import Admin, AdminSession, StaffMember
from lumenpay.models.ids import AdminId

MFA_LIFETIME = timedelta(hours=12)
"""How long a second factor counts for the console."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff."""

    admin_id: AdminId
    email: str | None
    name: str
    since: datetime


def has_second_factor(mfa_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a session showed a second factor lately enough for the console."""
    return mfa_at is not None and now - mfa_at < MFA_LIFETIME


async def is_staff(database: Database, admin_id: AdminId) -> bool:
    """Tell whether a person runs the platform."""
    async with unscoped_session(database) as session:
        return await session.get(StaffMember, admin_id) is not None


async def list_staff(database: Database) -> list[Colleague]:
    """Return everybody who runs the platform, the longest first."""
    query = select(Admin.id, Admin.email, Admin.name, StaffMember.created_at).join(StaffMember)
    async with unscoped_session(database) as session:
        rows = await session.execute(query.order_by(StaffMember.created_at, Admin.id))
        return [Colleague(AdminId(row[0]), row[1], row[2], row[3]) for row in rows]


async def add_staff(owner: Database, *, email: str, now: datetime) -> bool:
    """Make a person with an account staff; False when they are already.

    Args:
        owner: The database with the owner's role: no other may write this.

    Raises:
        AdminNotFoundError: Nobody has an account with this e-mail.
    """
    async with unscoped_session(owner) as session:
        admin_id = await _get_admin_id(session, email)
        added = await session.scalar(
            insert(StaffMember)
            .values(admin_id=admin_id, created_at=now)
            .on_conflict_do_nothing()
            .returning(StaffMember.admin_id)
        )
        if added is None:
            return False
        record_platform(session, actor=OPERATOR, action="staff.added", subject_id=admin_id, now=now)
        return True


async def remove_staff(owner: Database, *, email: str, now: datetime) -> bool:
    """Let a person be staff no more, at once, and end what they look at; False when they were none.

    Raises:
        AdminNotFoundError: Nobody has an account with this e-mail.
    """
    async with unscoped_session(owner) as session:
        admin_id = await _get_admin_id(session, email)
        removed = await session.scalar(
            delete(StaffMember).where(StaffMember.admin_id == admin_id).returning(StaffMember.admin_id)
        )
        if removed is None:
            return False
        looking = (AdminSession.admin_id == admin_id, AdminSession.impersonation_id.is_not(None))
        nothing = {"impersonation_id": None, "impersonated_tenant_id": None, "impersonation_ends_at": None}
        await session.execute(update(AdminSession).where(*looking).values(nothing))
        record_platform(session, actor=OPERATOR, action="staff.removed", subject_id=admin_id, now=now)
        return True


async def _get_admin_id(session: AsyncSession, email: str) -> AdminId:
    admin_id = await session.scalar(select(Admin.id).where(Admin.email == (normalize_email(email) or "")))
    if admin_id is None:
        raise AdminNotFoundError(f"nobody has an account with the e-mail {email}: sign up in the portal first")
    return AdminId(admin_id)
