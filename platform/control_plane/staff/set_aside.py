"""What waits for a human in any tenant: updates and notices that were set aside, dead jobs. Each can be replayed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from control_plane.dependencies import CursorDep
from control_plane.schemas import CursorPageOut, Moment, Output, show_cursor_page
from control_plane.staff.access import StaffDep
from lumenpay.audit.service import record
from lumenpay.bots import quarantine
from lumenpay.bots.repository import get_bot
from lumenpay.jobs import repository as jobs
from lumenpay.payments import notices
from lumenpay.staff import set_aside

router = APIRouter(prefix="/staff", tags=["staff_quarantine"])
OfTenant = Annotated[UUID | None, Query(description="Only of this tenant.")]
UpdateNumber = Annotated[int, Path(ge=0, lt=2**62)]


class SetAsideUpdateOut(Output):
    """A Telegram update that could not be handled. What it says is somebody's private chat and is not shown."""

    tenant_id: UUID
    tenant_name: str
    bot_id: UUID
    bot_username: str
    update_id: int
    reason: str
    attempts: int
    received_at: Moment


class SetAsideNoticeOut(Output):
    """A gateway's notice that does not match what was asked for."""

    tenant_id: UUID
    tenant_name: str
    id: UUID
    bot_id: UUID
    event: str
    object_id: str
    reason: str
    arrivals: int
    received_at: Moment


class DeadJobOut(Output):
    """A job whose tries are used up, and why it failed last."""

    tenant_id: UUID
    tenant_name: str
    id: UUID
    queue: str
    kind: str
    attempts: int
    last_error: str
    created_at: Moment
    finished_at: Moment


class ReplayedOut(Output):
    """What was put back to work; whether it goes well shows a moment later."""

    tenant_id: UUID
    is_accepted: bool


@router.get("/updates")
async def list_updates(
    staff: StaffDep, page: CursorDep, tenant_id: OfTenant = None
) -> CursorPageOut[SetAsideUpdateOut]:
    """List the updates that were set aside in every tenant, newest first."""
    async with staff.reading() as session:
        found = await set_aside.list_set_aside_updates(session, page, tenant_id=tenant_id)
    items = [SetAsideUpdateOut.model_validate(row) for row in found.items]
    return show_cursor_page(found, items)


@router.get("/notices")
async def list_notices(
    staff: StaffDep, page: CursorDep, tenant_id: OfTenant = None
) -> CursorPageOut[SetAsideNoticeOut]:
    """List the notices that were set aside in every tenant, newest first."""
    async with staff.reading() as session:
        found = await set_aside.list_set_aside_notices(session, page, tenant_id=tenant_id)
    items = [SetAsideNoticeOut.model_validate(row) for row in found.items]
    return show_cursor_page(found, items)


@router.get("/jobs/dead")
async def list_dead_jobs(staff: StaffDep, page: CursorDep, tenant_id: OfTenant = None) -> CursorPageOut[DeadJobOut]:
    """List the jobs that gave up in every tenant, newest first."""
    async with staff.reading() as session:
        found = await set_aside.list_dead_jobs(session, page, tenant_id=tenant_id)
    items = [DeadJobOut.model_validate(row) for row in found.items]
    return show_cursor_page(found, items)


@router.post("/tenants/{tenant_id}/bots/{bot_id}/updates/{update_id}/replay", status_code=202)
async def replay_update(tenant_id: UUID, bot_id: UUID, update_id: UpdateNumber, staff: StaffDep) -> ReplayedOut:
    """Have an update that was set aside handled again."""
    async with staff.unit(tenant_id) as session:
        bot = await get_bot(session, bot_id)
        await quarantine.replay_update(session, bot_id=bot.id, update_id=update_id, actor=staff.actor, now=staff.now)
    return ReplayedOut(tenant_id=tenant_id, is_accepted=True)


@router.post("/tenants/{tenant_id}/notices/{notice_id}/check", status_code=202)
async def check_notice(tenant_id: UUID, notice_id: UUID, staff: StaffDep) -> ReplayedOut:
    """Have the gateway asked again about a notice that was set aside."""
    async with staff.unit(tenant_id) as session:
        await notices.check_notice_again(session, notice_id, actor=staff.actor, now=staff.now)
    return ReplayedOut(tenant_id=tenant_id, is_accepted=True)


@router.post("/tenants/{tenant_id}/jobs/{job_id}/replay", status_code=202)
async def replay_job(tenant_id: UUID, job_id: UUID, staff: StaffDep) -> ReplayedOut:
    """Put a job that gave up back to work."""
    async with staff.unit(tenant_id) as session:
        await jobs.replay_job(session, job_id, now=staff.now)
        record(session, actor=staff.actor, action="job.replayed", subject_id=job_id, now=staff.now)
    return ReplayedOut(tenant_id=tenant_id, is_accepted=True)
