"""The jobs that tell owners how their bots are: when to, and one owner by one way."""

from __future__ import annotations

from lumenpay.admins.letters import LetterKind
from lumenpay.bots.health import load_notice, request_notices
from lumenpay.bots.health_words import WORDS
from lumenpay.jobs.catalogue import TellBotHealth, TellOwnerOfBot
from lumenpay.jobs.errors import JobPostponed
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling_owners import tell_how_it_is


async def tell_bot_health(ctx: JobContext, job: TellBotHealth) -> None:
    """Have every owner told; what may pass by itself has to last first."""
    async with ctx.unit() as session:
        early = await request_notices(session, job, now=ctx.worker.clock.now())
    if early is not None:
        raise JobPostponed("it may pass by itself", retry_after_seconds=early.total_seconds())


async def tell_owner_of_bot(ctx: JobContext, job: TellOwnerOfBot) -> None:
    """Tell an owner; nothing where other news came after it, or where they cannot be reached this way."""
    async with ctx.unit() as session:
        notice = await load_notice(session, job)
    if notice is None:
        return
    words = WORDS[notice.locale][job.code] if job.code else None
    await tell_how_it_is(ctx, Way(job.way), notice, words, well=LetterKind.BOT_WELL, path="bots")
