"""Runs leased jobs: load, do, store the outcome fenced by the lease; failures come back later or stay as dead."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lumenpay.bots.errors import BotNotFoundError
from lumenpay.db.dispatch import claim_jobs
from lumenpay.db.webhook_dispatch import claim_jobs_of_targets
from lumenpay.errors import LumenError, UnavailableError
from lumenpay.jobs import repository
from lumenpay.jobs.catalogue import CATALOGUE, JobPayload, Queue
from lumenpay.jobs.errors import JobPostponed, JobRefused
from lumenpay.jobs.outbox import load_payload
from lumenpay.jobs.rules import decide_delay_seconds
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger
from lumenpay.kit.redaction import describe_error
from lumenpay.models.ids import JobId, LeaseId, TenantId
from lumenpay.models.jobs import Job, JobStatus
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.leases import Hold, Lease
from tenants_worker.metrics import JOB_SECONDS, JOBS

JobHandler = Callable[[JobContext, Any], Awaitable[None]]

TRY_SECONDS = 50
"""A try is stopped so long after the claim, and sooner when its lease cannot be renewed."""
CLAIM_LIMIT = 40
PER_TENANT = 10
"""How many jobs of a queue a process does of one tenant at once: one whose gateway hangs must leave room for others."""
TARGETS_PER_TENANT, PER_TARGET = 8, 4
"""How many calls all processes together make to the endpoints of one tenant at once, and to one of them."""
OUTAGE_PATIENCE = timedelta(days=3)
"""So long after a job was recorded, tries that failed because somebody else was away do not use it up."""
OUTAGE_ATTEMPTS = 10
"""The first tries count all the same: the pause grows with them, to its longest."""
_BUSY_TENANT_SECONDS = 1.0
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that a lease holds for us since `asked_at` (of the monotonic clock)."""

    tenant_id: TenantId
    job_id: JobId
    lease_id: LeaseId
    asked_at: float


class JobRunner:
    """Does the due jobs of a queue."""

    def __init__(self, context: WorkerContext, handlers: dict[type[JobPayload], JobHandler]) -> None:
        """Take what handlers need, and which handler does which kind."""
        self._context = context
        self._handlers = handlers
        self._busy: Counter[tuple[str, TenantId]] = Counter()

    async def claim(self, queue: Queue, limit: int) -> list[ClaimedJob]:
        """Lease up to `limit` due jobs, fairly; each must be handed to `run`."""
        lease_id = LeaseId(new_uuid7())
        asked_at = time.monotonic()
        database, lease_seconds = self._context.database, self._context.leases.terms.seconds
        if queue is Queue.WEBHOOKS:
            claimed = await claim_jobs_of_targets(
                database, queue=queue.value, lease_id=lease_id, lease_seconds=lease_seconds, limit=limit,
                per_tenant=TARGETS_PER_TENANT, per_target=PER_TARGET,
            )  # fmt: skip
        else:
            claimed = await claim_jobs(
                database, queue=queue.value, lease_id=lease_id, lease_seconds=lease_seconds, limit=limit,
                per_tenant=PER_TENANT,
            )  # fmt: skip
        return [ClaimedJob(tenant_id, job_id, lease_id, asked_at) for tenant_id, job_id in claimed]

    async def run_due(self, queue: Queue) -> int:
        """Claim one fair batch and do it; return how many jobs there were."""
        claimed = await self.claim(queue, CLAIM_LIMIT)
        await asyncio.gather(*(self.run(job) for job in claimed))
        return len(claimed)

    async def run(self, claimed: ClaimedJob) -> None:
        """Do one claimed job and store the outcome, unless the lease was lost meanwhile."""
        lease = Lease(claimed.tenant_id, claimed.job_id, claimed.lease_id, claimed.asked_at)
        with self._context.leases.hold(lease) as hold:
            await self._run_held(claimed, hold)

    async def _run_held(self, claimed: ClaimedJob, hold: Hold) -> None:
        tenant_id, lease_id = claimed.tenant_id, claimed.lease_id
        async with self._context.database.tenant(tenant_id) as session:
            job = await repository.find_leased_job(session, claimed.job_id, lease_id=lease_id)
        if job is None:
            return
        busy = (job.queue, tenant_id)
        if self._busy[busy] >= PER_TENANT:
            await self._give_back(job, lease_id, "the tenant is busy", seconds=_BUSY_TENANT_SECONDS)
            return
        self._busy[busy] += 1
        began_at = time.monotonic()
        try:
            async with hold.limit(until=claimed.asked_at + TRY_SECONDS):
                await self._do(tenant_id, job)
        except JobPostponed as reason:
            JOBS.labels(_known_kind(job), "postponed").inc()
            attempts = job.attempts if reason.does_count else job.attempts - 1
            await self._retry(job, lease_id, str(reason), seconds=reason.retry_after_seconds, attempts=attempts)
        except JobRefused as reason:
            await self._finish(job, lease_id, JobStatus.DEAD, str(reason))
        except BotNotFoundError:
            # Nothing is left to be done for a deleted bot, and nobody to look at it.
            _log.info("job_of_deleted_bot", kind=job.kind, job_id=str(job.id))
            await self._finish(job, lease_id, JobStatus.DONE, "the bot was deleted")
        except asyncio.CancelledError:
            # The process ends: the next one need not wait for the lease to run out.
            await self._give_back(job, lease_id, "interrupted", seconds=0)
            raise
        except Exception as error:  # noqa: BLE001 - the worker door: whatever a job raises is stored and retried
            await self._fail(job, lease_id, error)
        else:
            await self._finish(job, lease_id, JobStatus.DONE, "")
        finally:
            JOB_SECONDS.labels(_known_kind(job)).observe(time.monotonic() - began_at)
            self._busy[busy] -= 1
            if not self._busy[busy]:
                del self._busy[busy]

    async def _do(self, tenant_id: TenantId, job: Job) -> None:
        kind = CATALOGUE.get(job.kind)
        if kind is None or kind not in self._handlers:
            # A newer process wrote it: a newer worker will do it.
            raise JobPostponed(f"unknown kind {job.kind}", retry_after_seconds=30)
        if job.payload_version > kind.version:
            raise JobPostponed(f"{job.kind} of version {job.payload_version}", retry_after_seconds=30)
        if job.attempts > kind.max_attempts:
            # No try came to an end, not even to a failure: it takes its worker down each time.
            raise JobRefused("no try came to an end")
        context = JobContext(self._context, tenant_id, JobId(job.id), job.attempts, job.lease_id)
        await self._handlers[kind](context, load_payload(kind, job.payload))

    async def _fail(self, job: Job, lease_id: LeaseId, error: Exception) -> None:
        seconds = error.retry_after_seconds if isinstance(error, UnavailableError) else None
        text = describe_error(error)
        if isinstance(error, LumenError):
            _log.info("job_failed", kind=job.kind, job_id=str(job.id), attempts=job.attempts, error=text)
        else:
            _log.error("job_failed", kind=job.kind, job_id=str(job.id), attempts=job.attempts, exc_info=error)
        kind = CATALOGUE.get(job.kind, JobPayload)
        attempts = job.attempts
        is_young = self._context.clock.now() - job.created_at < OUTAGE_PATIENCE
        if isinstance(error, UnavailableError) and is_young and attempts > OUTAGE_ATTEMPTS:
            attempts -= 1
        if attempts >= kind.max_attempts:
            await self._finish(job, lease_id, JobStatus.DEAD, text)
            return
        JOBS.labels(_known_kind(job), "failed").inc()
        delay = decide_delay_seconds(job.attempts, jitter=random.random())  # noqa: S311 - spreads retries
        await self._retry(job, lease_id, text, seconds=max(delay, seconds or 0.0), attempts=attempts)

    async def _give_back(self, job: Job, lease_id: LeaseId, reason: str, *, seconds: float) -> None:
        await self._retry(job, lease_id, reason, seconds=seconds, attempts=job.attempts - 1)

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
        JOBS.labels(_known_kind(job), status.value).inc()
        if status is JobStatus.DEAD:
            _log.error("job_dead", kind=job.kind, job_id=str(job.id), tenant_id=str(job.tenant_id), error=error)
        self._report_lost_lease(job, is_ours=is_ours)

    def _report_lost_lease(self, job: Job, *, is_ours: bool) -> None:
        if not is_ours:
            _log.warning("job_lease_lost", kind=job.kind, job_id=str(job.id))


def _known_kind(job: Job) -> str:
    return job.kind if job.kind in CATALOGUE else "unknown"
