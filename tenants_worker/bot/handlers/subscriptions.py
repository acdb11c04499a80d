"""What a person has: /status, /channels, links once more, and buttons that mean nothing any more."""

from __future__ import annotations

from datetime import datetime

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.access.delivery import request_closed, request_delivery
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.rules import plain_note
from lumenpay.messages.service import render
from lumenpay.models.users import User
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.views import menu as menu_views
from tenants_worker.bot.views import subscriptions as views

router = Router(name="subscriptions")
router.message.filter(InPrivateChat())
leftovers = Router(name="leftovers")


@router.message(Command("status"))
async def show_status(message: Message, conversation: Conversation) -> None:
    """Answer /status."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.status(session, user, now=conversation.worker.clock.now())
    await conversation.reply(message, view)


@router.message(Command("channels"))
async def show_channels(message: Message, conversation: Conversation) -> None:
    """Answer /channels."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await _channels(session, user, now=conversation.worker.clock.now())
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.STATUS, callbacks.CHANNELS))
async def show_in_place(query: CallbackQuery, conversation: Conversation) -> None:
    """Show the same from the menu."""
    now = conversation.worker.clock.now()
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        make = views.status if query.data == callbacks.STATUS else _channels
        view = await make(session, user, now=now)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def _channels(session: TenantSession, user: User, *, now: datetime) -> View:
    # What the view promises for channels that are closed for the moment.
    await request_closed(session, user=user, now=now)
    return await views.channels(session, user, now=now)


@router.callback_query(Pressed(callbacks.LINKS))
async def send_links(query: CallbackQuery, conversation: Conversation) -> None:
    """Have the entry links sent again."""
    now = conversation.worker.clock.now()
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        has_any = await request_delivery(session, user=user, now=now)
        key = MessageKey.LINKS_COMING if has_any else MessageKey.STATUS_NONE
        note = await render(session, bot_id=user.bot_id, key=key, locale=user.locale)
    await conversation.acknowledge(query, plain_note(note))


@leftovers.callback_query()
async def old_button(query: CallbackQuery, conversation: Conversation) -> None:
    """Answer a button of an older menu, or one that somebody made up."""
    await answer_old_button(query, conversation)


async def answer_old_button(query: CallbackQuery, conversation: Conversation) -> None:
    """Say that the button is out of date and show a fresh menu in a new message."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view: View = await menu_views.menu(
            session, user, bot_username=conversation.bot.username, key=MessageKey.OLD_BUTTON
        )
    await conversation.acknowledge(query)
    await conversation.send(query.from_user.id, view)
