"""What happened in a tenant, whoever did it: its own people, the platform's staff, subscribers or the system."""

from __future__ import annotations

from fastapi import APIRouter

from control_plane.audit.schemas import EventOut, FiltersDep, show_events
from control_plane.dependencies import CursorDep, TenantDep
from control_plane.schemas import CursorPageOut
from lumenpay.audit import repository

router = APIRouter(prefix="/tenants/{tenant_id}/audit-events", tags=["audit_events"])


@router.get("")
async def list_(access: TenantDep, filters: FiltersDep, page: CursorDep) -> CursorPageOut[EventOut]:
    """List what was changed in the tenant and by whom, newest first."""
    async with access.unit() as session:
        return show_events(await repository.list_events(session, filters, page, tenant_id=access.tenant_id))
