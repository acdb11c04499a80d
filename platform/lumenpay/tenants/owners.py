"""Who the owners of a tenant are, when something has to be told to each of them, and how they are reached."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from lumenpay.db.session import TenantSession
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.admins import Admin
from lumenpay.models.tenants import Role, TenantMember


class Way(StrEnum):
    """How an owner is told; each by itself, so that one that fails repeats nothing of the other."""

    MAIL = "mail"
    TELEGRAM = "telegram"


async def list_owners(session: TenantSession) -> list[UUID]:
    """Return the ids of everybody who owns the tenant."""
    query = select(TenantMember.admin_id).where(
        TenantMember.tenant_id == session.tenant_id, TenantMember.role == Role.OWNER
    )
    return list((await session.execute(query)).scalars())


async def find_owner(session: TenantSession, admin_id: UUID) -> Admin | None:
    """Return a person who owns the tenant still, and may log in."""
    query = (
        select(Admin)
        .join(TenantMember, TenantMember.admin_id == Admin.id)
        .where(
            TenantMember.tenant_id == session.tenant_id, TenantMember.role == Role.OWNER, Admin.id == admin_id,
            Admin.disabled_at.is_(None),
        )
    )  # fmt: skip
    return (await session.execute(query)).scalar_one_or_none()


async def find_telegram_id(session: TenantSession, admin: Admin) -> int | None:
    """Return who the person is in Telegram, if they log in by it."""
    query = select(AdminIdentity.subject).where(
        AdminIdentity.admin_id == admin.id, AdminIdentity.provider == "telegram"
    )
    subject = (await session.execute(query)).scalars().first()
    return int(subject) if subject is not None and subject.isdecimal() else None
