"""What a campaign's link leads to: a plan, a promo code, both, or the welcome."""

from __future__ import annotations

from uuid import UUID

from lumenpay.campaigns.service import find_by_source
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.service import get_promo_code
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.promo_in_hand import bring_code, prices_in_hand, quote_in_hand
from tenants_worker.bot.views import plans as plan_views


async def follow_campaign(
    session: TenantSession, conversation: Conversation, user: User, payload: str
) -> View | None:  # fmt: skip
    """Return what a campaign's link shows; None where it is no campaign's, or leads to the welcome."""
    campaign = await find_by_source(session, bot_id=user.bot_id, source=payload)
    if campaign is None:
        return None
    brought = False
    if campaign.promo_code_id is not None:
        code = await get_promo_code(session, campaign.promo_code_id)
        # A code that does not work for this person any more says nothing: they did not ask for it.
        brought = not await bring_code(session, conversation, user=user, code=code.code)
    if campaign.plan_id is not None:
        return await find_plan_card(conversation, session, user, str(campaign.plan_id))
    if not brought:
        return None
    conversation.note_plan_seen(user)
    prices = await prices_in_hand(session, conversation, user=user)
    return await plan_views.plan_list(session, user, prices, now=conversation.worker.clock.now())


async def find_plan_card(conversation: Conversation, session: TenantSession, user: User, text: str) -> View | None:
    """Return the card of a plan that a link names; None where this person can see no such plan."""
    try:
        plan = await get_plan(session, UUID(text))
    except (ValueError, NotFoundError):
        return None
    if plan.bot_id != conversation.bot.bot_id or plan.archived_at is not None:
        return None
    in_hand = await quote_in_hand(session, conversation, user=user, plan=plan)
    try:
        view = await plan_views.plan_or_refusal(
            session, user, plan, in_hand.price, now=conversation.worker.clock.now()
        )  # fmt: skip
    except PlanNotFoundError:
        return None
    conversation.note_plan_seen(user)
    return view
