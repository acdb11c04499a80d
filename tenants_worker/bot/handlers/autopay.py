"""Turning autopay off: one press, and nothing more is charged."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.audit.service import Actor
from lumenpay.subscriptions.errors import SubscriptionNotFoundError
from lumenpay.subscriptions.leaving import turn_off_own
from lumenpay.subscriptions.repository import get_subscription
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.keyboards import AutopayOffCallback
from tenants_worker.bot.views import leaving as leaving_views

router = Router(name="autopay")


@router.callback_query(AutopayOffCallback.filter())
async def turn_autopay_off(query: CallbackQuery, callback_data: AutopayOffCallback, conversation: Conversation) -> None:
    """Turn it off for the person's own subscription; pressed again, it says the same."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        subscription = await get_subscription(session, callback_data.subscription_id)
        if subscription.user_id != user.id:
            raise SubscriptionNotFoundError
        actor, now = Actor("user", user.id), conversation.worker.clock.now()
        leaving = await turn_off_own(session, subscription, actor=actor, now=now)
        view = await leaving_views.turned_off(session, user, subscription, leaving)
    await conversation.acknowledge(query)
    await conversation.show(query, view)
