"""Paid but not inside: running orders whose person is missing in a channel, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, exists, or_, select, text, union
from sqlalchemy.orm import aliased

from lumenpay.access.rules import MissingReason, decide_missing_reason
from lumenpay.channels.rules import can_invite
from lumenpay.db.counting import check_depth
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COUNT_CAP, CountedPage, PageRequest
from lumenpay.models.access import ActualPlace, Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User

_MOST_CONCERNED = 2 * COUNT_CAP
_INSIDE = (ActualPlace.INSIDE, ActualPlace.ADMIN)
# In the words of the partial indexes, so that a plan without the values uses them too.
_WAITING = text("payments.status = 'succeeded' AND payments.delivery_state NOT IN ('not_paid', 'joined')")
_GONE = text("memberships.wanted = 'inside' AND memberships.actual = 'outside'")


@dataclass(frozen=True, slots=True)
class MissingPlace:
    """A channel in which a payer is missing."""

    channel: Channel
    has_left: bool


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A paid order whose person is missing somewhere."""

    payment: Payment
    user: User
    plan_title: str
    places: Sequence[MissingPlace]
    reason: MissingReason


async def list_undelivered(session: TenantSession, page: PageRequest, *, now: datetime) -> CountedPage[Undelivered]:
    """Return the newest order of each running subscription whose person is missing in a channel, the oldest first.

    Raises:
        PageTooDeepError: The page lies beyond what is counted.
    """
    check_depth(page, is_narrowed=True)
    missing_ids = await _list_ids(session, now=now)
    shown = missing_ids[page.offset : min(page.offset + page.size, COUNT_CAP)]
    query = (
        select(Payment, User, Plan.title)
        .join(User, and_(User.tenant_id == Payment.tenant_id, User.id == Payment.user_id))
        .join(Plan, and_(Plan.tenant_id == Payment.tenant_id, Plan.id == Payment.plan_id))
        .where(Payment.tenant_id == session.tenant_id, Payment.id.in_(shown))
        .order_by(Payment.settled_at, Payment.id)
    )
    rows = [(row[0], row[1], row[2]) for row in await session.execute(query)]
    missing = await _list_places(session, [payment for payment, _, _ in rows])
    items = []
    for payment, user, title in rows:
        places = missing.get(payment.id, [])
        reason = decide_missing_reason(
            DeliveryState(payment.delivery_state),
            has_left=any(place.has_left for place in places),
            is_closed=any(not can_invite(place.channel) for place in places),
            has_blocked_bot=user.blocked_bot_at is not None,
        )
        items.append(Undelivered(payment, user, title, places, reason))
    return CountedPage(items, min(len(missing_ids), COUNT_CAP), len(missing_ids) <= COUNT_CAP)


async def _list_ids(session: TenantSession, *, now: datetime) -> list[UUID]:
    """Return whose order it is, the oldest first: few are concerned, and everything else is asked only about them."""
    tenant_id = session.tenant_id
    waiting = select(Payment.id).where(Payment.tenant_id == tenant_id, _WAITING)
    gone = select(Membership.user_id).where(Membership.tenant_id == tenant_id, _GONE)
    left = select(Payment.id).where(
        Payment.tenant_id == tenant_id, Payment.status == PaymentStatus.SUCCEEDED, Payment.user_id.in_(gone)
    )
    concerned = list((await session.execute(union(waiting, left).limit(_MOST_CONCERNED))).scalars())
    query = (
        select(Payment.id)
        .where(Payment.tenant_id == tenant_id, Payment.id == any_(bindparam("ids", concerned, ARRAY(Uuid()))))
        .where(*_conditions(now=now))
        .order_by(Payment.settled_at, Payment.id)
        .limit(COUNT_CAP + 1)
    )
    return list((await session.execute(query)).scalars())


def _conditions(*, now: datetime) -> list[ColumnElement[bool]]:
    later, subscription = aliased(Payment), aliased(Subscription)
    is_running = exists().where(
        subscription.tenant_id == Payment.tenant_id,
        subscription.user_id == Payment.user_id,
        subscription.plan_id == Payment.plan_id,
        subscription.status == SubscriptionStatus.ACTIVE,
        or_(subscription.access_ends_at.is_(None), subscription.access_ends_at > now),
    )
    is_newest = ~exists().where(
        later.tenant_id == Payment.tenant_id,
        later.user_id == Payment.user_id,
        later.plan_id == Payment.plan_id,
        later.status == PaymentStatus.SUCCEEDED,
        or_(
            later.settled_at > Payment.settled_at,
            and_(later.settled_at == Payment.settled_at, later.id > Payment.id),
        ),
    )
    inside = aliased(Membership)
    is_inside = (
        exists()
        .where(
            inside.tenant_id == PlanChannel.tenant_id,
            inside.channel_id == PlanChannel.channel_id,
            inside.user_id == Payment.user_id,
            inside.actual.in_(_INSIDE),
        )
        .correlate(PlanChannel, Payment)
    )
    is_missing = exists().where(
        PlanChannel.tenant_id == Payment.tenant_id, PlanChannel.plan_id == Payment.plan_id, ~is_inside
    )
    return [is_running, is_newest, is_missing]


async def _list_places(session: TenantSession, payments: Sequence[Payment]) -> dict[UUID, list[MissingPlace]]:
    rows = await session.execute(
        select(Payment.id, Channel, Membership)
        .join(PlanChannel, and_(PlanChannel.tenant_id == Payment.tenant_id, PlanChannel.plan_id == Payment.plan_id))
        .join(Channel, and_(Channel.tenant_id == PlanChannel.tenant_id, Channel.id == PlanChannel.channel_id))
        .outerjoin(
            Membership,
            and_(
                Membership.tenant_id == Channel.tenant_id,
                Membership.channel_id == Channel.id,
                Membership.user_id == Payment.user_id,
            ),
        )
        .where(Payment.tenant_id == session.tenant_id, Payment.id.in_([payment.id for payment in payments]))
        .order_by(Channel.title, Channel.id)
    )
    found: dict[UUID, list[MissingPlace]] = {}
    for payment_id, channel, membership in rows:
        if membership is not None and membership.actual in _INSIDE:
            continue
        has_left = (
            membership is not None
            and membership.actual == ActualPlace.OUTSIDE
            and (membership.joined_at is not None or membership.wanted == WantedPlace.INSIDE)
        )
        found.setdefault(payment_id, []).append(MissingPlace(channel, has_left))
    return found
