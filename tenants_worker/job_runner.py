"""Runs leased jobs: load, do, store the outcome fenced by the lease; failures come back later or stay as dead."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from lumenpay.db.dispatch import claim_jobs
from lumenpay.errors import LumenError, UnavailableError
from lumenpay.jobs import repository
from lumenpay.jobs.catalogue import CATALOGUE, JobPayload, Queue
from lumenpay.jobs.errors import JobPostponed, JobRefused
from lumenpay.jobs.outbox import load_payload
from lumenpay.jobs.rules import decide_delay_seconds
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger
from lumenpay.kit.redaction import redact_text
from lumenpay.models.ids import JobId, LeaseId, TenantId
from lumenpay.models.jobs import Job, JobStatus
from tenants_worker.context import JobContext, WorkerContext

JobHandler = Callable[[JobContext, Any], Awaitable[None]]

LEASE_SECONDS = 90
TRY_SECONDS = 75
"""One try is stopped before its lease ends, so that nobody else has begun."""
CLAIM_LIMIT = 40
PER_TENANT = 10
_PARALLEL = 20
_log = get_logger(__name__)


class JobRunner:
    """Does the due jobs of a queue."""

    def __init__(self, context: WorkerContext, handlers: dict[type[JobPayload], JobHandler]) -> None:
        """Take what handlers need, and which handler does which kind."""
        self._context = context
        self._handlers = handlers
        self._room = asyncio.Semaphore(_PARALLEL)

    async def run_due(self, queue: Queue) -> int:
        """Claim one fair batch and do it; return how many jobs there were."""
        lease_id = LeaseId(new_uuid7())
        claimed = await claim_jobs(
            self._context.database, queue=queue.value, lease_id=lease_id, lease_seconds=LEASE_SECONDS,
            limit=CLAIM_LIMIT, per_tenant=PER_TENANT,
        )  # fmt: skip
        await asyncio.gather(*(self._run_one(tenant_id, job_id, lease_id) for tenant_id, job_id in claimed))
        return len(claimed)

    async def _run_one(self, tenant_id: TenantId, job_id: JobId, lease_id: LeaseId) -> None:
        async with self._room:
            async with self._context.database.tenant(tenant_id) as session:
                job = await repository.find_leased_job(session, job_id, lease_id=lease_id)
            if job is None:
                return
            try:
                async with asyncio.timeout(TRY_SECONDS):
                    await self._do(tenant_id, job)
            except JobPostponed as reason:
                attempts = job.attempts if reason.does_count else job.attempts - 1
                await self._retry(job, lease_id, str(reason), seconds=reason.retry_after_seconds, attempts=attempts)
            except JobRefused as reason:
                await self._finish(job, lease_id, JobStatus.DEAD, str(reason))
            except UnavailableError as error:
                await self._fail(job, lease_id, error, seconds=error.retry_after_seconds)
            except Exception as error:  # noqa: BLE001 - the worker door: whatever a job raises is stored and retried
                await self._fail(job, lease_id, error, seconds=None)
            else:
                await self._finish(job, lease_id, JobStatus.DONE, "")

    async def _do(self, tenant_id: TenantId, job: Job) -> None:
        kind = CATALOGUE.get(job.kind)
        if kind is None or kind not in self._handlers:
            # A newer process wrote it: a newer worker will do it.
            raise JobPostponed(f"unknown kind {job.kind}", retry_after_seconds=30)
        context = JobContext(self._context, tenant_id, JobId(job.id), job.attempts)
        await self._handlers[kind](context, load_payload(kind, job.payload))

    async def _fail(self, job: Job, lease_id: LeaseId, error: Exception, *, seconds: float | None) -> None:
        text = redact_text(f"{type(error).__name__}: {error}")[:500]
        if isinstance(error, LumenError):
            _log.info("job_failed", kind=job.kind, job_id=str(job.id), attempts=job.attempts, error=text)
        else:
            _log.warning("job_failed", kind=job.kind, job_id=str(job.id), attempts=job.attempts, exc_info=error)
        kind = CATALOGUE.get(job.kind, JobPayload)
        if job.attempts >= kind.max_attempts:
            await self._finish(job, lease_id, JobStatus.DEAD, text)
            return
        delay = decide_delay_seconds(job.attempts, jitter=random.random())  # noqa: S311 - spreads retries
        await self._retry(job, lease_id, text, seconds=max(delay, seconds or 0.0), attempts=job.attempts)

    async def _retry(self, job: Job, lease_id: LeaseId, error: str, *, seconds: float, attempts: int) -> None:
        run_at = self._context.clock.now() + timedelta(seconds=seconds)
        async with self._context.database.tenant(job.tenant_id) as session:
            is_ours = await repository.retry_job_later(
                session, JobId(job.id), lease_id=lease_id, run_at=run_at, error=error, attempts=attempts
            )
        self._report_lost_lease(job, is_ours=is_ours)

    async def _finish(self, job: Job, lease_id: LeaseId, status: JobStatus, error: str) -> None:
        async with self._context.database.tenant(job.tenant_id) as session:
            is_ours = await repository.finish_job(
                session, JobId(job.id), lease_id=lease_id, status=status, error=error, now=self._context.clock.now()
            )
        if status is JobStatus.DEAD:
            _log.error("job_dead", kind=job.kind, job_id=str(job.id), tenant_id=str(job.tenant_id), error=error)
        self._report_lost_lease(job, is_ours=is_ours)

    def _report_lost_lease(self, job: Job, *, is_ours: bool) -> None:
        if not is_ours:
            _log.warning("job_lease_lost", kind=job.kind, job_id=str(job.id))
