"""When the platform's staff looked at the tenant, and why."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.dependencies import CursorDep, TenantDep
from control_plane.schemas import CursorPageOut, Moment, Output, show_cursor_page
from lumenpay.staff.impersonation import list_impersonations

router = APIRouter(prefix="/tenants/{tenant_id}/impersonations", tags=["impersonations"])


class ImpersonationOut(Output):
    """A member of staff looked at the tenant, reading only; `ended_at` is empty while they still may."""

    id: UUID
    staff_name: str
    reason: str
    started_at: Moment
    ends_at: Moment
    ended_at: Moment | None


@router.get("")
async def list_(access: TenantDep, page: CursorDep) -> CursorPageOut[ImpersonationOut]:
    """List when staff of the platform looked at the tenant, newest first."""
    async with access.unit() as session:
        found = await list_impersonations(session, page)
    items = [ImpersonationOut.model_validate(row) for row in found.items]
    return show_cursor_page(found, items)
