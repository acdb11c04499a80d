"""Jobs that failed too often and wait for a human."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import Moment, Output, PageOut
from lumenpay.audit.service import record
from lumenpay.jobs import repository

router = APIRouter(prefix="/tenants/{tenant_id}/jobs", tags=["jobs"])


class JobOut(Output):
    """A job and why it failed last."""

    id: UUID
    kind: str
    queue: str
    attempts: int
    last_error: str
    created_at: Moment
    finished_at: Moment | None


@router.get("/dead")
async def list_dead(access: TenantDep, page: PageDep) -> PageOut[JobOut]:
    """List the jobs that gave up, newest first."""
    async with access.unit() as session:
        found = await repository.list_dead_jobs(session, page)
    items = [JobOut.model_validate(row) for row in found.items]
    return PageOut(items=items, total=found.total, page=page.page, size=page.size)


@router.post("/{job_id}/replay", status_code=202)
async def replay(job_id: UUID, access: TenantDep) -> JobOut:
    """Put a job that gave up back to work."""
    async with access.unit() as session:
        job = await repository.replay_job(session, job_id, now=access.now)
        record(session, actor=access.actor, action="job.replayed", subject_id=job_id, now=access.now)
        return JobOut.model_validate(job)
