"""What jobs of the doors ask Telegram, and what they do when the bot lacks its rights in a channel."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lumenpay.channels import service as channels
from lumenpay.channels.repository import get_channel
from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.jobs.errors import JobPostponed
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import BotId
from lumenpay.telegram.errors import TelegramRejectedError
from lumenpay.telegram.facts import MemberFacts
from tenants_worker.context import JobContext

CLOSED_SECONDS = 600
"""How long a job leaves a channel alone in which the bot lacks its rights; their return calls it sooner."""
_SECOND_LOOK = timedelta(seconds=30)
"""A refusal that the rights do not explain must not be met by asking again at once, and again."""
_log = get_logger(__name__)


async def find_place(ctx: JobContext, token: Secret, *, chat_id: int, telegram_id: int) -> MemberFacts:
    """Return where Telegram says that a person is; whom it does not know there is outside."""
    try:
        return await ctx.worker.telegram.get_member(token, chat_id=chat_id, telegram_id=telegram_id)
    except TelegramRejectedError as error:
        # A deleted account, or one that never was near.
        _log.info("member_not_found", reason=error.description)
        return MemberFacts("left", is_inside=False, is_admin=False, can_invite_users=False, can_restrict_members=False)


async def report_rights(ctx: JobContext, channel_id: UUID, bot_id: UUID) -> None:
    """Store that the bot lacks rights in a channel, and have them looked at."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        channel = await get_channel(session, channel_id, is_locked=True)
        await channels.mark_rights_missing(session, channel, now=now)
        payload, key = CheckChannelRights(channel.id), str(channel_id)
        await enqueue(
            session, payload, now=now, bot_id=BotId(bot_id), dedupe_key=f"{key}:again", run_at=now + _SECOND_LOOK
        )


def postpone_closed() -> JobPostponed:
    """Return what a job raises whose channel is closed to the bot."""
    return JobPostponed("the bot lacks rights", retry_after_seconds=CLOSED_SECONDS)
