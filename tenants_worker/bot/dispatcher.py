"""One dispatcher a process for the bots of all tenants; everything about the tenant comes with each update."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from aiogram import Dispatcher, F, Router
from aiogram.types import CallbackQuery, ErrorEvent, Message, Update
from pydantic import ValidationError

from lumenpay.errors import NotFoundError
from lumenpay.telegram.errors import TelegramUnreachableUserError
from lumenpay.users.repository import find_by_telegram_id
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.handlers import checkout_queries, doors, menu, plans, subscriptions
from tenants_worker.context import BotRuntime, WorkerContext
from tenants_worker.inbox_drain import UnreadableUpdateError

errors = Router(name="errors")
fallback = Router(name="fallback")
fallback.message.filter(F.chat.type == "private", F.from_user)


@lru_cache(maxsize=1)
def get_dispatcher() -> Dispatcher:
    """Return the dispatcher. It keeps no state of conversations: that stands in the subscriber's row."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(
        errors, doors.router, checkout_queries.router, menu.router, subscriptions.router, plans.router, fallback,
        subscriptions.leftovers,
    )  # fmt: skip
    return dispatcher


async def feed_update(ctx: WorkerContext, bot: BotRuntime, raw: bytes) -> None:
    """Handle one raw update of one bot. Safe to repeat.

    Raises:
        UnreadableUpdateError: Not an update that this version of the Bot API knows.
        LumenError: Something it needs does not answer, or the token was revoked.
    """
    try:
        values: Any = orjson.loads(raw)
        aiogram_bot = ctx.telegram.bot(bot.token)
        update = Update.model_validate(values, context={"bot": aiogram_bot})
    except (orjson.JSONDecodeError, ValidationError, RecursionError, UnicodeError, OverflowError) as error:
        raise UnreadableUpdateError(f"{type(error).__name__}: {str(error)[:200]}") from error
    await get_dispatcher().feed_update(aiogram_bot, update, conversation=Conversation(ctx, bot))


@errors.error()
async def answer_error(event: ErrorEvent, conversation: Conversation) -> None:
    """Act on the errors that belong to the conversation; all others go up to the inbox, which repeats the update."""
    query = event.update.callback_query
    if isinstance(event.exception, TelegramUnreachableUserError):
        await _remember_block(event, conversation)
    elif isinstance(event.exception, NotFoundError) and query is not None:
        await subscriptions.answer_old_button(query, conversation)
    else:
        raise event.exception


async def _remember_block(event: ErrorEvent, conversation: Conversation) -> None:
    source: Message | CallbackQuery | None = event.update.message or event.update.callback_query
    if source is None or source.from_user is None:
        return
    async with conversation.unit() as session:
        user = await find_by_telegram_id(session, bot_id=conversation.bot.bot_id, telegram_id=source.from_user.id)
        if user is not None and user.blocked_bot_at is None:
            user.blocked_bot_at = conversation.worker.clock.now()


@fallback.message()
async def answer_anything(message: Message, conversation: Conversation) -> None:
    """Answer stickers, photos and unknown commands with what the bot can do."""
    await menu.something_else(message, conversation)
