"""What a plan allows and offers to whoever wants to leave, and why people did."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import TenantDep
from control_plane.schemas import Input, Output
from lumenpay.models.pauses import LeavingReason, LeavingRules, OfferKind
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.leaving import count_leavings as count
from lumenpay.subscriptions.leaving_rules import LeavingTerms, find_leaving_rules
from lumenpay.subscriptions.leaving_rules import set_leaving_rules as store
from lumenpay.subscriptions.pause_rules import MAX_PAUSE_DAYS

router = APIRouter(prefix="/tenants/{tenant_id}/plans", tags=["plans"])
MAX_OFFERED_DAYS = 366


class LeavingRulesIn(Input):
    """How long and how often a person may pause, and what is offered to whoever turned autopay off.

    `pause_days` and `pauses_a_year` are 0 where there are no pauses. `offer_days` goes with the kind `days`,
    `promo_code_id` with `promo_code`; the kind `pause` needs pauses to be allowed.
    """

    pause_days: Annotated[int, Field(ge=0, le=MAX_PAUSE_DAYS)] = 0
    pauses_a_year: Annotated[int, Field(ge=0, le=52)] = 0
    offer_kind: OfferKind | None = None
    offer_days: Annotated[int | None, Field(ge=1, le=MAX_OFFERED_DAYS)] = None
    promo_code_id: UUID | None = None


class LeavingRulesOut(Output):
    """How long and how often a person may pause, and what is offered to whoever turned autopay off."""

    pause_days: int
    pauses_a_year: int
    offer_kind: OfferKind | None
    offer_days: int | None
    promo_code_id: UUID | None


class ReasonOut(Output):
    """How many people gave one reason (empty: none was given), and what became of the offers made to them."""

    reason: LeavingReason | None
    count: int
    offered: int
    accepted: int
    declined: int


class LeavingsOut(Output):
    """Why people turned autopay of a plan off, the most frequent reason first."""

    items: list[ReasonOut]


@router.get("/{plan_id}/leaving-rules")
async def get_leaving_rules(plan_id: UUID, access: TenantDep) -> LeavingRulesOut:
    """Return what a plan allows and offers to whoever wants to leave."""
    async with access.unit() as session:
        plan = await get_plan(session, plan_id)
        rules = await find_leaving_rules(session, plan.id)
    return _show(rules)


@router.put("/{plan_id}/leaving-rules")
async def set_leaving_rules(plan_id: UUID, body: LeavingRulesIn, access: TenantDep) -> LeavingRulesOut:
    """Set what a plan allows and offers from now on; a pause that goes on keeps its end."""
    terms = LeavingTerms(
        body.pause_days, body.pauses_a_year, body.offer_kind, body.offer_days, body.promo_code_id
    )  # fmt: skip
    async with access.unit() as session:
        rules = await store(session, plan_id=plan_id, terms=terms, actor=access.actor, now=access.now)
    return _show(rules)


@router.get("/{plan_id}/leavings")
async def count_leavings(
    plan_id: UUID, access: TenantDep, days: Annotated[int, Query(ge=1, le=366, description="Of so many days.")] = 90
) -> LeavingsOut:
    """Count why people turned autopay off in the bot, and what became of the offers made to them."""
    async with access.unit() as session:
        found = await count(session, plan_id, since=access.now - timedelta(days=days))
    return LeavingsOut(items=[ReasonOut.model_validate(row) for row in found])


def _show(rules: LeavingRules | None) -> LeavingRulesOut:
    shown = rules or LeavingTerms()
    return LeavingRulesOut(
        pause_days=shown.pause_days, pauses_a_year=shown.pauses_a_year, offer_kind=shown.offer_kind,
        offer_days=shown.offer_days, promo_code_id=shown.offer_promo_code_id,
    )  # fmt: skip
