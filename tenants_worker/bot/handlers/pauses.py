"""Pausing a subscription and having it run again: asked first, then done at once, for the person's own only."""

from __future__ import annotations

from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery

from lumenpay.audit.service import Actor
from lumenpay.db.session import TenantSession
from lumenpay.models.pauses import PausedBy
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.subscriptions.errors import PauseRefusedError, SubscriptionNotFoundError
from lumenpay.subscriptions.pausing import pause_own, resume
from lumenpay.subscriptions.repository import get_subscription
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.keyboards import AskPauseCallback, PauseCallback, ResumeCallback
from tenants_worker.bot.views import pauses as views

router = Router(name="pauses")


@router.callback_query(AskPauseCallback.filter())
async def ask_before_pausing(
    query: CallbackQuery, callback_data: AskPauseCallback, conversation: Conversation
) -> None:  # fmt: skip
    """Say what a pause means and until when it lasts at most."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        subscription = await get_own(session, user, callback_data.subscription_id)
        is_paused = subscription.status == SubscriptionStatus.PAUSED
        now = conversation.worker.clock.now()
        view = await (
            views.paused(session, user, subscription)
            if is_paused
            else views.asked(session, user, subscription, now=now)
        )
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(PauseCallback.filter())
async def pause_subscription(query: CallbackQuery, callback_data: PauseCallback, conversation: Conversation) -> None:
    """Pause it; pressed again, it says the same."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        subscription = await get_own(session, user, callback_data.subscription_id)
        actor, now = Actor("user", user.id), conversation.worker.clock.now()
        try:
            await pause_own(session, subscription_id=subscription.id, actor=actor, now=now)
        except PauseRefusedError as error:
            view = await views.refused(session, user, subscription, reason=error.reason)
        else:
            view = await views.paused(session, user, subscription)
    await conversation.acknowledge(query)
    await conversation.show(query, view)


@router.callback_query(ResumeCallback.filter())
async def resume_subscription(query: CallbackQuery, callback_data: ResumeCallback, conversation: Conversation) -> None:
    """Have it run again, and the links sent; pressed again, it says the same."""
    async with conversation.unit() as session:
        user = await conversation.load_user(session, query.from_user)
        subscription = await get_own(session, user, callback_data.subscription_id)
        actor, now = Actor("user", user.id), conversation.worker.clock.now()
        subscription = await resume(
            session, subscription_id=subscription.id, by=PausedBy.SUBSCRIBER, actor=actor, now=now
        )
        if subscription.status == SubscriptionStatus.ACTIVE:
            view = await views.resumed(session, user, subscription)
        else:
            view = await views.refused(session, user, subscription, reason="not_running")
    await conversation.acknowledge(query)
    await conversation.show(query, view)


async def get_own(session: TenantSession, user: User, subscription_id: UUID) -> Subscription:
    """Return a person's subscription.

    Raises:
        SubscriptionNotFoundError: It is somebody else's, or unknown.
    """
    subscription = await get_subscription(session, subscription_id)
    if subscription.user_id != user.id:
        raise SubscriptionNotFoundError
    return subscription
