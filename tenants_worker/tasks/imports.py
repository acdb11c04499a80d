"""Carrying out lists of subscribers: a few lines a transaction, so that a killed worker's successor goes on."""

from __future__ import annotations

import time

from lumenpay.imports.giving import carry_out_some
from lumenpay.jobs.catalogue import CarryOutImport
from lumenpay.jobs.outbox import enqueue
from tenants_worker.context import JobContext

AT_ONCE = 20
LONGEST_SECONDS = 20
"""After so long the rest is left to a further job, which gets a lease of its own."""


async def carry_out_import(ctx: JobContext, job: CarryOutImport) -> None:
    """Carry out the next lines; what is left when the time is over goes on in a further job."""
    began_at, is_more = time.monotonic(), True
    while is_more:
        async with ctx.unit() as session:
            now = ctx.worker.clock.now()
            is_more = await carry_out_some(
                session, job.import_id, limit=AT_ONCE, now=now, done_before=job.done_before
            )  # fmt: skip
            if is_more and time.monotonic() - began_at > LONGEST_SECONDS:
                await enqueue(session, job, now=now, dedupe_key=str(job.import_id))
                return
