"""Jobs of channels."""

from __future__ import annotations

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.channels import service as channels
from lumenpay.channels.repository import get_channel
from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.models.bots import BotStatus
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramChatMigratedError, TelegramMissingRightsError
from lumenpay.telegram.facts import MemberFacts
from tenants_worker.context import JobContext

_OUTSIDE = MemberFacts("left", is_inside=False, is_admin=False, can_invite_users=False, can_restrict_members=False)


async def check_channel_rights(ctx: JobContext, job: CheckChannelRights) -> None:
    """Ask Telegram which rights the bot has in a channel, and store them."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        channel = await get_channel(session, job.channel_id)
        bot = await bots.get_bot(session, channel.bot_id)
    if bot.status != BotStatus.ACTIVE or bot.telegram_id is None:
        return
    token = bot_secrets.open_token(ctx.worker.ring, bot)
    try:
        rights = await ctx.worker.telegram.get_member(token, chat_id=channel.chat_id, telegram_id=bot.telegram_id)
    except (TelegramChatGoneError, TelegramMissingRightsError):
        rights = _OUTSIDE
    except TelegramChatMigratedError as error:
        async with ctx.unit() as session:
            await channels.migrate_chat(
                session, bot_id=bot.id, old_chat_id=channel.chat_id, new_chat_id=error.new_chat_id
            )
        return
    async with ctx.unit() as session:
        channels.apply_rights(session, await get_channel(session, channel.id), rights=rights, now=now)
