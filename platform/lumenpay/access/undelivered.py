"""Paid but not inside: running orders whose person is missing in a channel, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, and_, bindparam, select, text

from lumenpay.access.rules import MissingReason, decide_missing_reason
from lumenpay.channels.rules import can_invite
from lumenpay.db.counting import check_depth
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COUNT_CAP, CountedPage, PageRequest
from lumenpay.models.access import ActualPlace, Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.payments import DeliveryState, Payment
from lumenpay.models.plans import Plan, PlanChannel
from lumenpay.models.users import User
from lumenpay.users.rules import decide_reach

_INSIDE = (ActualPlace.INSIDE, ActualPlace.ADMIN)
# Few are concerned of many: it begins with the two indexes that hold nobody else, and looks at everything else person
# by person, which the limits and the offset keep the planner to. Orders that nobody used before they ran out are many
# in the end, so the subscription is asked before the place.
_MISSING = text("""
    WITH running AS MATERIALIZED (
      SELECT p.user_id, p.plan_id FROM payments p
      CROSS JOIN LATERAL (
        SELECT FROM subscriptions s
        WHERE s.tenant_id = :tenant_id AND s.status = 'active' AND s.user_id = p.user_id AND s.plan_id = p.plan_id
          AND (s.access_ends_at IS NULL OR s.access_ends_at > :now) LIMIT 1) s
      WHERE p.tenant_id = :tenant_id AND p.status = 'succeeded' AND p.delivery_state NOT IN ('not_paid', 'joined')
        AND NOT p.is_gift
    ), missing AS MATERIALIZED (
      SELECT r.user_id, r.plan_id FROM running r
      WHERE EXISTS (
        SELECT FROM plan_channels c
        WHERE c.tenant_id = :tenant_id AND c.plan_id = r.plan_id AND NOT EXISTS (
          SELECT FROM memberships m
          WHERE m.tenant_id = :tenant_id AND m.channel_id = c.channel_id AND m.user_id = r.user_id
            AND m.actual IN ('inside', 'admin')))
      UNION
      SELECT m.user_id, s.plan_id FROM memberships m
      CROSS JOIN LATERAL (
        SELECT s.plan_id FROM subscriptions s
        WHERE s.tenant_id = :tenant_id AND s.status = 'active' AND s.user_id = m.user_id
          AND (s.access_ends_at IS NULL OR s.access_ends_at > :now)
          AND EXISTS (
            SELECT FROM plan_channels c
            WHERE c.tenant_id = :tenant_id AND c.plan_id = s.plan_id AND c.channel_id = m.channel_id)
        OFFSET 0) s
      WHERE m.tenant_id = :tenant_id AND m.wanted = 'inside' AND m.actual = 'outside'
    )
    SELECT newest.id FROM missing o
    CROSS JOIN LATERAL (
      SELECT p.id, p.settled_at FROM payments p
      WHERE p.tenant_id = :tenant_id AND p.user_id = o.user_id AND p.plan_id = o.plan_id AND p.status = 'succeeded'
        AND NOT p.is_gift
      ORDER BY p.settled_at DESC, p.id DESC LIMIT 1) newest
    ORDER BY newest.settled_at, newest.id LIMIT :most
""").bindparams(
    bindparam("tenant_id", type_=Uuid()), bindparam("now", type_=DateTime(timezone=True)),
    bindparam("most", type_=Integer()),
)  # fmt: skip


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
    check_depth(page, cap=COUNT_CAP)
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
            reach=decide_reach(met_at=user.met_at, blocked_bot_at=user.blocked_bot_at),
        )
        items.append(Undelivered(payment, user, title, places, reason))
    return CountedPage(items, min(len(missing_ids), COUNT_CAP), len(missing_ids) <= COUNT_CAP)


async def _list_ids(session: TenantSession, *, now: datetime) -> list[UUID]:
    values = {"tenant_id": session.tenant_id, "now": now, "most": COUNT_CAP + 1}
    return list((await session.execute(_MISSING, values)).scalars())


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
