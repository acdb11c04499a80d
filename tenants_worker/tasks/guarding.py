"""The job of the guardian of channels: telling one owner, by one way, what became of the bot's rights."""

from __future__ import annotations

from lumenpay.admins.letters import LetterKind
from lumenpay.channels.guarding import ChannelNews, OwnerNotice, load_notice
from lumenpay.jobs.catalogue import TellOwner
from lumenpay.jobs.errors import JobPostponed
from lumenpay.letters.rendering import LetterText, render_letter
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling_owners import tell_owner_by

LOOKED_AT_SECONDS = 30
_KINDS = {ChannelNews.LOST: LetterKind.CHANNEL_LOST, ChannelNews.BACK: LetterKind.CHANNEL_BACK}


async def tell_owner(ctx: JobContext, job: TellOwner) -> None:
    """Tell an owner; nothing where it is not so any more, or where they cannot be reached this way."""
    async with ctx.unit() as session:
        notice = await load_notice(session, job)
    if notice is None:
        return
    if not notice.is_known:
        raise JobPostponed("the rights are being looked at", retry_after_seconds=LOOKED_AT_SECONDS)
    text = _write(ctx, notice, ChannelNews(job.news))
    await tell_owner_by(ctx, Way(job.way), text, user=notice.user, address=notice.address)


def _write(ctx: JobContext, notice: OwnerNotice, news: ChannelNews) -> LetterText:
    link = f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/channels"
    return render_letter(
        _KINDS[news],
        locale=notice.locale,
        channel=notice.channel.title,
        bot=f"@{notice.bot.username}",
        missing=notice.missing,
        link=link,
    )
