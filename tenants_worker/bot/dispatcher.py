"""One dispatcher a process for the bots of all tenants; everything about the tenant comes with each update."""

from __future__ import annotations

from functools import lru_cache

from aiogram import Dispatcher, Router
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, ErrorEvent, Message

from lumenpay.errors import NotFoundError, UnavailableError
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramTokenRevokedError, TelegramUnreachableUserError
from lumenpay.telegram.translation import translate_error
from lumenpay.users.errors import UserForgottenError
from tenants_worker.bot import failures
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import InPrivateChat, SaysSomething
from tenants_worker.bot.handlers import (
    autopay,
    broadcasts,
    changes,
    copies,
    doors,
    forgetting,
    gifts,
    invitations,
    leaving,
    menu,
    pauses,
    plans,
    receipts,
    stars,
    start,
    subscriptions,
    time_zones,
    win_backs,
)
from tenants_worker.bot.reading import read_update
from tenants_worker.context import BotRuntime, WorkerContext

errors = Router(name="errors")
fallback = Router(name="fallback")
fallback.message.filter(InPrivateChat())


@lru_cache(maxsize=1)
def get_dispatcher() -> Dispatcher:
    """Return the dispatcher. It keeps no state of conversations: that stands in the subscriber's row."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_routers(
        errors, doors.router, stars.router, start.router, menu.router, subscriptions.router, receipts.router,
        plans.router, gifts.router, autopay.router, pauses.router, changes.router, leaving.router, invitations.router,
        win_backs.router, broadcasts.router, time_zones.router, copies.router, forgetting.router, fallback,
        subscriptions.leftovers,
    )  # fmt: skip
    return dispatcher


async def feed_update(ctx: WorkerContext, bot: BotRuntime, raw: bytes) -> None:
    """Handle one raw update of one bot; an unknown kind is done at once. Safe to repeat.

    Raises:
        UnreadableUpdateError: Not an update.
        LumenError: Something it needs does not answer, or the token was revoked.
    """
    aiogram_bot = ctx.telegram.bot(bot.token)
    update = read_update(raw, aiogram_bot)
    if update is not None:
        await get_dispatcher().feed_update(aiogram_bot, update, conversation=Conversation(ctx, bot))


@errors.error()
async def answer_error(event: ErrorEvent, conversation: Conversation) -> None:
    """Act on the errors that belong to the conversation; all others go up to the inbox, which repeats the update."""
    update, error = event.update, event.exception
    if isinstance(error, AiogramError):
        # A filter of aiogram's own asked Telegram who the bot is.
        error = translate_error(error)
    if isinstance(error, TelegramUnreachableUserError | TelegramChatGoneError):
        await failures.remember_unreachable(update, conversation)
        return
    if isinstance(error, UserForgottenError):
        await forgetting.say_underway(update, conversation)
        return
    if isinstance(error, NotFoundError) and update.callback_query is not None:
        await _answer_old_button(update.callback_query, event, conversation)
        return
    if not isinstance(error, UnavailableError | TelegramTokenRevokedError):
        await failures.apologize_once(update, conversation)
    raise error


async def _answer_old_button(query: CallbackQuery, event: ErrorEvent, conversation: Conversation) -> None:
    try:
        await subscriptions.answer_old_button(query, conversation)
    except TelegramUnreachableUserError:
        await failures.remember_unreachable(event.update, conversation)


@fallback.message(SaysSomething())
async def answer_anything(message: Message, conversation: Conversation) -> None:
    """Answer stickers, photos and unknown commands with what the bot can do."""
    await menu.something_else(message, conversation)
