"""Use cases of bots. Calls to Telegram and to the gateway are made by the doors, outside transactions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.billing.limits import Limited, require_room
from lumenpay.bots import secrets
from lumenpay.bots.errors import BotAlreadyConnectedError, BotTokenOfAnotherBotError
from lumenpay.bots.health import note_health
from lumenpay.bots.repository import find_any_bot, find_former_bot, get_bot
from lumenpay.bots.rules import KEYS_REFUSED, TOKEN_REVOKED, WELL
from lumenpay.bots.shop_health import forget_shop_fault, note_shop_fault
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.jobs.catalogue import ClearWebhook, ForgetShops, RegisterWebhook
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.ids import BotId
from lumenpay.telegram.facts import BotProfile

__all__ = ["get_bot"]

LONGEST_PAYMENT = timedelta(hours=1, minutes=10)
"""A payment link lives for an hour: by then the orders of a shop that was replaced are closed."""


async def connect_bot(
    session: TenantSession, *, ring: KeyRing, token: Secret, profile: BotProfile, actor: Actor, now: datetime
) -> Bot:
    """Store a bot whose token Telegram accepted, and have its webhook registered.

    One that this tenant had before goes on where it was: its plans, channels and subscribers are its own again, and
    only the shop has to be connected anew.

    Raises:
        BotAlreadyConnectedError: The bot is connected, here or elsewhere.
        LimitReachedError: The tenant has as many bots as it may.
    """
    await require_room(session, Limited.BOTS, now=now)
    bot = await find_former_bot(session, profile.telegram_id)
    if bot is None:
        bot = Bot(
            tenant_id=session.tenant_id, id=new_uuid7(), shop_status=ShopStatus.NOT_CONNECTED, created_by=actor.id,
            created_at=now,
        )  # fmt: skip
        session.add(bot)
    elif bot.shop_sealed is None:
        bot.shop_id, bot.shop_status, bot.shop_notice_at = None, ShopStatus.NOT_CONNECTED, None
        forget_shop_fault(bot)
    bot.telegram_id, bot.former_telegram_id, bot.status = profile.telegram_id, None, BotStatus.ACTIVE
    bot.username, bot.name = profile.username, profile.name
    secrets.seal_token(ring, bot, token)
    secrets.renew_webhook(ring, bot)
    try:
        await session.flush()
    except IntegrityError as error:
        raise BotAlreadyConnectedError from error
    await note_health(session, bot, WELL, now=now)
    record(session, actor=actor, action="bot.connected", subject_id=bot.id, now=now)
    await request_webhook(session, bot_id=BotId(bot.id), now=now)
    return bot


async def request_webhook(session: TenantSession, *, bot_id: BotId, now: datetime) -> None:
    """Have the bot's webhook and commands registered with Telegram."""
    await enqueue(session, RegisterWebhook(bot_id), now=now, dedupe_key=str(bot_id))


async def rotate_token(
    session: TenantSession, bot_id: UUID, *, ring: KeyRing, token: Secret, profile: BotProfile, actor: Actor,
    now: datetime,
) -> Bot:  # fmt: skip
    """Replace the token of a bot by a newer one of the same bot; a revoked bot works again. No update is lost.

    The webhook's path and secret stay, so updates keep coming while Telegram is told.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        BotTokenOfAnotherBotError: The token belongs to a different bot.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.telegram_id != profile.telegram_id:
        raise BotTokenOfAnotherBotError
    secrets.seal_token(ring, bot, token)
    bot.username, bot.name = profile.username, profile.name
    if bot.status == BotStatus.TOKEN_REVOKED:
        bot.status = BotStatus.ACTIVE
    await note_health(session, bot, WELL, now=now)
    record(session, actor=actor, action="bot.token_rotated", subject_id=bot.id, now=now)
    await request_webhook(session, bot_id=BotId(bot.id), now=now)
    return bot


async def rotate_webhook(session: TenantSession, bot_id: UUID, *, ring: KeyRing, actor: Actor, now: datetime) -> Bot:
    """Give the bot a new webhook path and secret; Telegram repeats what it sent to the old one in between."""
    bot = await get_bot(session, bot_id, is_locked=True)
    secrets.renew_webhook(ring, bot)
    record(session, actor=actor, action="bot.webhook_rotated", subject_id=bot.id, now=now)
    await request_webhook(session, bot_id=BotId(bot.id), now=now)
    return bot


async def pause_bot(session: TenantSession, bot_id: UUID, *, actor: Actor, now: datetime) -> Bot:
    """Let the bot answer nobody; what comes meanwhile is kept and handled after the resume."""
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.status == BotStatus.ACTIVE:
        bot.status = BotStatus.PAUSED
        record(session, actor=actor, action="bot.paused", subject_id=bot.id, now=now)
    return bot


async def resume_bot(session: TenantSession, bot_id: UUID, *, actor: Actor, now: datetime) -> Bot:
    """Let the bot answer again; one whose token was revoked needs a new token instead and stays as it is."""
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.status == BotStatus.PAUSED:
        bot.status = BotStatus.ACTIVE
        record(session, actor=actor, action="bot.resumed", subject_id=bot.id, now=now)
        await request_webhook(session, bot_id=BotId(bot.id), now=now)
    return bot


async def delete_bot(session: TenantSession, bot_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take the bot out of service at once; a job clears its webhook, and destroys its secrets.

    Until its open orders are closed and what was paid is handed over, it keeps the secrets that this takes.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    bot.status = BotStatus.DELETED
    record(session, actor=actor, action="bot.deleted", subject_id=bot.id, now=now)
    await enqueue(session, ClearWebhook(bot.id), now=now, dedupe_key=str(bot.id))


async def mark_token_revoked(session: TenantSession, bot_id: UUID, *, token_hint: str, now: datetime) -> bool:
    """Pause a bot whose token Telegram refuses; other bots are untouched. Safe to repeat.

    False when it is not the token that the bot has now: it was replaced while Telegram was asked, and the bot works.

    Args:
        token_hint: Of the token that was refused.

    Raises:
        BotNotFoundError: Unknown to this tenant, or deleted.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    if bot.token_hint != token_hint:
        return False
    if bot.status == BotStatus.ACTIVE:
        bot.status = BotStatus.TOKEN_REVOKED
        await note_health(session, bot, TOKEN_REVOKED, now=now)
        record(session, actor=SYSTEM, action="bot.token_revoked", subject_id=bot.id, now=now)
    return True


def version_of_shop(bot: Bot) -> str:
    """Return the version of the shop that a bot sells through; what the gateway says of its keys makes no other one."""
    return version_of_facts(bot.shop_id, bot.shop_key_hint)


async def connect_shop(
    session: TenantSession, bot_id: UUID, *, ring: KeyRing, shop_id: str, secret_key: Secret, is_test: bool,
    shops_in_use: Collection[str], version: str | None = None, actor: Actor, now: datetime,
) -> Bot:  # fmt: skip
    """Store a shop's keys that the gateway accepted; the bot can sell from now on.

    Args:
        shops_in_use: Shops in which orders are open; of those before this one, only these keep their keys for a while.
        version: Of the shop that was read before; without one, whichever is there is replaced.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: The bot sells through another shop, or with another key, by now.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    require_version(version_of_shop(bot), version)
    if bot.shop_id != shop_id:
        bot.shop_notice_at = None
    bot.shop_recurring_refused_at = None
    secrets.seal_shop(ring, bot, shop_id=shop_id, secret_key=secret_key)
    bot.shop_status, bot.shop_is_test, bot.shop_checked_at = ShopStatus.ACTIVE, is_test, now
    await note_shop_fault(session, bot, "", now=now)
    record(session, actor=actor, action="shop.connected", subject_id=bot.id, now=now, details={"shop_id": shop_id})
    await _keep_former_shops(session, bot, ring=ring, shops_in_use=shops_in_use, now=now)
    return bot


async def disconnect_shop(
    session: TenantSession, bot_id: UUID, *, ring: KeyRing, shops_in_use: Collection[str], actor: Actor, now: datetime
) -> Bot:
    """Stop selling through the shop and forget its keys, at once or when the orders that are open there are closed."""
    bot = await get_bot(session, bot_id, is_locked=True)
    secrets.retire_shop(ring, bot)
    bot.shop_status, bot.shop_notice_at = ShopStatus.NOT_CONNECTED, None
    forget_shop_fault(bot)
    record(session, actor=actor, action="shop.disconnected", subject_id=bot.id, now=now)
    await _keep_former_shops(session, bot, ring=ring, shops_in_use=shops_in_use, now=now)
    return bot


async def record_shop_check(
    session: TenantSession, checked: Bot, *, is_test: bool | None, actor: Actor, now: datetime
) -> Bot:
    """Store what the gateway said of a shop's keys; a rejected shop sells again once they are accepted.

    Keys that were replaced while the gateway was asked are left alone: the answer is not about them.

    Args:
        checked: The bot as it was when the gateway was asked.
        is_test: Whether it is a test shop; empty when the keys were refused.
    """
    bot = await get_bot(session, checked.id, is_locked=True)
    if bot.shop_sealed != checked.shop_sealed:
        return bot
    bot.shop_checked_at = now
    bot.shop_status = ShopStatus.REJECTED if is_test is None else ShopStatus.ACTIVE
    bot.shop_is_test = bot.shop_is_test if is_test is None else is_test
    # Whether methods may be saved is not told by any answer: the next order that asks for it finds out.
    bot.shop_recurring_refused_at = bot.shop_recurring_refused_at if is_test is None else None
    await note_shop_fault(session, bot, KEYS_REFUSED if is_test is None else "", now=now)
    if actor is not SYSTEM or is_test is not None:
        # What is found refused as before, twice an hour, is no event.
        details = {"is_accepted": is_test is not None}
        record(session, actor=actor, action="shop.checked", subject_id=bot.id, now=now, details=details)
    return bot


async def _keep_former_shops(
    session: TenantSession, bot: Bot, *, ring: KeyRing, shops_in_use: Collection[str], now: datetime
) -> None:
    if secrets.keep_former_shops(ring, bot, shops_in_use):
        run_at = now + LONGEST_PAYMENT
        await enqueue(session, ForgetShops(bot.id), now=now, bot_id=bot.id, dedupe_key=str(bot.id), run_at=run_at)


async def mark_shop_rejected(
    session: TenantSession, bot_id: UUID, *, shop_id: str | None, fault: str = KEYS_REFUSED, now: datetime
) -> bool:
    """Stop selling through a shop whose keys the gateway refuses, and have its owners told; others are untouched.

    Safe to repeat: the first time counts. Keys that are refused are tried again by and by.

    False when it is not the shop that the bot sells through, so that better keys for it may never come.
    """
    bot = await find_any_bot(session, bot_id, is_locked=True)
    if bot is None or bot.status == BotStatus.DELETED or bot.shop_id != shop_id:
        return False
    if bot.shop_status == ShopStatus.ACTIVE:
        bot.shop_status, bot.shop_checked_at = ShopStatus.REJECTED, now
        await note_shop_fault(session, bot, fault, now=now)
        record(session, actor=SYSTEM, action="shop.rejected", subject_id=bot.id, now=now, details={"fault": fault})
    return True


async def mark_recurring_refused(session: TenantSession, bot_id: UUID, *, shop_id: str | None, now: datetime) -> None:
    """Keep that the shop may not save payment methods or charge saved ones. Safe to repeat: the first time counts."""
    bot = await find_any_bot(session, bot_id, is_locked=True)
    if bot is not None and bot.shop_id == shop_id and bot.shop_recurring_refused_at is None:
        bot.shop_recurring_refused_at = now
        details = {"shop_id": shop_id}
        record(session, actor=SYSTEM, action="shop.recurring_refused", subject_id=bot.id, now=now, details=details)
