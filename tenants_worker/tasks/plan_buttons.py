"""The button under a message about a plan: to the plan, or to the list where the plan is not sold any more."""

from __future__ import annotations

from lumenpay.messages import callbacks
from lumenpay.models.plans import Plan
from lumenpay.telegram.facts import Button, Buttons
from tenants_worker.bot.texts.captions import caption


def is_sold(plan: Plan) -> bool:
    """Tell whether the plan can be bought at all."""
    return plan.is_on_sale and plan.archived_at is None


def plan_button(plan: Plan, *, words: str, locale: str) -> Buttons:
    """Return the button to a plan's card; `words` names its caption."""
    if is_sold(plan):
        return ((Button(caption(locale, words), data=callbacks.plan(plan.id)),),)
    return ((Button(caption(locale, "buy"), data=callbacks.BUY),),)
