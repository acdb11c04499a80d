"""Buying: the list of plans, a card, a promo code, and the payment."""

from __future__ import annotations

from uuid import UUID

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.contacts import find_question
from lumenpay.fiscal_receipts.repository import find_settings
from lumenpay.kit.money import Money
from lumenpay.messages import callbacks
from lumenpay.models.users import User
from lumenpay.payments.repository import find_open_payment, leave_message
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.offers import decide_offer
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.rules import tag_offer
from tenants_worker.bot.access_codes import unlock
from tenants_worker.bot.checking_out import Asked, check_out, get_offered_plan
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import HasPlainText, InPrivateChat, Pressed
from tenants_worker.bot.handlers.menu import something_else
from tenants_worker.bot.keyboards import (
    DropPromoCallback,
    OldPayCallback,
    PayAndRenewCallback,
    PayCallback,
    PayStarsCallback,
    PlanCallback,
    PromoCallback,
)
from tenants_worker.bot.promo_in_hand import (
    awaited_plan_id,
    drop_code,
    prices_in_hand,
    quote_in_hand,
    stop_waiting,
    take_code,
    wait_for_code,
)
from tenants_worker.bot.receipt_contacts import HeldPress, is_contact_awaited, take_contact, wait_for_contact
from tenants_worker.bot.views import plans as views
from tenants_worker.bot.views import receipts as receipt_views
from tenants_worker.bot.views.autopay import consent_of

router = Router(name="plans")
router.message.filter(InPrivateChat())


@router.message(Command("buy"))
async def list_plans(message: Message, conversation: Conversation) -> None:
    """Answer /buy."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        conversation.note_plan_seen(user)
        prices, now = await prices_in_hand(session, conversation, user=user), conversation.worker.clock.now()
        view = await views.plan_list(session, user, prices, now=now)
    await conversation.reply(message, view)


@router.callback_query(Pressed(callbacks.BUY))
async def show_plans(query: CallbackQuery, conversation: Conversation) -> None:
    """Go back to the list."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        conversation.note_plan_seen(user)
        prices, now = await prices_in_hand(session, conversation, user=user), conversation.worker.clock.now()
        view = await views.plan_list(session, user, prices, now=now)
        if query.message is not None:
            await leave_message(session, user_id=user.id, message_id=query.message.message_id)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PlanCallback.filter())
async def show_plan(query: CallbackQuery, callback_data: PlanCallback, conversation: Conversation) -> None:
    """Show the card of a plan, at the price of the promo code that the person has in hand."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        stop_waiting(user)
        in_hand = await quote_in_hand(session, conversation, user=user, plan=plan)
        view = await views.plan_or_refusal(
            session, user, plan, in_hand.price, now=conversation.worker.clock.now()
        )  # fmt: skip
        conversation.note_plan_seen(user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PromoCallback.filter())
async def ask_promo_code(query: CallbackQuery, callback_data: PromoCallback, conversation: Conversation) -> None:
    """Wait for a promo code in the next message."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        wait_for_code(user, plan)
        view = await views.promo_question(session, user, plan)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(DropPromoCallback.filter())
async def drop_promo_code(query: CallbackQuery, callback_data: DropPromoCallback, conversation: Conversation) -> None:
    """Show the card of a plan at its own price again."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        drop_code(user)
        view = await views.plan_or_refusal(session, user, plan, now=conversation.worker.clock.now())
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PayCallback.filter())
@router.callback_query(OldPayCallback.filter())
@router.callback_query(PayAndRenewCallback.filter())
async def pay(
    query: CallbackQuery, callback_data: PayCallback | OldPayCallback | PayAndRenewCallback, conversation: Conversation
) -> None:
    """Open an order; the link appears in this very message as soon as the gateway has made it.

    If price or period are not those on the button any more, the fresh card is shown instead, with the reason.
    """
    shown = None if isinstance(callback_data, OldPayCallback) else callback_data.terms
    message_id = query.message.message_id if query.message else None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        in_hand = await quote_in_hand(session, conversation, user=user, plan=plan)
        opened = await find_open_payment(session, user_id=user.id, plan_id=plan.id)
        offer = await decide_offer(session, user, plan, now=conversation.worker.clock.now())
        amount_minor = plan.price_minor if in_hand.price is None else in_hand.price.amount_minor
        waiting = await views.preparing(session, user, plan, amount_minor=amount_minor)
        agrees = isinstance(callback_data, PayAndRenewCallback)
        consent = consent_of(user, plan, in_hand.price) if agrees else ""
        is_as_shown = offer.refusal is None and shown in (None, tag_offer(plan, in_hand.price))
        asking = None
        if is_as_shown and (settings := await find_question(session, user, amount=Money(amount_minor, plan.currency))):
            wait_for_contact(user, HeldPress(plan.id, shown, agrees))
            asking = await receipt_views.question(session, user, takes_phone=settings.takes_phone)
    await conversation.acknowledge(query)
    if asking is not None:
        await conversation.show(query, asking)
        return
    if is_as_shown and (opened is None or opened.confirmation_url is None):
        # Shown before the order exists: afterwards it could overwrite the link that the job puts here.
        message_id = await conversation.show(query, waiting)
    asked = Asked(in_hand.code, shown, consent)
    view = await check_out(conversation, query.from_user, plan, asked, message_id=message_id)
    if view is not None:
        await conversation.show(query, view)


@router.callback_query(PayStarsCallback.filter())
async def pay_in_stars(query: CallbackQuery, callback_data: PayStarsCallback, conversation: Conversation) -> None:
    """Open an order at the plan's price in Stars; Telegram's link appears in this very message."""
    message_id = query.message.message_id if query.message else None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
    await conversation.acknowledge(query)
    asked = Asked(None, callback_data.terms, "", in_stars=True)
    view = await check_out(conversation, query.from_user, plan, asked, message_id=message_id)
    if view is not None:
        await conversation.show(query, view)


@router.message(HasPlainText())
async def take_promo_code(message: Message, conversation: Conversation) -> None:
    """Take the address of receipts or a promo code if the bot waits for one; any other word may open a plan."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    view: View | None = None
    held: HeldPress | None = None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        plan_id = awaited_plan_id(user)
        if is_contact_awaited(user):
            view, held = await _try_contact(session, conversation, user, message.text or "")
        elif plan_id is not None:
            view = await _try_typed_code(session, conversation, user, plan_id=plan_id, code=message.text or "")
        else:
            view = await unlock(session, conversation, user, message.text or "")
    if view is None:
        await something_else(message, conversation)
        return
    shown_id = await conversation.reply(message, view)
    if held is not None:
        await _go_on(conversation, message, held, message_id=shown_id)


async def _try_contact(
    session: TenantSession, conversation: Conversation, user: User, words: str
) -> tuple[View, HeldPress | None]:
    contact, held = await take_contact(session, conversation, user, words)
    if contact is None:
        settings = await find_settings(session, user.bot_id)
        takes_phone = settings is not None and settings.takes_phone
        return await receipt_views.question(session, user, takes_phone=takes_phone, is_refused=True), None
    if held is None:
        return await receipt_views.contact(session, user, contact), None
    try:
        plan = await get_offered_plan(session, conversation, user, held.plan_id)
    except PlanNotFoundError:
        return await views.plan_list(session, user, now=conversation.worker.clock.now()), None
    in_hand = await quote_in_hand(session, conversation, user=user, plan=plan)
    is_full = held.is_gift or in_hand.price is None
    amount_minor = plan.price_minor if is_full or in_hand.price is None else in_hand.price.amount_minor
    return await views.preparing(session, user, plan, amount_minor=amount_minor), held


async def _go_on(conversation: Conversation, message: Message, held: HeldPress, *, message_id: int) -> None:
    """Open the order that the address was asked for; nobody has to press Pay again."""
    assert message.from_user is not None  # noqa: S101 - the router's filter
    async with conversation.unit() as session:
        user = await conversation.load_user(session, message.from_user)
        plan = await get_offered_plan(session, conversation, user, held.plan_id)
        in_hand = await quote_in_hand(session, conversation, user=user, plan=plan)
        consent = consent_of(user, plan, in_hand.price) if held.agrees else ""
    asked = Asked(in_hand.code, held.terms, consent, is_gift=held.is_gift)
    view = await check_out(conversation, message.from_user, plan, asked, message_id=message_id)
    if view is not None:
        await conversation.reply(message, view)


async def _try_typed_code(
    session: TenantSession, conversation: Conversation, user: User, *, plan_id: str, code: str
) -> View:
    try:
        plan = await get_offered_plan(session, conversation, user, UUID(plan_id))
    except PlanNotFoundError:
        stop_waiting(user)
        return await views.plan_list(session, user, now=conversation.worker.clock.now())
    try:
        price = await take_code(session, conversation, user=user, plan=plan, code=code)
    except PromoCodeRefusedError as error:
        return await views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
    return await views.plan_card(session, user, plan, price)
