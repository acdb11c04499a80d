"""What a failed update means for the person: told once, never left with a spinning button."""

from __future__ import annotations

from aiogram.types import CallbackQuery, Chat, Message, Update
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.rules import plain_note
from lumenpay.messages.service import render
from lumenpay.models.inbox import TelegramUpdate
from lumenpay.users.repository import find_by_telegram_id
from lumenpay.users.service import find_locale, mark_blocked
from tenants_worker.bot.conversation import Conversation, View

_log = get_logger(__name__)


async def apologize_once(update: Update, conversation: Conversation) -> None:
    """Tell the person that something went wrong, at the first try of an update only: the next tries are ours."""
    source = private_source(update)
    if source is None or source.from_user is None:
        return
    bot = conversation.bot
    try:
        async with conversation.unit() as session:
            row = await session.get(TelegramUpdate, (bot.tenant_id, bot.bot_id, update.update_id))
            if row is not None and row.attempts > 0:
                return
            user = await find_by_telegram_id(session, bot_id=bot.bot_id, telegram_id=source.from_user.id)
            locale = user.locale if user else await find_locale(session, source.from_user.language_code)
            html = await render(session, bot_id=bot.bot_id, key=MessageKey.TRY_AGAIN, locale=locale)
        if isinstance(source, CallbackQuery):
            await conversation.acknowledge(source, plain_note(html))
        await conversation.send(source.from_user.id, View(html))
    except (LumenError, SQLAlchemyError, OSError, TimeoutError) as error:
        # The failure itself is what counts and goes up; without a database or Telegram nobody can be told.
        _log.info("person_not_told", error=type(error).__name__)


async def remember_unreachable(update: Update, conversation: Conversation) -> None:
    """Store that the person who acts cannot be written to."""
    source = private_source(update)
    if source is None or source.from_user is None:
        return
    async with conversation.unit() as session:
        user = await find_by_telegram_id(
            session, bot_id=conversation.bot.bot_id, telegram_id=source.from_user.id
        )  # fmt: skip
        if user is not None:
            await mark_blocked(session, user.id, now=conversation.worker.clock.now())


def private_source(update: Update) -> Message | CallbackQuery | None:
    """Return the message or press of a person in their own chat with the bot."""
    if update.callback_query is not None:
        return update.callback_query
    message = update.message
    return message if message is not None and _is_private(message.chat) else None


def _is_private(chat: Chat) -> bool:
    return chat.type == "private"
