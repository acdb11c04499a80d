"""SQL of jobs: load a leased one, store its outcome fenced by the lease, list and replay dead ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, func, literal, select, tuple_, update

from lumenpay.db.counting import list_page
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.jobs.catalogue import JobPayload, Queue
from lumenpay.jobs.outbox import RUNG_QUEUES
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.ids import JobId, LeaseId
from lumenpay.models.jobs import Job, JobStatus


async def find_leased_job(session: TenantSession, job_id: JobId, *, lease_id: LeaseId) -> Job | None:
    """Return the job if it still waits and this lease still holds it."""
    return (
        await session.execute(
            select(Job).where(
                Job.tenant_id == session.tenant_id,
                Job.id == job_id,
                Job.status == JobStatus.READY,
                Job.lease_id == lease_id,
                Job.leased_until.is_not(None),
            )
        )
    ).scalar_one_or_none()


async def finish_job(
    session: TenantSession, job_id: JobId, *, lease_id: LeaseId, status: JobStatus, error: str, now: datetime
) -> bool:
    """Store that the job is done or dead; False when another worker took it over meanwhile."""
    return await _store(
        session,
        job_id,
        lease_id,
        {"status": status, "leased_until": None, "last_error": error, "finished_at": now},
    )


async def retry_job_later(
    session: TenantSession, job_id: JobId, *, lease_id: LeaseId, run_at: datetime, error: str, attempts: int
) -> bool:
    """Give the job back for a later try; False when another worker took it over meanwhile.

    The lease id stays on the row: a job that was tried is outside the index that keeps waiting jobs unique, where a
    newer one with the same key may already stand.
    """
    values = {"leased_until": None, "run_at": run_at, "last_error": error, "attempts": attempts}
    return await _store(session, job_id, lease_id, values)


async def _store(session: TenantSession, job_id: JobId, lease_id: LeaseId, values: Mapping[str, object]) -> bool:
    result = await session.execute(
        update(Job)
        .where(
            Job.tenant_id == session.tenant_id,
            Job.id == job_id,
            Job.status == JobStatus.READY,
            Job.lease_id == lease_id,
            Job.leased_until.is_not(None),
        )
        .values(**values)
    )
    return cast("CursorResult[object]", result).rowcount == 1


async def is_put_off(session: TenantSession, payload: JobPayload, *, dedupe_key: str) -> bool:
    """Tell whether a job of this kind and key was tried and comes back by itself."""
    query = select(Job.id).where(
        Job.tenant_id == session.tenant_id,
        Job.status == JobStatus.READY,
        Job.queue == payload.queue.value,
        Job.kind == payload.kind,
        Job.dedupe_key == dedupe_key,
        Job.lease_id.is_not(None),
        Job.leased_until.is_(None),
    )
    return (await session.execute(query.limit(1))).first() is not None


async def has_job(
    session: TenantSession, kind: type[JobPayload], *, dedupe_key: str, status: JobStatus
) -> bool:  # fmt: skip
    """Tell whether a job of this kind and key is ready, worked on included, or dead."""
    query = select(Job.id).where(
        Job.tenant_id == session.tenant_id,
        # Written out: so the plan finds the index over these alone.
        Job.status == literal(status.value, literal_execute=True),
        Job.kind == literal(kind.kind, literal_execute=True),
        Job.dedupe_key == dedupe_key,
    )
    return (await session.execute(query.limit(1))).first() is not None


async def wake_jobs(session: TenantSession, *, bot_id: UUID, kinds: Sequence[type[JobPayload]], now: datetime) -> None:
    """Make due at once what waits of some kinds for a bot; what is being worked on is left alone."""
    woken = await session.execute(
        update(Job)
        .where(
            Job.tenant_id == session.tenant_id,
            Job.status == JobStatus.READY,
            Job.queue.in_({kind.queue.value for kind in kinds}),
            Job.kind.in_([kind.kind for kind in kinds]),
            Job.bot_id == bot_id,
            Job.run_at > now,
            Job.leased_until.is_(None),
        )
        .values(run_at=now)
        .returning(Job.queue)
        .execution_options(synchronize_session=False)
    )
    session.info.setdefault(RUNG_QUEUES, set()).update(Queue(queue) for queue in set(woken.scalars()))


async def list_dead_jobs(session: TenantSession, page: PageRequest) -> CountedPage[Job]:
    """Return the jobs that wait for a human, newest first."""
    where = (Job.tenant_id == session.tenant_id, Job.status == literal(JobStatus.DEAD.value, literal_execute=True))
    return await list_page(session, Job, where, page, order=(Job.finished_at.desc(), Job.id), is_narrowed=False)


async def replay_job(session: TenantSession, job_id: UUID, *, now: datetime) -> Job:
    """Put a dead job back to work, with all its tries.

    Raises:
        NotFoundError: Not a dead job of this tenant.
    """
    job = (
        await session.execute(
            update(Job)
            .where(Job.tenant_id == session.tenant_id, Job.id == job_id, Job.status == JobStatus.DEAD)
            .values(status=JobStatus.READY, attempts=0, run_at=now, finished_at=None)
            .returning(Job)
        )
    ).scalar_one_or_none()
    if job is None:
        raise NotFoundError
    return job


async def count_dead_jobs(session: TenantSession) -> dict[str, int]:
    """Return how many jobs of each kind wait for a human, the most first."""
    count = func.count().label("waiting")
    rows = await session.execute(
        select(Job.kind, count)
        .where(Job.tenant_id == session.tenant_id, Job.status == literal(JobStatus.DEAD.value, literal_execute=True))
        .group_by(Job.kind)
        .order_by(count.desc(), Job.kind)
    )
    return {row.kind: row.waiting for row in rows}


async def replay_dead_jobs(session: TenantSession, *, kind: str | None, limit: int, now: datetime) -> int:
    """Put dead jobs of one kind, or of all, back to work, those that died first before others; return how many."""
    of_kind = () if kind is None else (Job.kind == kind,)
    oldest = (
        select(Job.tenant_id, Job.id)
        .where(Job.tenant_id == session.tenant_id, Job.status == JobStatus.DEAD, *of_kind)
        .order_by(Job.finished_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    result = await session.execute(
        update(Job)
        .where(tuple_(Job.tenant_id, Job.id).in_(oldest))
        .values(status=JobStatus.READY, attempts=0, run_at=now, finished_at=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", result).rowcount
