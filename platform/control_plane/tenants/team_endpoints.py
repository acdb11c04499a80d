"""Who works for a tenant: other roles, taking out, leaving."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, VersionIn
from control_plane.tenants.endpoints import MemberOut, member_out
from lumenpay.models.ids import AdminId
from lumenpay.models.tenants import Role
from lumenpay.tenants import team

router = APIRouter(prefix="/tenants/{tenant_id}", tags=["tenants"], responses=documented(409))


class RoleIn(Input):
    """A role."""

    role: Role
    version: VersionIn = None


@router.put("/members/{member_id}")
async def change_member(member_id: UUID, body: RoleIn, access: TenantDep) -> MemberOut:
    """Give a member another role. Needs a fresh proof; their sessions end. The last owner stays one.

    With a `version`, only in place of the role that was read.
    """
    async with access.unit() as session:
        admin, member = await team.change_role(
            session, member_id=AdminId(member_id), role=body.role, version=body.version, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    return member_out(admin, member)


@router.delete("/members/{member_id}", status_code=204)
async def remove_member(member_id: UUID, access: TenantDep) -> None:
    """Take a member out. Needs a fresh proof; their sessions end. The last owner stays."""
    async with access.unit() as session:
        await team.remove_member(session, member_id=AdminId(member_id), actor=access.actor, now=access.now)


@router.post("/leave", status_code=204)
async def leave(access: TenantDep) -> None:
    """Leave the tenant. The last owner stays."""
    async with access.unit() as session:
        await team.leave(session, member_id=access.identity.admin_id, now=access.now)
