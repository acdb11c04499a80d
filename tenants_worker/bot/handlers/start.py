"""/start: a welcome, or what a deep link leads to."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import Message

from lumenpay.access.delivery import request_unsent
from lumenpay.db.session import TenantSession
from lumenpay.gifts.service import GIFT_PREFIX
from lumenpay.imports.report import CLAIM_PREFIX
from lumenpay.messages.catalogue import MessageKey
from lumenpay.models.users import User
from lumenpay.users.rules import INVITATION_PREFIX
from tenants_worker.bot.access_codes import unlock
from tenants_worker.bot.campaigns import find_plan_card, follow_campaign
from tenants_worker.bot.claims import claim, recognize
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import InPrivateChat
from tenants_worker.bot.handlers.gifts import open_link
from tenants_worker.bot.invitations import come_invited
from tenants_worker.bot.promo_in_hand import bring_code, prices_in_hand, stop_waiting
from tenants_worker.bot.views import menu as menu_views
from tenants_worker.bot.views import plans as plan_views

router = Router(name="start")
router.message.filter(InPrivateChat())


@router.message(CommandStart())
async def start(message: Message, command: CommandObject, conversation: Conversation) -> None:
    """Welcome a person; a deep link leads to a plan, or brings a promo code."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    payload = (command.args or "").strip()[:64]
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user, source=payload)
        if user.blocked_bot_at is not None:
            user.blocked_bot_at = None
            await request_unsent(session, user=user, now=conversation.worker.clock.now())
        stop_waiting(user)
        view: View | None = None
        if payload.startswith("plan_"):
            view = await find_plan_card(conversation, session, user, payload.removeprefix("plan_"))
        elif payload.startswith("promo_"):
            view = await _take_promo_link(conversation, session, user, payload.removeprefix("promo_"))
        elif payload.startswith(CLAIM_PREFIX):
            view = await claim(session, conversation, user, payload.removeprefix(CLAIM_PREFIX))
        elif payload.startswith(GIFT_PREFIX):
            view = await open_link(session, conversation, user, payload.removeprefix(GIFT_PREFIX))
        elif payload.startswith("code_"):
            view = await unlock(session, conversation, user, payload.removeprefix("code_"))
        elif payload.startswith(INVITATION_PREFIX):
            view = await come_invited(session, conversation, user, payload)
        elif payload:
            view = await follow_campaign(session, conversation, user, payload)
        claimed = await recognize(session, conversation, user)
        view = view or claimed
        if view is None:
            view = await menu_views.menu(session, user, bot_username=conversation.bot.username, key=MessageKey.WELCOME)
    await conversation.reply(message, view)


async def _take_promo_link(conversation: Conversation, session: TenantSession, user: User, code: str) -> View:
    reason = await bring_code(session, conversation, user=user, code=code)
    if reason:
        return await plan_views.promo_refused(session, user, plan_id=None, reason=reason)
    conversation.note_plan_seen(user)
    return await plan_views.plan_list(
        session, user, await prices_in_hand(session, conversation, user=user), now=conversation.worker.clock.now()
    )
