"""SQL of tenants."""

from __future__ import annotations

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role, Tenant, TenantMember
from lumenpay.tenants.errors import TenantNotFoundError


async def get_own_tenant(session: TenantSession, *, is_locked: bool = False) -> Tenant:
    """Return the tenant that the session is in.

    Args:
        is_locked: Read it anew and let nobody else change it until the end of the transaction; its bots go on.

    Raises:
        TenantNotFoundError: There is no such tenant.
    """
    tenant = await session.get(
        Tenant, session.tenant_id, populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if tenant is None:
        raise TenantNotFoundError
    return tenant


async def find_role(session: TenantSession, admin_id: AdminId) -> Role | None:
    """Return what a person may do in the session's tenant."""
    member = await session.get(TenantMember, (session.tenant_id, admin_id))
    return None if member is None else Role(member.role)


async def list_members(session: TenantSession, page: PageRequest) -> Page[tuple[Admin, TenantMember]]:
    """Return the people who work for the session's tenant, the earliest first."""
    mine = TenantMember.tenant_id == session.tenant_id
    total = (await session.execute(select(func.count()).select_from(TenantMember).where(mine))).scalar_one()
    rows = await session.execute(
        select(Admin, TenantMember)
        .join(TenantMember, TenantMember.admin_id == Admin.id)
        .where(mine)
        .order_by(TenantMember.created_at, Admin.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return Page([(row[0], row[1]) for row in rows], total)
