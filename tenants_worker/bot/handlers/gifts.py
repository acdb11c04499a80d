"""Gifts: buying a plan for somebody else, and taking one by a link."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.contacts import find_question
from lumenpay.kit.money import Money
from lumenpay.models.users import User
from lumenpay.plans.sale_rules import can_be_given
from lumenpay.promo_codes.rules import tag_offer
from lumenpay.subscriptions.gift_claims import claim_gift, look_at_gift
from tenants_worker.bot.checking_out import Asked, check_out, get_offered_plan
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.keyboards import (
    GiftCallback,
    PayGiftCallback,
    PayGiftInStarsCallback,
    TakeGiftCallback,
)
from tenants_worker.bot.receipt_contacts import HeldPress, wait_for_contact
from tenants_worker.bot.views import gifts as views
from tenants_worker.bot.views import plans as plan_views
from tenants_worker.bot.views import receipts as receipt_views

router = Router(name="gifts")


async def open_link(session: TenantSession, conversation: Conversation, user: User, token: str) -> View:
    """Return what a link to a gift opens for a person."""
    found = await look_at_gift(session, user, token, now=conversation.worker.clock.now())
    return await views.offered(session, user, found, token)


@router.callback_query(GiftCallback.filter())
async def show_gift(query: CallbackQuery, callback_data: GiftCallback, conversation: Conversation) -> None:
    """Show what a plan costs as a gift and how it gets to somebody."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        now = conversation.worker.clock.now()
        is_given = can_be_given(plan)
        view = await (views.card(session, user, plan, now=now) if is_given else plan_views.cannot_sell(session, user))
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PayGiftCallback.filter())
@router.callback_query(PayGiftInStarsCallback.filter())
async def pay(
    query: CallbackQuery, callback_data: PayGiftCallback | PayGiftInStarsCallback, conversation: Conversation
) -> None:
    """Open an order for a gift; the link appears in this very message as soon as the gateway has made it."""
    in_stars = isinstance(callback_data, PayGiftInStarsCallback)
    message_id = query.message.message_id if query.message else None
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        plan = await get_offered_plan(session, conversation, user, callback_data.plan_id)
        is_as_shown = in_stars or callback_data.terms == tag_offer(plan, None)
        waiting = await plan_views.preparing(session, user, plan, amount_minor=plan.price_minor)
        asking = None
        amount = Money(plan.price_minor, plan.currency)
        if is_as_shown and not in_stars and (settings := await find_question(session, user, amount=amount)):
            wait_for_contact(user, HeldPress(plan.id, callback_data.terms, agrees=False, is_gift=True))
            asking = await receipt_views.question(session, user, takes_phone=settings.takes_phone)
    await conversation.acknowledge(query)
    if asking is not None:
        await conversation.show(query, asking)
        return
    if is_as_shown and not in_stars:
        # Shown before the order exists: afterwards it could overwrite the link that the job puts here.
        message_id = await conversation.show(query, waiting)
    asked = Asked(None, callback_data.terms, "", in_stars=in_stars, is_gift=True)
    view = await check_out(conversation, query.from_user, plan, asked, message_id=message_id)
    if view is not None:
        await conversation.show(query, view)


@router.callback_query(TakeGiftCallback.filter())
async def take(query: CallbackQuery, callback_data: TakeGiftCallback, conversation: Conversation) -> None:
    """Give a person the gift, if they are the first; pressed again, it says the same."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        found = await claim_gift(session, user, callback_data.token, now=conversation.worker.clock.now())
        view = await views.offered(session, user, found, callback_data.token)
    await conversation.acknowledge(query)
    await conversation.show(query, view)
