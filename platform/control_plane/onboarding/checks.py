"""Asks Telegram and the gateway again what the checklist is made of."""

from __future__ import annotations

from control_plane.dependencies import TenantAccess
from lumenpay.bots import service as bots
from lumenpay.bots.secrets import open_shop, open_token
from lumenpay.channels.repository import get_channel
from lumenpay.channels.service import apply_rights
from lumenpay.errors import UnavailableError
from lumenpay.jobs.catalogue import CheckBotHealth
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import Channel
from lumenpay.onboarding.repository import find_first_bot, list_first_channels
from lumenpay.payments.errors import GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramMissingRightsError, TelegramTokenRevokedError
from lumenpay.telegram.facts import MemberFacts

_OUTSIDE = MemberFacts("left", is_inside=False, is_admin=False, can_invite_users=False, can_restrict_members=False)


async def check_everything(access: TenantAccess) -> None:
    """Store what Telegram and the gateway say now of the first bot, its shop and its channels.

    Raises:
        UnavailableError: Telegram does not answer; what was learnt before stays stored.
    """
    async with access.unit() as session:
        bot = await find_first_bot(session)
        if bot is None:
            return
        channels = await list_first_channels(session, bot.id)
    if bot.shop_status != ShopStatus.NOT_CONNECTED and bot.shop_sealed is not None:
        await _check_shop(access, bot)
    if bot.status == BotStatus.ACTIVE and bot.telegram_id is not None:
        await _check_telegram(access, bot, channels)


async def _check_shop(access: TenantAccess, bot: Bot) -> None:
    shop = open_shop(access.services.ring, bot)
    is_test: bool | None = None
    try:
        is_test = await access.services.yookassa.check_keys(shop_id=shop.shop_id, secret_key=shop.secret_key)
    except (GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError):
        is_test = None
    except UnavailableError:
        # Not the shop's fault: what is known of it stays.
        return
    async with access.unit() as session:
        await bots.record_shop_check(session, bot, is_test=is_test, actor=access.actor, now=access.now)


async def _check_telegram(access: TenantAccess, bot: Bot, channels: list[Channel]) -> None:
    token, telegram = open_token(access.services.ring, bot), access.services.telegram
    try:
        await telegram.get_me(token)
        for channel in channels:
            try:
                rights = await telegram.get_member(token, chat_id=channel.chat_id, telegram_id=bot.telegram_id or 0)
            except (TelegramChatGoneError, TelegramMissingRightsError):
                rights = _OUTSIDE
            async with access.unit() as session:
                await apply_rights(session, await get_channel(session, channel.id), rights=rights, now=access.now)
    except TelegramTokenRevokedError:
        async with access.unit() as session:
            await bots.mark_token_revoked(session, bot.id, token_hint=bot.token_hint, now=access.now)
        return
    async with access.unit() as session:
        await enqueue(session, CheckBotHealth(bot.id), now=access.now, bot_id=bot.id, dedupe_key=str(bot.id))
