"""/settings, and the way out of a kind of broadcasts that stands under each of them."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.broadcasts.opt_outs import set_wanted
from lumenpay.messages import callbacks
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.keyboards import BroadcastCallback, BroadcastOffCallback
from tenants_worker.bot.texts.broadcasts import CATEGORIES, SWITCHED_OFF
from tenants_worker.bot.views import broadcasts as views

router = Router(name="broadcasts")
router.message.filter(InPrivateChat())


@router.message(Command("settings"))
async def show_choice(message: Message, conversation: Conversation) -> None:
    """Show which kinds of broadcasts are sent to the person."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.choice(session, user)
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.BROADCASTS))
async def show_choice_again(query: CallbackQuery, conversation: Conversation) -> None:
    """Show the kinds in place of what was there."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view = await views.choice(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(BroadcastOffCallback.filter())
async def stop_category(query: CallbackQuery, callback_data: BroadcastOffCallback, conversation: Conversation) -> None:
    """Send no more of the kind; the broadcast stays as it is, and the choice comes below it."""
    category = callback_data.category
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        await set_wanted(session, user.id, category, is_wanted=False, now=conversation.worker.clock.now())
        view = await views.choice(session, user)
    await conversation.acknowledge(query, SWITCHED_OFF[user.locale].format(category=CATEGORIES[user.locale][category]))
    await conversation.send(query.from_user.id, view)


@router.callback_query(BroadcastCallback.filter())
async def switch_category(query: CallbackQuery, callback_data: BroadcastCallback, conversation: Conversation) -> None:
    """Turn one kind on or off, in place."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        await set_wanted(
            session, user.id, callback_data.category, is_wanted=callback_data.is_wanted,
            now=conversation.worker.clock.now(),
        )  # fmt: skip
        view = await views.choice(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)
