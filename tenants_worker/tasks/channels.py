"""Jobs and ticks of channels: which rights the bot has there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.channels import service as channels
from lumenpay.channels.repository import get_channel
from lumenpay.db.dispatch import list_due_channel_checks
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.models.bots import BotStatus
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramMissingRightsError
from lumenpay.telegram.facts import MemberFacts
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import pausing_revoked

DUE_LIMIT = 500
_PAGES = 20

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
        async with pausing_revoked(ctx, bot.id, token):
            rights = await ctx.worker.telegram.get_member(token, chat_id=channel.chat_id, telegram_id=bot.telegram_id)
    except (TelegramChatGoneError, TelegramMissingRightsError):
        rights = _OUTSIDE
    async with ctx.unit() as session:
        locked = await get_channel(session, channel.id, is_locked=True)
        await channels.apply_rights(session, locked, rights=rights, now=now)


async def check_due(ctx: WorkerContext, now: datetime) -> None:
    """Have Telegram asked about every channel whose time has come, whether or not it told us of a change.

    Each channel remembers when it is due next, so a tick that is cut short goes on where it stopped.
    """

    async def plan(session: TenantSession, channel_id: UUID) -> None:
        await channels.plan_check(session, channel_id, now=now)

    for _ in range(_PAGES):
        due = await list_due_channel_checks(ctx.database, now=now, limit=DUE_LIMIT)
        await sweep(ctx, due, plan)
        if len(due) < DUE_LIMIT:
            return
