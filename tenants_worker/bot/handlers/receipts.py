"""Where receipts go: shown, changed and forgotten at the person's word. Not a word of it where none are sent."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.contacts import find_contact, forget_contact
from lumenpay.fiscal_receipts.repository import find_settings
from lumenpay.messages import callbacks
from lumenpay.models.users import User
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import InPrivateChat, Pressed
from tenants_worker.bot.handlers.menu import something_else
from tenants_worker.bot.receipt_contacts import wait_for_contact
from tenants_worker.bot.views import plans as plan_views
from tenants_worker.bot.views import receipts as views

router = Router(name="receipts")
router.message.filter(InPrivateChat())


@router.message(Command("receipt"))
async def show_contact(message: Message, conversation: Conversation) -> None:
    """Show where receipts go, or ask for it; whoever gave an address can remove it although none are sent any more."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        known = await find_contact(session, user.id, takes_phone=True)
        view = await _ask(session, user) if known is None else await views.contact(session, user, known)
    if view is None:
        await something_else(message, conversation)
    else:
        await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.RECEIPT))
async def ask_contact(query: CallbackQuery, conversation: Conversation) -> None:
    """Wait for another address in the next message."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        now = conversation.worker.clock.now()
        view = await _ask(session, user) or await plan_views.plan_list(session, user, now=now)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(Pressed(callbacks.FORGET_RECEIPT))
async def forget(query: CallbackQuery, conversation: Conversation) -> None:
    """Forget the address; the bot asks again before the next payment that needs one."""
    async with conversation.unit() as session:
        user, now = await conversation.load_user(session, query.from_user), conversation.worker.clock.now()
        await forget_contact(session, user, now=now)
        view = await plan_views.plan_list(session, user, now=now)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def _ask(session: TenantSession, user: User) -> View | None:
    settings = await find_settings(session, user.bot_id)
    if settings is None or not settings.is_on:
        return None
    wait_for_contact(user)
    return await views.question(session, user, takes_phone=settings.takes_phone)
