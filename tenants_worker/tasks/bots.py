"""Jobs of bots: webhook and commands, health, and the keys of former shops."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.health import note_health
from lumenpay.bots.menus import decide_menu, note_menu, put_off_menu
from lumenpay.bots.rules import WEBHOOK_FAILING, WEBHOOK_REFUSED, WELL, decide_webhook_fault
from lumenpay.db.dispatch import list_active_bots
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.repository import find_settings
from lumenpay.jobs.catalogue import CheckBotHealth, ForgetShops, RegisterWebhook
from lumenpay.jobs.errors import JobPostponed
from lumenpay.jobs.outbox import enqueue
from lumenpay.jobs.ticks import read_position, store_position
from lumenpay.kit.crypto import Secret
from lumenpay.messages.commands import Commands, choose_commands, digest_commands
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ids import BotId
from lumenpay.payments import shops
from lumenpay.telegram.errors import TelegramRejectedError, TelegramRetryLaterError, TelegramTokenRevokedError
from lumenpay.telegram.facts import ALLOWED_UPDATES
from tenants_worker.context import JobContext, WorkerContext

MEND_PAUSE = timedelta(minutes=10)
"""A webhook that somebody else keeps taking is not fought over: it is set again at most this often."""
ORDERS_SECONDS = 600
"""How often secrets that open orders need are looked at again."""
PAGE = 200
CHECK_ALL = "bots.check_all"
CHECK_SECONDS = 90
"""No page of bots is begun later than this in one run."""


def webhook_url(ctx: WorkerContext, key: Secret) -> str:
    """Return our address for a bot's updates."""
    return f"{ctx.settings.public_url}/tg/{key.reveal()}"


async def register_webhook(ctx: JobContext, job: RegisterWebhook) -> None:
    """Leave Telegram delivering the bot's updates to us, with its secret, and its command menu set."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        bot = await bots.get_bot(session, job.bot_id)
    if bot.status == BotStatus.TOKEN_REVOKED:
        return
    await _register(ctx, bot, now=now)


async def _register(ctx: JobContext, bot: Bot, *, now: datetime) -> None:
    token = bot_secrets.open_token(ctx.worker.ring, bot)
    webhook = bot_secrets.open_webhook(ctx.worker.ring, bot)
    telegram = ctx.worker.telegram
    async with ctx.unit() as session:
        commands = await _choose_menu(session, bot)
    try:
        await telegram.set_webhook(token, url=webhook_url(ctx.worker, webhook.key), secret=webhook.secret)
        await telegram.set_commands(token, commands=commands)
    except TelegramTokenRevokedError:
        async with ctx.unit() as session:
            await bots.mark_token_revoked(session, bot.id, token_hint=bot.token_hint, now=now)
        return
    except TelegramRejectedError as error:
        async with ctx.unit() as session:
            await note_health(
                session, await bots.get_bot(session, bot.id, is_locked=True), WEBHOOK_REFUSED, now=now
            )  # fmt: skip
        raise JobPostponed(error.description, retry_after_seconds=60, does_count=True) from error
    async with ctx.unit() as session:
        fresh = await bots.get_bot(session, bot.id, is_locked=True)
        if fresh.webhook_key_hash != bot.webhook_key_hash:
            # It was renewed while Telegram was told of the older one.
            await bots.request_webhook(session, bot_id=BotId(bot.id), now=now)
        fresh.webhook_set_at = now
        note_menu(fresh, digest_commands(commands))
        await note_health(session, fresh, WELL, now=now)


async def check_bot_health(ctx: JobContext, job: CheckBotHealth) -> None:
    """Compare what Telegram has on record with what it should have, and mend or report the difference."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        bot = await bots.get_bot(session, job.bot_id)
    if bot.status != BotStatus.ACTIVE:
        return
    token = bot_secrets.open_token(ctx.worker.ring, bot)
    webhook = bot_secrets.open_webhook(ctx.worker.ring, bot)
    try:
        facts = await ctx.worker.telegram.get_webhook(token)
    except TelegramTokenRevokedError:
        async with ctx.unit() as session:
            await bots.mark_token_revoked(session, bot.id, token_hint=bot.token_hint, now=now)
        return
    fault = decide_webhook_fault(
        url=facts.url,
        expected_url=webhook_url(ctx.worker, webhook.key),
        allowed_updates=facts.allowed_updates,
        needed_updates=ALLOWED_UPDATES,
    )
    if fault and (bot.webhook_set_at is None or now - bot.webhook_set_at > MEND_PAUSE):
        await _register(ctx, bot, now=now)
        return
    recent = facts.last_error_at is not None and now - facts.last_error_at < MEND_PAUSE
    if not fault and recent and facts.pending_count:
        fault = WEBHOOK_FAILING
    async with ctx.unit() as session:
        fresh = await bots.get_bot(session, bot.id, is_locked=True)
        await note_health(session, fresh, fault, now=now)
        commands = await _choose_menu(session, fresh)
        is_menu_due = decide_menu(fresh, digest_commands(commands), now=now)
    if is_menu_due:
        await _renew_menu(ctx, bot, commands, now=now)


async def _choose_menu(session: TenantSession, bot: Bot) -> Commands:
    receipts = await find_settings(session, bot.id)
    return choose_commands(sends_receipts=receipts is not None and receipts.is_on)


async def _renew_menu(ctx: JobContext, bot: Bot, commands: Commands, *, now: datetime) -> None:
    """Set a menu that is out of date; one that Telegram does not take waits for the next day."""
    try:
        await ctx.worker.telegram.set_commands(bot_secrets.open_token(ctx.worker.ring, bot), commands=commands)
    except TelegramTokenRevokedError:
        async with ctx.unit() as session:
            await bots.mark_token_revoked(session, bot.id, token_hint=bot.token_hint, now=now)
        return
    except TelegramRetryLaterError:
        # The bot has sent too much: the next look at it, minutes from now, tries again.
        return
    except TelegramRejectedError:
        async with ctx.unit() as session:
            put_off_menu(await bots.get_bot(session, bot.id, is_locked=True), now=now)
        return
    async with ctx.unit() as session:
        note_menu(await bots.get_bot(session, bot.id, is_locked=True), digest_commands(commands))


async def forget_shops(ctx: JobContext, job: ForgetShops) -> None:
    """Destroy the keys of shops that the bot sold through before, each when its orders are closed."""
    async with ctx.unit() as session:
        is_done = await shops.forget_shops(session, job.bot_id, ring=ctx.worker.ring, now=ctx.worker.clock.now())
    if not is_done:
        raise JobPostponed("orders are open", retry_after_seconds=ORDERS_SECONDS)


async def check_all_bots(ctx: WorkerContext, now: datetime) -> None:
    """Have every active bot's webhook looked at, beginning where the last run had to stop."""
    ends_at = time.monotonic() + CHECK_SECONDS
    last = await read_position(ctx.database, job=CHECK_ALL)
    while page := await list_active_bots(ctx.database, after=last, limit=PAGE):
        for tenant_id, bot_id in page:
            async with ctx.unit_in(tenant_id) as session:
                payload, key = CheckBotHealth(bot_id), str(bot_id)
                await enqueue(session, payload, now=now, bot_id=BotId(bot_id), dedupe_key=key)
        last = page[-1].id
        await store_position(ctx.database, job=CHECK_ALL, position=last)
        if time.monotonic() > ends_at:
            return
    await store_position(ctx.database, job=CHECK_ALL, position=None)
