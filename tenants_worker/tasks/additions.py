"""The job about people whom others added to a group: may whoever added them do so?"""

from __future__ import annotations

from lumenpay.access.membership_changes import find_unjudged, record_adder
from lumenpay.access.rules import Adder
from lumenpay.channels.rules import can_remove
from lumenpay.jobs.catalogue import JudgeAddition
from lumenpay.jobs.errors import JobPostponed
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramMissingRightsError, TelegramRejectedError
from tenants_worker.context import JobContext
from tenants_worker.tasks.places import postpone_closed, report_rights
from tenants_worker.tasks.telling import open_active_token, pausing_revoked

UNKNOWN_SECONDS = 3600


async def judge_addition(ctx: JobContext, job: JudgeAddition) -> None:
    """Ask Telegram whether the adder runs the group. As long as it does not say, the person stays."""
    async with ctx.unit() as session:
        channel = await find_unjudged(session, job)
    if channel is None:
        return
    if not can_remove(channel):
        raise postpone_closed()
    token = await open_active_token(ctx, channel.bot_id)
    try:
        async with pausing_revoked(ctx, channel.bot_id, token):
            facts = await ctx.worker.telegram.get_member(
                token, chat_id=channel.chat_id, telegram_id=job.adder_telegram_id
            )
    except (TelegramMissingRightsError, TelegramChatGoneError) as error:
        await report_rights(ctx, channel.id, channel.bot_id)
        raise postpone_closed() from error
    except TelegramRejectedError as error:
        # It does not know the adder now: that is no word about what they were allowed to do.
        raise JobPostponed(error.description, retry_after_seconds=UNKNOWN_SECONDS, does_count=True) from error
    async with ctx.unit() as session:
        adder = Adder.ADMIN if facts.is_admin else Adder.NOBODY
        await record_adder(session, job, adder=adder, now=ctx.worker.clock.now())
