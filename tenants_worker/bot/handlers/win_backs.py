"""The buttons under an offer to come back: to the price that it makes, and to no more of them."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.win_backs.offers import StandingOffer, load_offer, opt_out
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.keyboards import WinBackCallback, WinBackOffCallback
from tenants_worker.bot.promo_in_hand import bring_code, prices_in_hand, take_code
from tenants_worker.bot.views import plans as plan_views
from tenants_worker.bot.views import win_backs as views

router = Router(name="win_backs")


@router.callback_query(WinBackCallback.filter())
async def show_offer(query: CallbackQuery, callback_data: WinBackCallback, conversation: Conversation) -> None:
    """Show the plan at the offer's price, ready to be paid, or the list where it is good for several."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        standing = await load_offer(session, callback_data.offer_id, user_id=user.id)
        view = await _show(session, conversation, user, standing)
        conversation.note_plan_seen(user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(WinBackOffCallback.filter())
async def stop_offers(query: CallbackQuery, callback_data: WinBackOffCallback, conversation: Conversation) -> None:
    """Send no more of them; pressed again, it says the same."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        await load_offer(session, callback_data.offer_id, user_id=user.id)
        await opt_out(session, user_id=user.id, now=conversation.worker.clock.now())
        view = await views.no_more(session, user)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def _show(session: TenantSession, conversation: Conversation, user: User, standing: StandingOffer) -> View:
    now, code = conversation.worker.clock.now(), standing.promo_code.code
    if len(standing.plans) == 1:
        [plan] = standing.plans
        try:
            price = await take_code(session, conversation, user=user, plan=plan, code=code)
        except PromoCodeRefusedError as error:
            return await plan_views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
        return await plan_views.plan_or_refusal(session, user, plan, price, now=now)
    reason = await bring_code(session, conversation, user=user, code=code)
    if reason:
        return await plan_views.promo_refused(session, user, plan_id=None, reason=reason)
    prices = await prices_in_hand(session, conversation, user=user)
    return await plan_views.plan_list(session, user, prices, now=now)
