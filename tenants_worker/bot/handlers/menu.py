"""Commands with plain answers, and whatever else a person writes."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from lumenpay.messages.catalogue import MessageKey
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import InPrivateChat
from tenants_worker.bot.views import menu as menu_views

router = Router(name="menu")
router.message.filter(InPrivateChat())

_PLAIN = {
    "help": MessageKey.HELP,
    "paysupport": MessageKey.PAYSUPPORT,
    "terms": MessageKey.TERMS,
    "privacy": MessageKey.PRIVACY,
}


@router.message(Command(*_PLAIN))
async def plain_text(message: Message, command: CommandObject, conversation: Conversation) -> None:
    """Answer /help, /paysupport, /terms and /privacy."""
    await _answer(message, conversation, _PLAIN[command.command.lower()])


async def something_else(message: Message, conversation: Conversation) -> None:
    """Answer what the bot does not understand with what it can do."""
    await _answer(message, conversation, MessageKey.HELP)


async def _answer(message: Message, conversation: Conversation, key: MessageKey) -> None:
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await menu_views.menu(session, user, bot_username=conversation.bot.username, key=key)
    await conversation.reply(message, view)
