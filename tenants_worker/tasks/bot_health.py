"""The jobs that tell owners how their bots are: when to, and one owner by one way."""

from __future__ import annotations

from lumenpay.admins.letters import LetterKind
from lumenpay.bots.health import BotNotice, load_notice, request_notices
from lumenpay.bots.health_words import WORDS
from lumenpay.jobs.catalogue import TellBotHealth, TellOwnerOfBot
from lumenpay.jobs.errors import JobPostponed
from lumenpay.letters.rendering import LetterText, render_letter
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling_owners import tell_owner_by


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
    text = _write(ctx, notice, job.code)
    await tell_owner_by(ctx, Way(job.way), text, user=notice.user, address=notice.address)


def _write(ctx: JobContext, notice: BotNotice, code: str) -> LetterText:
    link = f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/bots"
    bot = f"@{notice.bot.username}"
    if not code:
        return render_letter(LetterKind.BOT_WELL, locale=notice.locale, bot=bot, link=link)
    words = WORDS[notice.locale][code]
    return render_letter(
        LetterKind.BOT_UNWELL, locale=notice.locale, bot=bot, what=words.what, todo=words.todo, link=link
    )
