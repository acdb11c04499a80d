"""/invite and the button of the menu: a person's own invitation link and what came of it."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message
from aiogram.types import User as TelegramUser

from lumenpay.messages import callbacks
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.views import invitations as views

router = Router(name="invitations")
router.message.filter(InPrivateChat())


@router.message(Command("invite"))
async def invite(message: Message, conversation: Conversation) -> None:
    """Answer /invite."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    await conversation.reply(message, await _show(conversation, message.from_user))


@router.callback_query(Pressed(callbacks.INVITE))
async def show_invitation(query: CallbackQuery, conversation: Conversation) -> None:
    """Show it in place of the menu."""
    view = await _show(conversation, query.from_user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def _show(conversation: Conversation, person: TelegramUser) -> View:
    async with conversation.unit() as session:
        user = await conversation.load_user(session, person)
        return await views.own_link(session, user, bot_username=conversation.bot.username)
