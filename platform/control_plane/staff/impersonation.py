"""A member of staff looks at one tenant as its owner sees it, reading only; the tenant sees that, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field, StringConstraints

from control_plane.schemas import Input, Moment, Output, refuse_unstorable
from control_plane.staff.access import StaffDep
from lumenpay.staff import impersonation, overview
from lumenpay.staff.rules import MAX_IMPERSONATION_MINUTES, MIN_REASON

router = APIRouter(prefix="/staff", tags=["staff_impersonations"])


class ImpersonateIn(Input):
    """Why staff has to look, which the tenant reads, and for how long."""

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=MIN_REASON, max_length=512),
        AfterValidator(refuse_unstorable),
    ]
    minutes: Annotated[int, Field(ge=1, le=MAX_IMPERSONATION_MINUTES)] = 30


class ViewOut(Output):
    """A view of a tenant by staff."""

    id: UUID
    tenant_id: UUID
    staff_id: UUID
    staff_name: str
    reason: str
    started_at: Moment
    ends_at: Moment


class ViewsOut(Output):
    """Who of staff looks at which tenant now."""

    items: list[ViewOut]


@router.get("/impersonations")
async def list_running(staff: StaffDep) -> ViewsOut:
    """List who of staff looks at which tenant now."""
    async with staff.reading() as session:
        found = await overview.list_running_impersonations(session, now=staff.now)
    return ViewsOut(items=[ViewOut.model_validate(row) for row in found])


@router.post("/tenants/{tenant_id}/impersonate", status_code=201)
async def start(tenant_id: UUID, body: ImpersonateIn, staff: StaffDep) -> ViewOut:
    """Look at a tenant from now on in this session; a view of another tenant ends.

    The tenant's own operations answer as for its owner, as far as they only read.
    """
    await _end(staff)
    async with staff.unit(tenant_id) as session:
        started = await impersonation.start_impersonation(
            session, staff=staff.identity.admin, session_id=staff.identity.session_id, reason=body.reason,
            minutes=body.minutes, now=staff.now,
        )  # fmt: skip
    return ViewOut.model_validate(started)


@router.delete("/impersonation", status_code=204)
async def end(staff: StaffDep) -> None:
    """Stop looking at a tenant; without a view there is nothing to stop."""
    await _end(staff)


async def _end(staff: StaffDep) -> None:
    view = staff.identity.view
    if view is not None:
        async with staff.unit(view.tenant_id) as session:
            await impersonation.end_impersonation(session, view.impersonation_id, actor=staff.actor, now=staff.now)
