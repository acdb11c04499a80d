"""The team changes somebody's plan, and gives back what a refunded change had carried over. No money moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lumenpay.audit.service import Actor
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plan_changes import ChangeKind, PlanChange
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.payments.terms import MANUAL
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.repository import get_plan, list_not_archived
from lumenpay.subscriptions.change_applying import record_change
from lumenpay.subscriptions.change_records import find_change, list_stretches, store_change
from lumenpay.subscriptions.change_rules import (
    ChangeQuote,
    ChangeRefusal,
    decide_carried,
    decide_change,
    decide_turned,
    scale_time,
)
from lumenpay.subscriptions.changing import count_old_length, decide_standing, new_terms
from lumenpay.subscriptions.errors import PlanChangeRefusedError
from lumenpay.subscriptions.repository import find_of_plan, get_subscription
from lumenpay.subscriptions.rules import decide_given_minutes
from lumenpay.subscriptions.settlement import settle_free_order
from lumenpay.users.repository import get_user
from lumenpay.users.service import require_present

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HandQuote:
    """What changing somebody's plan would come to.

    Attributes:
        own: What it would cost the person, and whether it would be turned into time, whatever the plans allow.
        turned: How long the new plan would last if all that is left were turned into time; empty where it cannot be.
        ends_at: When the old plan ends.
    """

    plan: Plan
    credit_minor: int
    kept: timedelta
    own: ChangeQuote | None
    turned: timedelta | None
    ends_at: datetime


async def list_by_hand(
    session: TenantSession, *, subscription_id: UUID, now: datetime
) -> tuple[ChangeRefusal | None, list[HandQuote]]:
    """Return what the team can make of a subscription in each other plan of its bot that is not archived.

    With no plan there is a reason why nothing of it can be carried over.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
    """
    old = await get_subscription(session, subscription_id)
    if refusal := decide_standing(old, now=now):
        return refusal, []
    plans = await list_not_archived(session, bot_id=BotId(old.bot_id))
    return None, [(await _quote(session, old, plan, now=now))[0] for plan in plans if plan.id != old.plan_id]


async def change_by_hand(
    session: TenantSession, *, subscription_id: UUID, plan_id: UUID, kind: ChangeKind, key: str, actor: Actor,
    now: datetime,
) -> Subscription:  # fmt: skip
    """Have a person leave a plan for another, and the links sent. Safe to repeat with the same `key`.

    Args:
        kind: `by_value` or `same_end`.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
        UserForgottenError: Its person asked to be forgotten.
        PlanNotFoundError: Unknown to this tenant, or another bot's.
        PlanChangeRefusedError: Nothing of it can be carried over like this.
        IdempotenceKeyReusedError: The key was used for something else.
    """
    old = await get_subscription(session, subscription_id)
    require_present(await get_user(session, old.user_id, is_locked=True))
    if await _was_changed(session, old, plan_id, key=key):
        return await _get_of_plan(session, old, plan_id)
    old = await get_subscription(session, subscription_id, is_locked=True)
    hand, quote = await _quote(session, old, await get_plan(session, plan_id), now=now)
    if kind is ChangeKind.SAME_END:
        present = await find_of_plan(session, user_id=old.user_id, plan_id=plan_id)
        last_end = now if present is None else present.ends_at
        if last_end is None or last_end >= hand.ends_at:
            raise PlanChangeRefusedError(ChangeRefusal.WORTH_MORE)
        minutes = decide_given_minutes(max(last_end, now), until_at=hand.ends_at)
    elif hand.turned is None:
        no_length = new_terms(hand.plan, at=now).length is None
        raise PlanChangeRefusedError(ChangeRefusal.WORTH_MORE if no_length else ChangeRefusal.NOTHING_TO_CARRY)
    else:
        minutes = hand.turned // _MINUTE
    credit = quote.credit_minor
    payment = _make_order(old, hand.plan, minutes=minutes, credit_minor=credit, key=f"change-{key}", now=now)
    payment.is_test = (await get_bot(session, old.bot_id)).shop_is_test
    payment.fixed_end_at = hand.ends_at if kind is ChangeKind.SAME_END else None
    await _settle(session, payment, old=old, kind=kind, quote=quote, now=now)
    change = await find_change(session, payment.id)
    assert change is not None  # noqa: S101 - just stored
    record_change(session, change, actor=actor, subscription_id=old.id, now=now)
    await session.flush()
    return await _get_of_plan(session, old, plan_id)


async def give_back_old(
    session: TenantSession, payment: Payment, *, unused: timedelta, bought: timedelta, now: datetime
) -> bool:
    """Give back what a payment had carried over, whose own time was taken back; False where there was nothing.

    As much of the old plan as was left of the payment's time, in proportion. Safe to repeat.

    Args:
        unused: How much of its time was taken back, out of `bought`.
    """
    change = await find_change(session, payment.id)
    if change is None or change.applied_at is None or change.undone_at is not None or unused <= timedelta():
        return False
    microsecond = timedelta(microseconds=1)
    part, whole = unused // microsecond, bought // microsecond
    credit_minor = (change.applied_credit_minor or 0) * part // whole
    time = scale_time(timedelta(seconds=change.kept_seconds), part=part, whole=whole)
    if not credit_minor:
        return False
    change.undone_at = now
    old = await get_subscription(session, change.subscription_id)
    if old.ends_at is None:
        return False
    plan = await get_plan(session, old.plan_id)
    order = _make_order(
        old, plan, minutes=-(-time // _MINUTE), credit_minor=credit_minor, key=f"undo-{payment.id}", now=now
    )
    order.currency = payment.currency
    session.add(order)
    await session.flush()
    await settle_free_order(session, payment_id=order.id, now=now)
    order.superseded_at = None
    return True


async def _quote(
    session: TenantSession, old: Subscription, plan: Plan, *, now: datetime
) -> tuple[HandQuote, ChangeQuote]:
    if plan.bot_id != old.bot_id:
        raise PlanNotFoundError
    if plan.id == old.plan_id:
        raise PlanChangeRefusedError(ChangeRefusal.SAME_PLAN)
    if refusal := decide_standing(old, now=now):
        raise PlanChangeRefusedError(refusal)
    assert old.ends_at is not None  # noqa: S101 - else it was refused
    stretches = await list_stretches(session, old)
    shares = decide_carried(stretches, currency=plan.currency, at=now)
    old_length = await count_old_length(session, old, stretches, at=now)
    terms = new_terms(plan, at=now)
    own = decide_change(shares, terms, old_length=old_length) if plan.price_minor else ChangeRefusal.NOT_OFFERED
    credit = sum(share.credit_minor for share in shares)
    kept = sum((share.unused for share in shares), timedelta())
    can_turn = bool(credit) and terms.length is not None and terms.price_minor > 0
    turned = decide_turned(credit, terms) if can_turn else None
    hand = HandQuote(plan, credit, kept, own if isinstance(own, ChangeQuote) else None, turned, old.ends_at)
    return hand, ChangeQuote(shares, credit, kept, 0, turned)


def _make_order(
    old: Subscription, plan: Plan, *, minutes: int, credit_minor: int, key: str, now: datetime
) -> Payment:  # fmt: skip
    return Payment(
        tenant_id=old.tenant_id, id=new_uuid7(), bot_id=old.bot_id, user_id=old.user_id, plan_id=plan.id,
        provider=MANUAL, status=PaymentStatus.CREATED, delivery_state=DeliveryState.NOT_PAID, amount_minor=0,
        credit_minor=credit_minor, list_price_minor=0, currency=plan.currency, period_unit=PeriodUnit.MINUTE,
        period_count=max(1, minutes), description=plan.title[:128], idempotence_key=f"{MANUAL}-{key}", created_at=now,
        # It does not stand in the way of an order that the person has open.
        superseded_at=now,
    )  # fmt: skip


async def _settle(
    session: TenantSession, payment: Payment, *, old: Subscription, kind: ChangeKind, quote: ChangeQuote, now: datetime
) -> None:
    session.add(payment)
    await session.flush()
    await store_change(session, payment, old=old, kind=kind, quote=quote, renews=False, quoted_at=now, now=now)
    await settle_free_order(session, payment_id=payment.id, now=now)
    payment.superseded_at = None
    await session.flush()


async def _was_changed(session: TenantSession, old: Subscription, plan_id: UUID, *, key: str) -> bool:
    query = (
        select(Payment.plan_id, PlanChange.subscription_id)
        .join(PlanChange, (PlanChange.tenant_id == Payment.tenant_id) & (PlanChange.payment_id == Payment.id))
        .where(Payment.tenant_id == session.tenant_id, Payment.idempotence_key == f"{MANUAL}-change-{key}")
    )
    found = (await session.execute(query)).one_or_none()
    if found is not None and tuple(found) != (plan_id, old.id):
        raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
    return found is not None


async def _get_of_plan(session: TenantSession, old: Subscription, plan_id: UUID) -> Subscription:
    subscription = await find_of_plan(session, user_id=old.user_id, plan_id=plan_id)
    assert subscription is not None  # noqa: S101 - settling has made it
    return subscription
