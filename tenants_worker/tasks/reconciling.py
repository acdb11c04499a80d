"""How a run of a reconciliation goes from page to page, whichever list it compares with our payments."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from lumenpay.jobs.catalogue import ReconcilePayments, ReconcileStars
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.reconciliations import Reconciliation, ReconciliationStatus
from lumenpay.reconciliations.repository import get_run
from tenants_worker.context import JobContext

LONGEST_SECONDS = 20
"""After so long the rest is left to a further job, which gets a lease of its own."""
Page = Callable[[JobContext, Reconciliation], Awaitable[None]]
GivingUp = Callable[[JobContext, Reconciliation, Exception], Awaitable[None]]


async def walk_run(
    ctx: JobContext, job: ReconcilePayments | ReconcileStars, *, do_page: Page,
    problems: Mapping[type[Exception], str], give_up: GivingUp,
) -> None:  # fmt: skip
    """Do the next pages of a run; what is left when the time is over goes on in a further job.

    Args:
        do_page: Does one page, and keeps in the run where it goes on.
        problems: What ends a run for good; anything else makes the job come back.
    """
    began_at = time.monotonic()
    while True:
        async with ctx.unit() as session:
            run = await get_run(session, job.reconciliation_id)
        if run.status != ReconciliationStatus.RUNNING:
            return
        if time.monotonic() - began_at > LONGEST_SECONDS:
            async with ctx.unit() as session:
                await enqueue(session, job, now=ctx.worker.clock.now(), bot_id=run.bot_id, dedupe_key=str(run.id))
            return
        try:
            await do_page(ctx, run)
        except tuple(problems) as error:
            await give_up(ctx, run, error)
            return
