"""The answers of a person who turned autopay off: why, and whether they take what is offered."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.db.session import TenantSession
from lumenpay.models.pauses import Leaving, OfferKind
from lumenpay.models.users import User
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.subscriptions.errors import LeavingNotFoundError, PauseRefusedError, SubscriptionHasNoEndError
from lumenpay.subscriptions.leaving import answer_offer, say_why
from lumenpay.subscriptions.repository import get_subscription
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.keyboards import LeavingReasonCallback, OfferCallback
from tenants_worker.bot.promo_in_hand import take_code
from tenants_worker.bot.views import leaving as views
from tenants_worker.bot.views import pauses as pause_views
from tenants_worker.bot.views import plans as plan_views

router = Router(name="leaving")


@router.callback_query(LeavingReasonCallback.filter())
async def keep_reason(query: CallbackQuery, callback_data: LeavingReasonCallback, conversation: Conversation) -> None:
    """Keep the reason and show the offer, where there is one."""
    now = conversation.worker.clock.now()
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        leaving = await say_why(
            session, leaving_id=callback_data.leaving_id, user_id=user.id, reason=callback_data.reason, now=now
        )
        subscription = await get_subscription(session, leaving.subscription_id)
        view = await views.answered(session, user, subscription, leaving, now=now)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(OfferCallback.filter())
async def keep_answer(query: CallbackQuery, callback_data: OfferCallback, conversation: Conversation) -> None:
    """Give what was offered, or let the person go; pressed again, it says the same."""
    now = conversation.worker.clock.now()
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        try:
            leaving = await answer_offer(
                session, leaving_id=callback_data.leaving_id, user_id=user.id, is_taken=callback_data.is_taken, now=now
            )
        except (PauseRefusedError, SubscriptionHasNoEndError) as error:
            # What was offered cannot be had any more: said as of an old button.
            raise LeavingNotFoundError from error
        view = await _show(session, conversation, user, leaving)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def _show(session: TenantSession, conversation: Conversation, user: User, leaving: Leaving) -> View:
    now = conversation.worker.clock.now()
    subscription = await get_subscription(session, leaving.subscription_id)
    await session.refresh(subscription)
    if views.is_accepted(leaving, OfferKind.PAUSE):
        return await pause_views.paused(session, user, subscription)
    if views.is_accepted(leaving, OfferKind.DAYS):
        return await views.days_taken(session, user, subscription)
    if views.is_accepted(leaving, OfferKind.PROMO_CODE):
        return await _show_plan(session, conversation, user, leaving)
    return await views.answered(session, user, subscription, leaving, now=now)


async def _show_plan(session: TenantSession, conversation: Conversation, user: User, leaving: Leaving) -> View:
    plan = await get_plan(session, leaving.plan_id)
    promo_code = await get_promo_code(session, leaving.offer_promo_code_id or leaving.id)
    try:
        price = await take_code(session, conversation, user=user, plan=plan, code=promo_code.code)
    except PromoCodeRefusedError as error:
        return await plan_views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
    return await plan_views.plan_or_refusal(session, user, plan, price, now=conversation.worker.clock.now())
