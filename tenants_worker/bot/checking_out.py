"""Opening an order from the bot, and what the person hears where there can be none."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aiogram.types import User as TelegramUser

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.payments.checkout import start_checkout
from lumenpay.payments.errors import OwnedForEverError, TermsChangedError
from lumenpay.plans.errors import ChannelNotReadyError, PlanNotFoundError, PlanNotOnSaleError, PlanRefusedError
from lumenpay.plans.offers import decide_offer
from lumenpay.plans.repository import get_plan
from lumenpay.plans.sale_rules import PlanRefusal, can_be_given
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.tenants.errors import LimitReachedError, TenantSuspendedError
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.promo_in_hand import (
    quote_in_hand,
    wait_for_code,
)
from tenants_worker.bot.views import gifts as gift_views
from tenants_worker.bot.views import plans as views

_NOTHING_FOR_SALE = (
    PlanNotOnSaleError, ShopNotConnectedError, TenantSuspendedError, LimitReachedError,
)  # fmt: skip
"""Whatever the reason is, the person hears only that nothing can be bought now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pressed button stands for: the promo code in hand, the shown terms, the words about autopay if agreed."""

    code: str | None
    shown: str | None
    consent: str
    in_stars: bool = False
    is_gift: bool = False


async def check_out(
    conversation: Conversation, person: TelegramUser, plan: Plan, asked: Asked, *, message_id: int | None
) -> View | None:
    """Return what to show now; nothing where a job will show the rest."""
    try:
        async with conversation.unit() as session:
            user = await conversation.load_user(session, person)
            payment = await start_checkout(
                session, user=user, plan_id=plan.id, promo_code=asked.code, chat_message_id=message_id,
                shown_terms=asked.shown, consent=asked.consent, in_stars=asked.in_stars, is_gift=asked.is_gift,
                now=conversation.worker.clock.now(),
            )  # fmt: skip
            return await views.payment_link(session, user, plan, payment) if payment.confirmation_url else None
    except LumenError as error:
        async with conversation.unit() as session:
            user = await conversation.load_user(session, person)
            return await _explain(session, conversation, user, plan, error, is_gift=asked.is_gift)


async def _explain(
    session: TenantSession, conversation: Conversation, user: User, plan: Plan, error: LumenError, *, is_gift: bool
) -> View:
    """Return why there is no order; what is not expected here goes on its way."""
    if isinstance(error, PromoCodeRefusedError):
        wait_for_code(user, plan)
        return await views.promo_refused(session, user, plan_id=plan.id, reason=error.reason)
    if isinstance(error, OwnedForEverError):
        return await views.owned_for_ever(session, user, plan)
    if isinstance(error, PlanRefusedError):
        return await views.plan_refused(session, user, plan, error.refusal, ends_at=error.ends_at)
    if isinstance(error, TermsChangedError):
        return await _show_terms(session, conversation, user, plan.id, is_gift=is_gift)
    if isinstance(error, ChannelNotReadyError):
        return await views.channel_closed(session, user, plan)
    if isinstance(error, _NOTHING_FOR_SALE):
        return await views.cannot_sell(session, user)
    raise error


async def _show_terms(
    session: TenantSession, conversation: Conversation, user: User, plan_id: UUID, *, is_gift: bool
) -> View:
    fresh = await get_offered_plan(session, conversation, user, plan_id)
    if is_gift and can_be_given(fresh):
        return await gift_views.card(session, user, fresh, now=conversation.worker.clock.now())
    in_hand = await quote_in_hand(session, conversation, user=user, plan=fresh)
    return await views.terms_changed(session, user, fresh, in_hand.price, refusal=in_hand.refusal)


async def get_offered_plan(session: TenantSession, conversation: Conversation, user: User, plan_id: UUID) -> Plan:
    """Return a plan of this bot that the person may know of.

    Raises:
        PlanNotFoundError: For this person there is no such plan.
    """
    plan = await get_plan(session, plan_id)
    if plan.bot_id != conversation.bot.bot_id or plan.archived_at is not None:
        raise PlanNotFoundError
    if plan.access_code is not None:
        offer = await decide_offer(session, user, plan, now=conversation.worker.clock.now())
        if offer.refusal is PlanRefusal.LOCKED:
            raise PlanNotFoundError
    return plan
