"""Giving days to everybody on a list: a few people a transaction, so that nobody waits long for a lock."""

from __future__ import annotations

import time

from lumenpay.jobs.catalogue import ExtendTogether
from lumenpay.jobs.outbox import enqueue
from lumenpay.subscriptions.extensions import extend_some, write_down
from tenants_worker.context import JobContext

AT_ONCE = 20
LONGEST_SECONDS = 20
"""After so long the rest is left to a further job, which gets a lease of its own."""


async def extend_together(ctx: JobContext, job: ExtendTogether) -> None:
    """Give the next subscriptions their days; what is left when the time is over goes on in a further job."""
    began_at, is_more = time.monotonic(), True
    async with ctx.unit() as session:
        await write_down(session, job.extension_id)
    while is_more:
        async with ctx.unit() as session:
            now = ctx.worker.clock.now()
            is_more = await extend_some(session, job.extension_id, limit=AT_ONCE, now=now)
            if is_more and time.monotonic() - began_at > LONGEST_SECONDS:
                await enqueue(session, job, now=now, dedupe_key=str(job.extension_id))
                return
