"""The end of a bot: nobody is charged for it any more, its webhook is cleared, and its secrets are destroyed last."""

from __future__ import annotations

import contextlib
import time
from datetime import datetime
from typing import Final

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots.repository import find_deleted_bot
from lumenpay.jobs.catalogue import ClearWebhook
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger
from lumenpay.models.bots import Bot
from lumenpay.payments.repository import has_unfinished_orders
from lumenpay.subscriptions import bot_end
from lumenpay.subscriptions.bot_end import StarRenewal
from lumenpay.telegram import stars
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramRejectedError,
    TelegramRetryLaterError,
    TelegramTokenRevokedError,
    TelegramUnreachableUserError,
)
from tenants_worker.context import JobContext
from tenants_worker.tasks.bots import ORDERS_SECONDS

SLICE_SECONDS: Final = 8.0
"""After so long the rest is left to the next try: shorter than the time that a worker has to end."""
PAGE: Final = 100
TOLD_SECONDS: Final = 30
"""How often it is looked whether Telegram has heard of ends that were asked for before the deletion."""
_OVER = (TelegramRejectedError, TelegramUnreachableUserError, TelegramChatGoneError)
"""What Telegram says of a subscription that is over, or of a person who is gone."""
_log = get_logger(__name__)


async def clear_webhook(ctx: JobContext, job: ClearWebhook) -> None:
    """End what renews by itself, take our address away, then destroy the bot's secrets. Safe to repeat.

    Telegram charges for a subscription in Stars until somebody with the token ends it. So the secrets wait for that,
    and for orders that were open at the deletion. A token that Telegram refuses can end nothing and is not waited for.

    Raises:
        JobPostponed: Something of it is still to be done.
    """
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        bot = await find_deleted_bot(session, job.bot_id)
    if bot is None or bot.token_sealed is None:
        return
    await _turn_off_charges(ctx, bot, now=now)
    token = bot_secrets.open_token(ctx.worker.ring, bot)
    is_token_good = await _end_star_renewals(ctx, bot, token, now=now)
    async with ctx.unit() as session:
        if await find_deleted_bot(session, bot.id) is None:
            # Connected anew meanwhile: the webhook is its own again.
            return
    if bot.telegram_id is not None:
        # A token that Telegram refuses delivers nothing any more.
        with contextlib.suppress(TelegramTokenRevokedError, TelegramRejectedError):
            await ctx.worker.telegram.delete_webhook(token)
    await _release(ctx, bot, is_token_good=is_token_good, now=now)


async def _turn_off_charges(ctx: JobContext, bot: Bot, *, now: datetime) -> None:
    ends_at = time.monotonic() + SLICE_SECONDS
    while True:
        async with ctx.unit() as session:
            count = await bot_end.turn_off_charges(session, bot.id, limit=PAGE, now=now)
        if count < PAGE:
            return
        if time.monotonic() > ends_at:
            raise JobPostponed("renewals are being turned off", retry_after_seconds=0)


async def _end_star_renewals(ctx: JobContext, bot: Bot, token: Secret, *, now: datetime) -> bool:
    """Have Telegram renew nothing of the bot any more; False where it refuses the token.

    Each is kept as ended once Telegram knows. One that was ended and not kept is ended again: that changes nothing.
    """
    ends_at = time.monotonic() + SLICE_SECONDS
    while page := await _list_renewals(ctx, bot):
        for renewal in page:
            try:
                await _end(ctx, token, renewal)
            except TelegramTokenRevokedError:
                return False
            except TelegramRetryLaterError as error:
                seconds = error.retry_after_seconds or 1.0
                raise JobPostponed("Telegram asks to slow down", retry_after_seconds=seconds) from error
            async with ctx.unit() as session:
                await bot_end.record_ended(session, renewal, now=now)
            if time.monotonic() > ends_at:
                raise JobPostponed("renewals are being ended", retry_after_seconds=0)
    async with ctx.unit() as session:
        if await bot_end.has_ends_to_tell(session, bot.id):
            raise JobPostponed("Telegram is being told of ends", retry_after_seconds=TOLD_SECONDS)
    return True


async def _list_renewals(ctx: JobContext, bot: Bot) -> list[StarRenewal]:
    async with ctx.unit() as session:
        if await find_deleted_bot(session, bot.id) is None:
            # Connected anew meanwhile: what still renews is its own again.
            return []
        return await bot_end.list_star_renewals(session, bot.id, limit=PAGE)


async def _end(ctx: JobContext, token: Secret, renewal: StarRenewal) -> None:
    try:
        await stars.end_subscription(ctx.worker.telegram, token, payer_id=renewal.payer_id, charge_id=renewal.charge_id)
    except _OVER as error:
        _log.info("star_subscription_not_ended", subscription_id=str(renewal.subscription_id), reason=str(error))


async def _release(ctx: JobContext, bot: Bot, *, is_token_good: bool, now: datetime) -> None:
    async with ctx.unit() as session:
        fresh = await find_deleted_bot(session, bot.id)
        if fresh is None:
            return
        if not is_token_good and fresh.telegram_id is not None:
            # Said once, with the release; the secrets may have to wait for open orders all the same.
            await bot_end.record_left_running(session, fresh, now=now)
        bot_secrets.release_bot(fresh)
        is_needed = await has_unfinished_orders(session, bot_id=fresh.id, now=now)
        # An order that was paid meanwhile may have begun to renew.
        is_renewing = is_token_good and not is_needed and await bot_end.has_running(session, fresh.id)
        if not is_needed and not is_renewing:
            bot_secrets.destroy_secrets(fresh)
    if is_needed:
        raise JobPostponed("orders are open", retry_after_seconds=ORDERS_SECONDS)
    if is_renewing:
        raise JobPostponed("something renews", retry_after_seconds=0)
