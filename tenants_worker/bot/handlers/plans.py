"""Buying: the list of plans, a card, a promo code, and the payment."""

from __future__ import annotations

from uuid import UUID

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.plans.errors import ChannelNotReadyError, PlanNotFoundError, PlanNotOnSaleError
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.redemption import quote
from lumenpay.promo_codes.rules import PriceQuote, normalize_code
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.handlers.menu import something_else
from tenants_worker.bot.keyboards import PayCallback, PlanCallback, PromoCallback
from tenants_worker.bot.views import plans as views

router = Router(name="plans")
router.message.filter(F.chat.type == "private", F.from_user)


@router.message(Command("buy"))
async def list_plans(message: Message, conversation: Conversation) -> None:
    """Answer /buy."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        view = await views.plan_list(session, user)
    await conversation.reply(message, view)


@router.callback_query(F.data == callbacks.BUY)
async def show_plans(query: CallbackQuery, conversation: Conversation) -> None:
    """Go back to the list."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        view = await views.plan_list(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PlanCallback.filter())
async def show_plan(query: CallbackQuery, callback_data: PlanCallback, conversation: Conversation) -> None:
    """Show the card of a plan, at the price of the promo code that the person has in hand."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await _get_own_plan(session, conversation, callback_data.plan_id)
        _, price = await _quote_in_hand(session, conversation, user, plan)
        view = await views.plan_card(session, user, plan, price)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PromoCallback.filter())
async def ask_promo_code(query: CallbackQuery, callback_data: PromoCallback, conversation: Conversation) -> None:
    """Wait for a promo code in the next message."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await _get_own_plan(session, conversation, callback_data.plan_id)
        user.dialog = {"waits_for": "promo_code", "plan_id": str(plan.id)}
        view = await views.promo_question(session, user, plan)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PayCallback.filter())
async def pay(query: CallbackQuery, callback_data: PayCallback, conversation: Conversation) -> None:
    """Open an order; the link appears in this very message as soon as the gateway has made it."""
    now = conversation.worker.clock.now()
    message_id = query.message.message_id if query.message else None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await _get_own_plan(session, conversation, callback_data.plan_id)
        code, _ = await _quote_in_hand(session, conversation, user, plan)
    await conversation.acknowledge(query)
    try:
        async with conversation.unit() as session:
            user = await conversation.load_user(session, query.from_user)
            payment = await start_checkout(
                session, user=user, plan_id=plan.id, promo_code=code, chat_message_id=message_id, now=now
            )
            view = await views.payment_state(session, user, plan, payment)
            is_opening = payment.confirmation_url is None
            if is_opening:
                # Shown before the job may run, so that the job's link is not overwritten by this text.
                await session.flush()
    except (PlanNotOnSaleError, ChannelNotReadyError, ShopNotConnectedError):
        async with conversation.unit() as session:
            view = await views.cannot_sell(session, await conversation.load_user(session, query.from_user))
    except PromoCodeRefusedError as error:
        async with conversation.unit() as session:
            user = await conversation.load_user(session, query.from_user)
            user.dialog = None
            view = await views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
    await conversation.show(query, view)


@router.message(F.text, ~F.text.startswith("/"))
async def take_promo_code(message: Message, conversation: Conversation) -> None:
    """Take a promo code if the bot waits for one."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    view: View | None = None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        dialog = user.dialog or {}
        if dialog.get("waits_for") == "promo_code":
            plan = await get_plan(session, UUID(str(dialog["plan_id"])))
            view = await _try_code(session, conversation, user, plan, code=(message.text or "")[:64])
    if view is None:
        await something_else(message, conversation)
    else:
        await conversation.reply(message, view)


async def _try_code(session: TenantSession, conversation: Conversation, user: User, plan: Plan, *, code: str) -> View:
    try:
        _, price = await quote(session, code=code, user_id=user.id, plan=plan, now=conversation.worker.clock.now())
    except PromoCodeRefusedError as error:
        return await views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
    user.dialog = {"promo_code": normalize_code(code), "plan_id": str(plan.id)}
    return await views.plan_card(session, user, plan, price)


async def _quote_in_hand(
    session: TenantSession, conversation: Conversation, user: User, plan: Plan
) -> tuple[str | None, PriceQuote | None]:
    dialog = user.dialog or {}
    code = dialog.get("promo_code")
    if not code or dialog.get("plan_id", str(plan.id)) != str(plan.id):
        return None, None
    try:
        _, price = await quote(session, code=str(code), user_id=user.id, plan=plan, now=conversation.worker.clock.now())
    except PromoCodeRefusedError:
        return None, None
    return str(code), price


async def _get_own_plan(session: TenantSession, conversation: Conversation, plan_id: UUID) -> Plan:
    plan = await get_plan(session, plan_id)
    if plan.bot_id != conversation.bot.bot_id:
        raise PlanNotFoundError
    return plan
