"""The button under a message about a plan: to the plan, or to the list where the person cannot take it now."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.plans.offers import decide_offer
from lumenpay.telegram.facts import Button, Buttons
from tenants_worker.bot.texts.captions import caption


async def is_sold_to(session: TenantSession, user: User, plan: Plan, *, now: datetime) -> bool:
    """Tell whether the person can take the plan now."""
    return (await decide_offer(session, user, plan, now=now)).refusal is None


def plan_button(plan: Plan, *, is_sold: bool, words: str, locale: str) -> Buttons:
    """Return the button to a plan's card; `words` names its caption."""
    if is_sold:
        return ((Button(caption(locale, words), data=callbacks.plan(plan.id)),),)
    return ((Button(caption(locale, "buy"), data=callbacks.BUY),),)
