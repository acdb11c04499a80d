"""The job of the brake: telling one owner, by one way, that a sweep waits for their word."""

from __future__ import annotations

from lumenpay.access.sweep_notices import load_notice
from lumenpay.admins.letters import LetterKind
from lumenpay.jobs.catalogue import TellOwnerOfSweep
from lumenpay.letters.rendering import render_letter
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling_owners import tell_owner_by


async def tell_owner_of_sweep(ctx: JobContext, job: TellOwnerOfSweep) -> None:
    """Tell an owner; nothing where somebody decided already, or where they cannot be reached this way."""
    async with ctx.unit() as session:
        notice = await load_notice(session, job)
    if notice is None:
        return
    text = render_letter(
        LetterKind.SWEEP_BRAKED,
        locale=notice.locale,
        channel=notice.channel.title,
        bot=f"@{notice.bot.username}",
        people=str(notice.sweep.to_remove_count),
        inside=str(notice.sweep.inside_count),
        link=f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/channels",
    )
    await tell_owner_by(ctx, Way(job.way), text, user=notice.user, address=notice.address)
