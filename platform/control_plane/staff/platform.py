"""The platform as a whole: queues, invariants, and what its staff did."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.audit.schemas import EventOut, FiltersDep, show_event, show_events
from control_plane.dependencies import CursorDep
from control_plane.schemas import CursorPageOut, Moment, Output, show_cursor_page
from control_plane.staff.access import StaffDep
from lumenpay.audit import repository as audit
from lumenpay.db.dispatch import read_queue_figures
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ids import TenantId
from lumenpay.staff import invariants

router = APIRouter(prefix="/staff", tags=["staff_platform"])


class QueueOut(Output):
    """A queue. `inbox` counts lanes of bots' inboxes that wait, and updates that were set aside as dead."""

    queue: str
    waiting: int
    oldest_seconds: float
    dead: int


class QueuesOut(Output):
    """How much work waits over all tenants; a queue that is not named is empty."""

    queues: list[QueueOut]
    read_at: Moment


class BrokenRowOut(Output):
    """A row that breaks an invariant."""

    tenant_id: UUID
    id: UUID


class InvariantOut(Output):
    """A check and its latest result. `error` says why it could not be made; then `violations` counts nothing."""

    name: str
    checked_at: Moment
    violations: int
    samples: list[BrokenRowOut]
    error: str


class InvariantsOut(Output):
    """Every check that was made so far; as many violations as the limit mean that there may be more."""

    items: list[InvariantOut]
    limit: int


class TenantEventOut(EventOut):
    """An event of a tenant's own log."""

    tenant_id: UUID


@router.get("/queues")
async def list_queues(staff: StaffDep) -> QueuesOut:
    """Tell how much work waits, for how long the oldest is due, and how much gave up."""
    found = await read_queue_figures(staff.services.database)
    queues = [QueueOut(queue=row[0], waiting=row[1], oldest_seconds=max(0.0, row[2]), dead=row[3]) for row in found]
    return QueuesOut(queues=sorted(queues, key=lambda row: row.queue), read_at=staff.now)


@router.get("/invariants")
async def list_invariants(staff: StaffDep) -> InvariantsOut:
    """Tell what every check of the platform found last; they run every five minutes."""
    found = await invariants.list_invariants(staff.services.database)
    items = [InvariantOut.model_validate(_as_values(row)) for row in found]
    return InvariantsOut(items=items, limit=invariants.SAMPLES)


@router.get("/audit-events")
async def list_audit_events(staff: StaffDep, filters: FiltersDep, page: CursorDep) -> CursorPageOut[EventOut]:
    """List what was done to the platform as a whole, newest first."""
    async with staff.reading() as session:
        return show_events(await audit.list_platform_events(session, filters, page))


@router.get("/tenants-audit-events")
async def list_tenant_audit_events(
    staff: StaffDep,
    filters: FiltersDep,
    page: CursorDep,
    tenant_id: Annotated[UUID | None, Query(description="Only of this tenant.")] = None,
) -> CursorPageOut[TenantEventOut]:
    """List what was done in tenants, newest first; with `actor_kind=staff` what staff did there."""
    async with staff.reading() as session:
        owner = None if tenant_id is None else TenantId(tenant_id)
        found = await audit.list_events(session, filters, page, tenant_id=owner)
    items = [
        TenantEventOut(**show_event(named).model_dump(), tenant_id=named.event.tenant_id)
        for named in found.items
        if isinstance(named.event, AuditEvent)
    ]
    return show_cursor_page(found, items)


def _as_values(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the model
    return {name: getattr(row, name) for name in InvariantOut.model_fields}
