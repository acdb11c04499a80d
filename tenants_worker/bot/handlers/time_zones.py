"""/timezone, and the same behind a button of /settings: a person says by which clock they live."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.broadcasts.zones import choose_zone
from lumenpay.messages import callbacks
from lumenpay.users.repository import get_user
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.keyboards import ZoneCallback
from tenants_worker.bot.views import broadcasts as choice_views
from tenants_worker.bot.views import time_zones as views

router = Router(name="time_zones")
router.message.filter(InPrivateChat())


@router.message(Command("timezone"))
async def ask(message: Message, conversation: Conversation) -> None:
    """Show the zones that can be chosen."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.zones(session, user)
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.TIME_ZONES))
async def show(query: CallbackQuery, conversation: Conversation) -> None:
    """Show the zones in place of what was there."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view = await views.zones(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(ZoneCallback.filter())
async def choose(query: CallbackQuery, callback_data: ZoneCallback, conversation: Conversation) -> None:
    """Keep the zone, and show it among what is sent to the person."""
    async with conversation.unit() as session:
        known = await conversation.load_user(session, query.from_user)
        user = await get_user(session, known.id, is_locked=True)
        await choose_zone(session, user, callback_data.zone)
        view = await choice_views.choice(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)
