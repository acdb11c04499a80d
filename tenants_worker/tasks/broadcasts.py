"""The tick and the job of broadcasts: beginning those whose time has come, and writing to the next people of one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.broadcasts.slices import begin_slice, end_slice
from lumenpay.broadcasts.steps import resume_held, take_due_step
from lumenpay.db.dispatch import list_due_broadcasts
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ResumeBroadcasts, SendBroadcast
from lumenpay.jobs.errors import JobPostponed
from lumenpay.telegram.bulk import BulkSender
from tenants_worker.broadcast_run import BroadcastRun
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import open_token_of, pausing_revoked

DUE_LIMIT = 500


async def take_due_steps(ctx: WorkerContext, now: datetime) -> None:
    """Begin every broadcast whose time has come, and look after those that run."""

    async def take(session: TenantSession, broadcast_id: UUID) -> None:
        await take_due_step(session, broadcast_id, now=now)

    await sweep(ctx, await list_due_broadcasts(ctx.database, now=now, limit=DUE_LIMIT), take)


async def resume_broadcasts(ctx: JobContext, _job: ResumeBroadcasts) -> None:
    """Have the tenant's broadcasts go on that waited until it may write to people again."""
    async with ctx.unit() as session:
        await resume_held(session, now=ctx.worker.clock.now())


async def send_broadcast(ctx: JobContext, job: SendBroadcast) -> None:
    """Write to the next people, as fast as the bot's turns come; the rest is left to a further job."""
    async with ctx.unit() as session:
        part = await begin_slice(session, job.broadcast_id, now=ctx.worker.clock.now())
    if part is None or ctx.lease_id is None:
        return
    token = open_token_of(ctx, part.bot)
    async with pausing_revoked(ctx, part.bot.id, token):
        if ctx.attempts > 1:
            # The last try may have ended because Telegram was away: nobody is made uncertain to find out.
            await ctx.worker.telegram.get_me(token)
        sender = BulkSender(ctx.worker.telegram, token)
        run = BroadcastRun(ctx.worker, part, sender, ctx.job_id, ctx.lease_id, ctx.tenant_id, ctx.unit)
        await run.send()
        if run.error is not None:
            raise run.error
    if run.held_seconds is not None:
        raise JobPostponed("Telegram lets the bot send nothing", retry_after_seconds=run.held_seconds)
    async with ctx.unit() as session:
        await end_slice(session, job.broadcast_id, now=ctx.worker.clock.now())
