"""A word that opens plans: brought by a link or typed. Whoever guesses learns nothing."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.plans.unlocking import unlock_plans
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.promo_in_hand import quote_in_hand
from tenants_worker.bot.views import plans as views


async def unlock(session: TenantSession, conversation: Conversation, user: User, word: str) -> View | None:
    """Return what a word opened for a person: the card of the plan, or the list with several; None for any other."""
    now = conversation.worker.clock.now()
    plans = await unlock_plans(session, user, word, now=now)
    if not plans:
        return None
    conversation.note_plan_seen(user)
    if len(plans) > 1:
        return await views.plan_list(session, user, now=now)
    in_hand = await quote_in_hand(session, conversation, user=user, plan=plans[0])
    return await views.plan_or_refusal(session, user, plans[0], in_hand.price, now=now)
