"""Jobs that failed too often and wait for a human."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import StringConstraints

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import CountedPageOut, Input, Moment, Output, show_page
from lumenpay.audit.service import record
from lumenpay.jobs import repository

_REPLAY_LIMIT = 5_000
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


class DeadKindOut(Output):
    """How many jobs of a kind gave up."""

    kind: str
    count: int


class DeadKindsOut(Output):
    """What kinds of jobs gave up, the most frequent first."""

    kinds: list[DeadKindOut]


class ReplayIn(Input):
    """Which dead jobs are put back to work, by their kind: `access.deliver`, `payments.open` and so on; none: all."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=48)] | None = None


class ReplayOut(Output):
    """How many jobs were put back to work; as many as the limit means that there may be more."""

    replayed: int
    limit: int


@router.get("/dead")
async def list_dead(access: TenantDep, page: PageDep) -> CountedPageOut[JobOut]:
    """List the jobs that gave up, newest first."""
    async with access.unit() as session:
        found = await repository.list_dead_jobs(session, page)
    items = [JobOut.model_validate(row) for row in found.items]
    return show_page(found, items, page)


@router.get("/dead/kinds")
async def count_dead(access: TenantDep) -> DeadKindsOut:
    """Count the jobs that gave up, by their kind."""
    async with access.unit() as session:
        found = await repository.count_dead_jobs(session)
    return DeadKindsOut(kinds=[DeadKindOut(kind=kind, count=count) for kind, count in found.items()])


@router.post("/dead/replay", status_code=202)
async def replay_all(body: ReplayIn, access: TenantDep) -> ReplayOut:
    """Put the jobs that gave up, of one kind or of all, back to work, after an outage for example."""
    async with access.unit() as session:
        count = await repository.replay_dead_jobs(session, kind=body.kind, limit=_REPLAY_LIMIT, now=access.now)
        details = {"kind": body.kind, "count": count}
        record(session, actor=access.actor, action="jobs.replayed", subject_id=None, now=access.now, details=details)
    return ReplayOut(replayed=count, limit=_REPLAY_LIMIT)


@router.post("/{job_id}/replay", status_code=202)
async def replay(job_id: UUID, access: TenantDep) -> JobOut:
    """Put a job that gave up back to work."""
    async with access.unit() as session:
        job = await repository.replay_job(session, job_id, now=access.now)
        record(session, actor=access.actor, action="job.replayed", subject_id=job_id, now=access.now)
        return JobOut.model_validate(job)
