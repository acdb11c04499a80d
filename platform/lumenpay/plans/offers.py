"""Plans as one person finds them: what /buy shows, and whether a plan can be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lumenpay.db.session import TenantSession
from lumenpay.models.ids import BotId
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.plans.facts import load_facts
from lumenpay.plans.repository import list_for_sale
from lumenpay.plans.sale_rules import PersonFacts, PlanRefusal, decide_gift_refusal, decide_refusal, is_listed


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan, how a person stands to it, and why they cannot take it; nothing when they can."""

    plan: Plan
    facts: PersonFacts
    refusal: PlanRefusal | None


async def list_offers(session: TenantSession, user: User, *, now: datetime) -> list[Offer]:
    """Return what /buy shows a person, in the owner's order."""
    plans = await list_for_sale(session, bot_id=BotId(user.bot_id))
    facts = await load_facts(session, user, plans, now=now)
    offers = [Offer(plan, facts[plan.id], decide_refusal(plan, facts[plan.id], now=now)) for plan in plans]
    return [offer for offer in offers if is_listed(offer.plan, offer.facts, offer.refusal)]


async def decide_offer(
    session: TenantSession, user: User, plan: Plan, *, now: datetime, is_locked: bool = False, is_gift: bool = False
) -> Offer:
    """Return whether a person can take a plan of their bot, or give it away.

    Args:
        is_locked: Read the plan anew and let nobody else order it until the end of the transaction, so that the last
            place is taken once.
    """
    if is_locked and plan.capacity is not None:
        query = select(Plan).where(Plan.tenant_id == session.tenant_id, Plan.id == plan.id)
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        plan = (await session.execute(query)).scalar_one()
    facts = (await load_facts(session, user, [plan], now=now))[plan.id]
    decide = decide_gift_refusal if is_gift else decide_refusal
    return Offer(plan, facts, decide(plan, facts, now=now))
