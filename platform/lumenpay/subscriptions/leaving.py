"""What happens after a person turned autopay off: it is off at once; then they are asked why, and offered one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.ids import PlanId, SubscriptionId, UserId
from lumenpay.models.pauses import Leaving, LeavingReason, LeavingRules, OfferKind, OfferOutcome
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.plans.repository import get_plan
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.redemption import quote
from lumenpay.promo_codes.service import get_promo_code
from lumenpay.subscriptions.autopay import BY_SUBSCRIBER, find_autopay, turn_off
from lumenpay.subscriptions.errors import LeavingNotFoundError
from lumenpay.subscriptions.leaving_rules import find_leaving_rules
from lumenpay.subscriptions.manual import add_days
from lumenpay.subscriptions.pausing import find_refusal, pause_own
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.users.repository import lock_user


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many people gave one reason (None: none), and what became of the offers made to them."""

    reason: LeavingReason | None
    count: int
    offered: int
    accepted: int
    declined: int


async def turn_off_own(
    session: TenantSession, subscription: Subscription, *, actor: Actor, now: datetime
) -> Leaving | None:
    """Turn autopay off at once and return what the person is asked about it; None where they never did it themselves.

    Safe to repeat: pressed again, it returns the same.
    """
    await lock_user(session, subscription.user_id)
    autopay = await find_autopay(session, subscription.id, is_locked=True)
    if autopay is None or autopay.status != AutopayStatus.ON:
        return await _find_last(session, subscription.id)
    await turn_off(session, subscription.id, reason=BY_SUBSCRIBER, actor=actor, now=now)
    leaving = Leaving(
        tenant_id=session.tenant_id, id=new_uuid7(), subscription_id=SubscriptionId(subscription.id),
        user_id=UserId(subscription.user_id), plan_id=PlanId(subscription.plan_id), created_at=now,
    )  # fmt: skip
    session.add(leaving)
    await session.flush()
    return leaving


async def say_why(
    session: TenantSession, *, leaving_id: UUID, user_id: UUID, reason: LeavingReason, now: datetime
) -> Leaving:
    """Keep why a person turned autopay off, and what the plan offers them now, once for each subscription.

    Safe to repeat: the first answer stands.

    Raises:
        LeavingNotFoundError: Unknown to this tenant, or another person's.
    """
    await lock_user(session, user_id)
    leaving = await _get(session, leaving_id, user_id=user_id)
    if leaving.reason is not None:
        return leaving
    leaving.reason = reason
    rules = await find_leaving_rules(session, leaving.plan_id)
    if rules is not None and await _can_offer(session, leaving, rules, now=now):
        leaving.offer_kind, leaving.offer_days = rules.offer_kind, rules.offer_days
        leaving.offer_promo_code_id = rules.offer_promo_code_id
    await session.flush()
    return leaving


async def answer_offer(
    session: TenantSession, *, leaving_id: UUID, user_id: UUID, is_taken: bool, now: datetime
) -> Leaving:
    """Give what was offered, or keep that it was declined. Safe to repeat: the first answer stands.

    Raises:
        LeavingNotFoundError: Unknown to this tenant, another person's, or nothing was offered.
        PauseRefusedError: A pause was offered and cannot be had any more.
        SubscriptionHasNoEndError: Days were offered, and there is nothing to add to any more.
    """
    await lock_user(session, user_id)
    leaving = await _get(session, leaving_id, user_id=user_id)
    if leaving.offer_kind is None:
        raise LeavingNotFoundError
    if leaving.outcome is not None:
        return leaving
    actor, subscription_id = Actor("user", user_id), leaving.subscription_id
    if is_taken and leaving.offer_kind == OfferKind.DAYS:
        await add_days(
            session, subscription_id=subscription_id, days=leaving.offer_days or 0, key=f"offer-{leaving.id}",
            actor=actor, now=now,
        )  # fmt: skip
    elif is_taken and leaving.offer_kind == OfferKind.PAUSE:
        await pause_own(session, subscription_id=subscription_id, actor=actor, now=now)
    leaving.outcome, leaving.answered_at = OfferOutcome.ACCEPTED if is_taken else OfferOutcome.DECLINED, now
    details = {"offer": str(leaving.offer_kind), "outcome": leaving.outcome.value}
    record(session, actor=actor, action="leaving.answered", subject_id=subscription_id, now=now, details=details)
    await session.flush()
    return leaving


async def count_leavings(session: TenantSession, plan_id: UUID, *, since: datetime) -> Sequence[ReasonCount]:
    """Return why people turned autopay of a plan off since a moment, the most frequent reason first.

    Raises:
        PlanNotFoundError: Unknown to this tenant.
    """
    await get_plan(session, plan_id)
    count = func.count()
    accepted, declined = (count.filter(Leaving.outcome == outcome) for outcome in OfferOutcome)
    query = (
        select(Leaving.reason, count, count.filter(Leaving.offer_kind.is_not(None)), accepted, declined)
        .where(Leaving.tenant_id == session.tenant_id, Leaving.plan_id == plan_id, Leaving.created_at >= since)
        .group_by(Leaving.reason)
        .order_by(count.desc(), Leaving.reason)
    )
    rows = await session.execute(query)
    return [ReasonCount(LeavingReason(row[0]) if row[0] else None, *row[1:]) for row in rows]


async def _can_offer(session: TenantSession, leaving: Leaving, rules: LeavingRules, *, now: datetime) -> bool:
    subscription = await get_subscription(session, leaving.subscription_id)
    if rules.offer_kind is None or await _was_offered(session, subscription.id):
        return False
    if rules.offer_kind == OfferKind.PAUSE:
        return not await find_refusal(session, subscription, now=now)
    if rules.offer_kind == OfferKind.DAYS:
        return subscription.ends_at is not None and subscription.status != SubscriptionStatus.EXPIRED
    if rules.offer_promo_code_id is None:
        return False
    code, plan = await get_promo_code(session, rules.offer_promo_code_id), await get_plan(session, leaving.plan_id)
    try:
        await quote(session, code=code.code, user_id=leaving.user_id, plan=plan, now=now, held_by=None)
    except PromoCodeRefusedError:
        return False
    return True


async def _was_offered(session: TenantSession, subscription_id: UUID) -> bool:
    query = select(Leaving.id).where(
        Leaving.tenant_id == session.tenant_id,
        Leaving.subscription_id == subscription_id,
        Leaving.offer_kind.is_not(None),
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _find_last(session: TenantSession, subscription_id: UUID) -> Leaving | None:
    query = (
        select(Leaving)
        .where(Leaving.tenant_id == session.tenant_id, Leaving.subscription_id == subscription_id)
        .order_by(Leaving.created_at.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _get(session: TenantSession, leaving_id: UUID, *, user_id: UUID) -> Leaving:
    query = select(Leaving).where(
        Leaving.tenant_id == session.tenant_id, Leaving.id == leaving_id, Leaving.user_id == user_id
    )
    found = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if found is None:
        raise LeavingNotFoundError
    return found
