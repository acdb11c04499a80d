"""/mydata: a person gets a file with all that is stored about them, once a day."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.erasures.copies import request_copy
from lumenpay.messages import callbacks
from lumenpay.users.repository import get_user
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.views import copies as views

router = Router(name="copies")
router.message.filter(InPrivateChat())


@router.message(Command("mydata"))
async def ask(message: Message, conversation: Conversation) -> None:
    """Say what the file holds, and who can read it here."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.asked(session, user)
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.COPY_OF_DATA))
async def send(query: CallbackQuery, conversation: Conversation) -> None:
    """Have the file sent, unless one was today."""
    async with conversation.unit() as session:
        known = await conversation.load_user(session, query.from_user)
        user = await get_user(session, known.id, is_locked=True)
        again_at = await request_copy(session, user, now=conversation.worker.clock.now())
        view = await views.answered(session, user, again_at=again_at)
    await conversation.acknowledge(query)
    await conversation.show(query, view)
