"""SQL of what decides who can take a plan: a person's past with the tenant, and how full plans are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, union_all

from lumenpay.db.session import TenantSession
from lumenpay.models.bots import Bot
from lumenpay.models.gifts import Gift, GiftStatus
from lumenpay.models.payments import OPEN_STATUSES, PLACE_HELD_FOR, Payment, PaymentStatus
from lumenpay.models.plans import Audience, Plan, PlanUnlock, TrialUse
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.plans.sale_rules import PersonFacts, decide_audience
from lumenpay.plans.trials import find_trial

HOLDING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)
"""A paused subscription keeps its place, and its person is no stranger."""


@dataclass(frozen=True, slots=True)
class _Past:
    running: dict[UUID, datetime | None]
    audiences: dict[frozenset[UUID], Audience] = field(default_factory=dict)
    """What the person is, as a plan counts it: by any plan of the tenant, or by those that it names."""
    trial: TrialUse | None = None
    unlocked: dict[UUID, str] = field(default_factory=dict)
    ordered: frozenset[UUID] = frozenset()
    gifted: frozenset[UUID] = frozenset()
    taken: dict[UUID, int] = field(default_factory=dict)


async def load_facts(
    session: TenantSession, user: User, plans: Sequence[Plan], *, now: datetime
) -> dict[UUID, PersonFacts]:
    """Return how a person stands to each of some plans; what no plan's rules ask for is not looked up."""
    limited = [plan.id for plan in plans if plan.capacity is not None]
    coded = [plan.id for plan in plans if plan.access_code is not None]
    past = _Past(
        running=await _list_running(session, user.id, [plan.id for plan in plans]),
        audiences=await _load_audiences(session, user, plans),
        trial=await find_trial(session, user.telegram_id) if any(plan.is_trial for plan in plans) else None,
        unlocked=await _list_unlocked(session, user.id, coded) if coded else {},
        ordered=await _list_ordered(session, user.id, limited, now=now) if limited else frozenset(),
        gifted=await _list_ordered(session, user.id, limited, now=now, is_gift=True) if limited else frozenset(),
        taken=await count_places(session, limited, now=now),
    )
    return {plan.id: _facts(plan, past) for plan in plans}


def _facts(plan: Plan, past: _Past) -> PersonFacts:
    is_running = plan.id in past.running
    trial = past.trial
    return PersonFacts(
        audience=past.audiences.get(frozenset(plan.audience_plan_ids), Audience.NEW),
        has_unlocked=plan.access_code is not None and past.unlocked.get(plan.id) == plan.access_code,
        # One that an open order for this very plan keeps is still to be had, by that order.
        has_used_trial=trial is not None and (trial.used_at is not None or trial.plan_id != plan.id),
        is_running=is_running,
        ends_at=past.running.get(plan.id),
        holds_place=is_running or plan.id in past.ordered,
        holds_gift_place=plan.id in past.gifted,
        places_taken=past.taken.get(plan.id, 0),
    )


async def count_places(session: TenantSession, plan_ids: Sequence[UUID], *, now: datetime) -> dict[UUID, int]:
    """Return how many places of each plan are taken: by a running subscription, or an open order for a while.

    A gift that nobody took yet has a place of its own, and so has each open order for one.
    """
    if not plan_ids:
        return {}
    subscribed = select(Subscription.plan_id, Subscription.user_id).where(
        Subscription.tenant_id == session.tenant_id,
        Subscription.plan_id.in_(plan_ids),
        Subscription.status.in_(HOLDING),
    )
    ordered = select(Payment.plan_id, Payment.user_id).where(
        Payment.tenant_id == session.tenant_id,
        Payment.plan_id.in_(plan_ids),
        Payment.created_at > now - PLACE_HELD_FOR,
        Payment.status.in_(OPEN_STATUSES),
        ~Payment.is_gift,
    )
    ordered_gifts = select(Payment.plan_id, Payment.id).where(
        Payment.tenant_id == session.tenant_id,
        Payment.plan_id.in_(plan_ids),
        Payment.created_at > now - PLACE_HELD_FOR,
        Payment.status.in_(OPEN_STATUSES),
        Payment.is_gift,
        Payment.superseded_at.is_(None),
    )
    waiting_gifts = select(Gift.plan_id, Gift.id).where(
        Gift.tenant_id == session.tenant_id, Gift.plan_id.in_(plan_ids), Gift.status == GiftStatus.WAITING
    )
    holders = union_all(subscribed, ordered, ordered_gifts, waiting_gifts).subquery()
    query = select(holders.c.plan_id, func.count(holders.c.user_id.distinct()).label("taken")).group_by(
        holders.c.plan_id
    )
    return {row.plan_id: row.taken for row in await session.execute(query)}


async def _list_running(session: TenantSession, user_id: UUID, plan_ids: Sequence[UUID]) -> dict[UUID, datetime | None]:
    rows = await session.execute(
        select(Subscription.plan_id, Subscription.ends_at).where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.plan_id.in_(plan_ids),
            Subscription.status.in_(HOLDING),
        )
    )
    return {row.plan_id: row.ends_at for row in rows}


async def _load_audiences(
    session: TenantSession, user: User, plans: Sequence[Plan]
) -> dict[frozenset[UUID], Audience]:  # fmt: skip
    asked = {frozenset(plan.audience_plan_ids) for plan in plans if plan.audience != Audience.EVERYONE}
    if not asked:
        return {}
    person_ids = await _list_person_ids(session, user)
    return {named: await _load_audience(session, person_ids, named) for named in asked}


async def _list_person_ids(session: TenantSession, user: User) -> list[UUID]:
    # By way of the bots, of which a tenant has a few: the index on people begins with them.
    people = (
        select(User.id)
        .join(Bot, (Bot.tenant_id == User.tenant_id) & (Bot.id == User.bot_id))
        .where(Bot.tenant_id == session.tenant_id, User.telegram_id == user.telegram_id)
    )
    return list((await session.execute(people)).scalars())


async def _load_audience(session: TenantSession, person_ids: Sequence[UUID], named: frozenset[UUID]) -> Audience:
    has_paid = exists().where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id.in_(person_ids),
        Payment.status == PaymentStatus.SUCCEEDED,
        # What unused time of another plan paid for was paid, too.
        Payment.amount_minor + Payment.credit_minor > 0,
        *([Payment.plan_id.in_(named)] if named else []),
    )
    has_running = exists().where(
        Subscription.tenant_id == session.tenant_id,
        Subscription.user_id.in_(person_ids),
        Subscription.status.in_(HOLDING),
        *([Subscription.plan_id.in_(named)] if named else []),
    )
    paid, running = (await session.execute(select(has_paid, has_running))).one()
    return decide_audience(has_paid=paid, has_running=running)


async def _list_unlocked(session: TenantSession, user_id: UUID, plan_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await session.execute(
        select(PlanUnlock.plan_id, PlanUnlock.code).where(
            PlanUnlock.tenant_id == session.tenant_id,
            PlanUnlock.user_id == user_id,
            PlanUnlock.plan_id.in_(plan_ids),
        )
    )
    return {row.plan_id: row.code for row in rows}


async def _list_ordered(
    session: TenantSession, user_id: UUID, plan_ids: Sequence[UUID], *, now: datetime, is_gift: bool = False
) -> frozenset[UUID]:
    rows = await session.execute(
        select(Payment.plan_id).where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.plan_id.in_(plan_ids),
            Payment.created_at > now - PLACE_HELD_FOR,
            Payment.status.in_(OPEN_STATUSES),
            *((Payment.is_gift, Payment.superseded_at.is_(None)) if is_gift else (~Payment.is_gift,)),
        )
    )
    return frozenset(rows.scalars())
