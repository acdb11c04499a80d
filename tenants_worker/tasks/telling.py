"""Writing to a subscriber from a job: edit the message in place, or send a new one; a blocked bot is remembered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from uuid import UUID

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotFoundError
from lumenpay.bots.repository import find_any_bot
from lumenpay.channels.service import migrate_chat
from lumenpay.jobs.errors import JobPostponed
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.users import User
from lumenpay.telegram.errors import (
    TelegramChatGoneError,
    TelegramChatMigratedError,
    TelegramRejectedError,
    TelegramTokenRevokedError,
    TelegramUnreachableUserError,
)
from lumenpay.telegram.facts import Buttons
from lumenpay.telegram.files import send_file
from lumenpay.users.service import mark_blocked
from tenants_worker.context import JobContext

INACTIVE_SECONDS = 300
_log = get_logger(__name__)


@asynccontextmanager
async def pausing_revoked(ctx: JobContext, bot_id: UUID, token: Secret) -> AsyncIterator[None]:
    """Take the bot out of service, and the job with it, if Telegram refuses its token in here.

    A token that was replaced meanwhile says nothing of the bot: the job is done with the newer one at once. A group
    that has become a supergroup meanwhile is followed to its new id, and the job done there at once.

    Raises:
        JobPostponed: One of the two happened.
    """
    try:
        yield
    except TelegramTokenRevokedError as error:
        async with ctx.unit() as session:
            is_current = await bots.mark_token_revoked(
                session, bot_id, token_hint=token.hint(), now=ctx.worker.clock.now()
            )
        seconds = INACTIVE_SECONDS if is_current else 0
        raise JobPostponed("the token was revoked", retry_after_seconds=seconds) from error
    except TelegramChatMigratedError as error:
        async with ctx.unit() as session:
            is_followed = error.old_chat_id is not None and await migrate_chat(
                session, bot_id=bot_id, old_chat_id=error.old_chat_id, new_chat_id=error.new_chat_id
            )
        # One that is not followed counts as a failure: asking for it again and again would help nobody.
        raise JobPostponed(
            "the chat has another id",
            retry_after_seconds=0 if is_followed else INACTIVE_SECONDS,
            does_count=not is_followed,
        ) from error


async def open_active_token(ctx: JobContext, bot_id: UUID, *, is_owed: bool = False) -> Secret:
    """Return the token of a bot that is in service.

    Args:
        is_owed: It is about money that was paid: a deleted bot says it too, as long as it has its token.

    Raises:
        JobPostponed: The bot is paused or its token was revoked; the job waits without losing a try.
        BotNotFoundError: The bot was deleted.
    """
    async with ctx.unit() as session:
        bot = await find_any_bot(session, bot_id)
    return open_token_of(ctx, bot, is_owed=is_owed)


def open_token_of(ctx: JobContext, bot: Bot | None, *, is_owed: bool = False) -> Secret:
    """Return the token of a bot that was read in this job (see `open_active_token`)."""
    if bot is None or (bot.status == BotStatus.DELETED and not (is_owed and bot.token_sealed)):
        raise BotNotFoundError
    if bot.status not in (BotStatus.ACTIVE, BotStatus.DELETED):
        raise JobPostponed(f"the bot is {bot.status}", retry_after_seconds=INACTIVE_SECONDS)
    return bot_secrets.open_token(ctx.worker.ring, bot)


async def tell_user(
    ctx: JobContext, *, user: User, html: str, buttons: Buttons = (), message_id: int | None = None,
    is_owed: bool = False,
) -> int | None:  # fmt: skip
    """Leave the person with this message and return its id; nothing when they cannot be written to.

    Args:
        message_id: The message to edit in place; if that is not possible any more, a new one is sent.
        is_owed: It is about money that was paid: a deleted bot says it too.
    """
    token = await open_active_token(ctx, user.bot_id, is_owed=is_owed)
    sending = _write(ctx, token, user, html=html, buttons=buttons, message_id=message_id)
    return await _unless_blocked(ctx, user, token, sending)


async def send_file_to_user(ctx: JobContext, *, user: User, name: str, content: bytes, html: str) -> int | None:
    """Send the person a file and return the message's id; nothing when they cannot be written to."""
    token = await open_active_token(ctx, user.bot_id)
    telegram, chat_id = ctx.worker.telegram, user.telegram_id
    sending = send_file(telegram, token, chat_id=chat_id, name=name, content=content, html=html)
    return await _unless_blocked(ctx, user, token, sending)


async def _unless_blocked(ctx: JobContext, user: User, token: Secret, sending: Awaitable[int]) -> int | None:
    try:
        async with pausing_revoked(ctx, user.bot_id, token):
            return await sending
    except (TelegramUnreachableUserError, TelegramChatGoneError):
        # Of somebody who has never written to the bot, as of a list brought in, Telegram may say either.
        async with ctx.unit() as session:
            await mark_blocked(session, user.id, now=ctx.worker.clock.now())
        return None


async def _write(
    ctx: JobContext, token: Secret, user: User, *, html: str, buttons: Buttons, message_id: int | None
) -> int:
    telegram, chat_id = ctx.worker.telegram, user.telegram_id
    if message_id is not None:
        try:
            await telegram.edit_text(token, chat_id=chat_id, message_id=message_id, html=html, buttons=buttons)
        except TelegramRejectedError as error:
            _log.info("message_not_edited", reason=error.description)
        else:
            return message_id
    return await telegram.send_text(token, chat_id=chat_id, html=html, buttons=buttons)
