"""Commands with plain answers, and whatever else a person writes."""

from __future__ import annotations

from uuid import UUID

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.messages.catalogue import MessageKey
from lumenpay.models.users import User
from lumenpay.plans.repository import get_plan
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.views import menu as menu_views
from tenants_worker.bot.views import plans as plan_views

router = Router(name="menu")
router.message.filter(F.chat.type == "private", F.from_user)

_PLAIN = {
    "help": MessageKey.HELP,
    "paysupport": MessageKey.PAYSUPPORT,
    "terms": MessageKey.TERMS,
    "privacy": MessageKey.PRIVACY,
}


@router.message(CommandStart())
async def start(message: Message, command: CommandObject, conversation: Conversation) -> None:
    """Welcome a person; a deep link leads to a plan, or brings a promo code."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    payload = (command.args or "").strip()[:64]
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user, source=payload)
        user.blocked_bot_at = None
        user.dialog = None
        view: View | None = None
        if payload.startswith("plan_"):
            view = await _find_plan_card(conversation, session, user, payload.removeprefix("plan_"))
        elif payload.startswith("promo_"):
            user.dialog = {"promo_code": payload.removeprefix("promo_")}
            view = await plan_views.plan_list(session, user)
        if view is None:
            view = await menu_views.menu(session, user, bot_username=conversation.bot.username, key=MessageKey.WELCOME)
    await conversation.reply(message, view)


async def _find_plan_card(conversation: Conversation, session: TenantSession, user: User, text: str) -> View | None:
    try:
        plan = await get_plan(session, UUID(text))
    except (ValueError, NotFoundError):
        return None
    if plan.bot_id != conversation.bot.bot_id or plan.archived_at is not None:
        return None
    return await plan_views.plan_card(session, user, plan)


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
