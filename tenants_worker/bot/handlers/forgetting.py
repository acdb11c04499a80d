"""/forget: a person has everything about them erased, after two questions."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, Update

from lumenpay.audit.service import Actor
from lumenpay.erasures.service import request_erasure
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.rules import plain_note
from lumenpay.messages.service import render
from lumenpay.users.service import find_locale
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.failures import private_source
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.views import forgetting as views

router = Router(name="forgetting")
router.message.filter(InPrivateChat())


@router.message(Command("forget"))
async def ask(message: Message, conversation: Conversation) -> None:
    """Say what would be erased and what would end."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.asked(session, user)
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.FORGET_ME))
async def ask_again(query: CallbackQuery, conversation: Conversation) -> None:
    """Ask once more, in place."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view = await views.sure(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(Pressed(callbacks.FORGET_ME_YES))
async def forget(query: CallbackQuery, conversation: Conversation) -> None:
    """End what the person has, and have them forgotten."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        erasure = await request_erasure(
            session, user_id=user.id, ends_access=True, actor=Actor("user", user.id),
            now=conversation.worker.clock.now(),
        )  # fmt: skip
        view = await views.taken(session, user, erasure)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def say_underway(update: Update, conversation: Conversation) -> None:
    """Tell a person who is being forgotten that nothing can be done for them until they are."""
    source = private_source(update)
    if source is None or source.from_user is None:
        return
    async with conversation.unit() as session:
        locale = await find_locale(session, source.from_user.language_code)
        html = await render(session, bot_id=conversation.bot.bot_id, key=MessageKey.FORGET_UNDERWAY, locale=locale)
    if isinstance(source, CallbackQuery):
        await conversation.acknowledge(source, plain_note(html))
        return
    await conversation.send(source.from_user.id, View(html))
