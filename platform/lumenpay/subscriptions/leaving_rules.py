"""What a plan allows and offers to whoever wants to leave: pauses, and one offer for who turned autopay off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.pauses import LeavingRules, OfferKind
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.subscriptions.errors import LeavingRulesInvalidError


@dataclass(frozen=True, slots=True)
class LeavingTerms:
    """What an owner sets: the longest pause in days, how many a year, and the offer; zeros and None are none."""

    pause_days: int = 0
    pauses_a_year: int = 0
    offer_kind: OfferKind | None = None
    offer_days: int | None = None
    offer_promo_code_id: UUID | None = None


async def find_leaving_rules(session: TenantSession, plan_id: UUID) -> LeavingRules | None:
    """Return the rules of a plan as they stand now; None where its owner never set any."""
    query = select(LeavingRules).where(LeavingRules.tenant_id == session.tenant_id, LeavingRules.plan_id == plan_id)
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def set_leaving_rules(
    session: TenantSession, *, plan_id: UUID, terms: LeavingTerms, actor: Actor, now: datetime
) -> LeavingRules:
    """Set what a plan allows and offers from now on; a pause that goes on keeps its end. Safe to repeat.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
        PromoCodeNotFoundError: The offered code is unknown to this tenant.
        LeavingRulesInvalidError: The offer lacks what it offers, or the pause its length or number.
    """
    plan = await get_plan(session, plan_id)
    problems: dict[str, str] = {}
    if bool(terms.pause_days) != bool(terms.pauses_a_year):
        problems["pauses_a_year" if terms.pause_days else "pause_days"] = "missing"
    if terms.offer_kind is OfferKind.DAYS and not terms.offer_days:
        problems["offer_days"] = "missing"
    if terms.offer_kind is OfferKind.PAUSE and not terms.pause_days:
        problems["pause_days"] = "missing"
    if terms.offer_kind is OfferKind.PROMO_CODE:
        if terms.offer_promo_code_id is None:
            problems["promo_code_id"] = "missing"
        elif (await get_promo_code(session, terms.offer_promo_code_id)).bot_id != plan.bot_id:
            problems["promo_code_id"] = "wrong_bot"
    if problems:
        raise LeavingRulesInvalidError(fields=problems)
    values = {
        "pause_days": terms.pause_days, "pauses_a_year": terms.pauses_a_year, "offer_kind": terms.offer_kind,
        # What another kind would offer is not kept: it would surprise whoever comes back to that kind.
        "offer_days": terms.offer_days if terms.offer_kind is OfferKind.DAYS else None,
        "offer_promo_code_id": terms.offer_promo_code_id if terms.offer_kind is OfferKind.PROMO_CODE else None,
    }  # fmt: skip
    await session.execute(
        insert(LeavingRules)
        .values(tenant_id=session.tenant_id, plan_id=plan.id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "plan_id"], set_=values)
    )
    details = {name: str(value) for name, value in values.items() if value}
    record(session, actor=actor, action="plan.leaving_rules_set", subject_id=plan.id, now=now, details=details)
    rules = await find_leaving_rules(session, plan.id)
    assert rules is not None  # noqa: S101 - it was just written
    return rules
