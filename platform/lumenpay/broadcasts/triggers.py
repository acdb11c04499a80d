"""Broadcasts that go to each person by themselves: who came, left an order unpaid, or lost their access a while ago.

Such a broadcast runs until it is stopped. Each look of the clock adds to its audience whoever is due by then; nobody is
added twice, and nobody whose time came while it stood still for more than a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    SQLColumnExpression,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from lumenpay.broadcasts.audience import select_audience
from lumenpay.broadcasts.ledger import add_to_figures
from lumenpay.broadcasts.readers_days import express_due_at
from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.autopays import SubscriptionCharge
from lumenpay.models.broadcasts import BroadcastRecipient, BroadcastTrigger, RecipientState, ScheduledBroadcast
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.users.rules import BY_IMPORT
from lumenpay.win_backs.repository import is_taken_care_of, select_refunded

LOOKS_EVERY: Final = timedelta(minutes=1)
_WORTH_FOR: Final = timedelta(days=1)
_MOST_AT_ONCE: Final = 1_000
_UNPAID = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.CANCELED)
_BEING_PAID = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.WAITING_FOR_CAPTURE)
_WITH_ACCESS = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)
_WITHOUT_ACCESS = (BroadcastTrigger.UNFINISHED_PURCHASE, BroadcastTrigger.EXPIRED)
"""They are for nobody who has bought since."""


async def add_due(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Add to the audience of a locked broadcast whose time has come; at night they wait for morning. Safe to repeat."""
    assert broadcast.started_at is not None  # noqa: S101 - it runs
    waiting = literal(RecipientState.WAITING.value)
    due = select_audience(session, broadcast, now=now).where(
        _is_due(session, broadcast, now=now), ~_is_in(session, broadcast)
    )
    rows = due.limit(_MOST_AT_ONCE).with_only_columns(
        literal(session.tenant_id), literal(broadcast.id), User.id, waiting, literal(now),
        await express_due_at(session, broadcast, now=now),
    )  # fmt: skip
    columns = ["tenant_id", "broadcast_id", "user_id", "state", "changed_at", "due_at"]
    done = await session.execute(insert(BroadcastRecipient).from_select(columns, rows).on_conflict_do_nothing())
    broadcast.total_count = (broadcast.total_count or 0) + cast("CursorResult[object]", done).rowcount
    await session.flush()


async def leave_out_buyers(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Leave out of a locked broadcast for people without access whoever has bought while they waited."""
    if broadcast.trigger not in _WITHOUT_ACCESS:
        return
    row = BroadcastRecipient
    done = await session.execute(
        update(row)
        .where(
            row.tenant_id == session.tenant_id, row.broadcast_id == broadcast.id, row.state == RecipientState.WAITING,
            _has_access(session, row.user_id),
        )
        .values(state=RecipientState.SKIPPED, reason="has_access", changed_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    count = cast("CursorResult[object]", done).rowcount
    if count:
        await add_to_figures(session, broadcast.id, {RecipientState.SKIPPED: count})
        await session.refresh(broadcast)


def _is_due(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> ColumnElement[bool]:
    assert broadcast.started_at is not None  # noqa: S101 - it runs
    delay = timedelta(minutes=broadcast.delay_minutes)
    until = now - delay
    since = max(broadcast.started_at, until - _WORTH_FOR)
    if broadcast.trigger == BroadcastTrigger.UNFINISHED_PURCHASE:
        return _left_unpaid(session, since=since, until=until)
    if broadcast.trigger == BroadcastTrigger.EXPIRED:
        # Their time comes after it began; the end itself may lie before.
        since = max(broadcast.started_at - delay, until - _WORTH_FOR)
        return and_(_ended(session, since=since, until=until), ~is_taken_care_of(session, User.id, now=now))
    return _came(since=since, until=until)


def _came(*, since: datetime, until: datetime) -> ColumnElement[bool]:
    # Whoever is on an imported list was written down before they came; the last condition is for the index.
    has_come = and_(User.met_at >= since, User.met_at <= until)
    return and_(has_come, or_(User.created_at >= since, User.source == BY_IMPORT))


def _left_unpaid(session: TenantSession, *, since: datetime, until: datetime) -> ColumnElement[bool]:
    # The last order of somebody who has no access; a charge that failed is not an order, and is told of by itself.
    order, other = Payment, aliased(Payment)
    is_of_user = and_(other.tenant_id == order.tenant_id, other.user_id == order.user_id)
    is_paid_since = and_(other.status == PaymentStatus.SUCCEEDED, other.settled_at >= order.created_at)
    went_on = exists().where(is_of_user, or_(other.created_at > order.created_at, is_paid_since))
    is_charge = exists().where(
        SubscriptionCharge.tenant_id == order.tenant_id, SubscriptionCharge.payment_id == order.id
    )  # fmt: skip
    left = select(order.id).where(
        order.tenant_id == session.tenant_id, order.user_id == User.id, order.created_at >= since,
        order.created_at <= until, order.status.in_(_UNPAID), ~went_on, ~is_charge,
    )  # fmt: skip
    return and_(left.exists(), ~_has_access(session, User.id))


def _ended(session: TenantSession, *, since: datetime, until: datetime) -> ColumnElement[bool]:
    # The last end, by itself, of somebody who has no other subscription; nobody is called back who was thrown out, has
    # got their money back, or is paying at this moment. The few whose time it is are found first, by their index.
    ended = (
        select(Subscription.id, Subscription.user_id, Subscription.expired_at)
        .where(
            Subscription.tenant_id == session.tenant_id, Subscription.status == SubscriptionStatus.EXPIRED,
            Subscription.expired_at >= since, Subscription.expired_at <= until,
        )
        .cte("ended").prefix_with("MATERIALIZED")
        .c
    )  # fmt: skip
    other = aliased(Subscription)
    has_other = exists().where(
        other.tenant_id == session.tenant_id, other.user_id == ended.user_id, other.id != ended.id,
        or_(other.status != SubscriptionStatus.EXPIRED, other.expired_at > ended.expired_at),
    )  # fmt: skip
    was_cut = exists().where(
        AccessLog.tenant_id == session.tenant_id, AccessLog.subscription_id == ended.id,
        AccessLog.action == AccessAction.EXPIRED, AccessLog.created_at == ended.expired_at, AccessLog.reason != "",
    )  # fmt: skip
    is_paying = exists().where(
        Payment.tenant_id == session.tenant_id, Payment.user_id == ended.user_id, Payment.status.in_(_BEING_PAID),
        Payment.superseded_at.is_(None),
    )  # fmt: skip
    refunded = select_refunded(session, ended.id).scalar_subquery()
    return User.id.in_(
        select(ended.user_id).where(~has_other, ~was_cut, ~is_paying, func.coalesce(refunded, 0) == 0)
    )  # fmt: skip


def _has_access(session: TenantSession, user_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(
        Subscription.tenant_id == session.tenant_id, Subscription.user_id == user_id,
        Subscription.status.in_(_WITH_ACCESS),
    )  # fmt: skip


def _is_in(session: TenantSession, broadcast: ScheduledBroadcast) -> ColumnElement[bool]:
    return exists().where(
        BroadcastRecipient.tenant_id == session.tenant_id, BroadcastRecipient.broadcast_id == broadcast.id,
        BroadcastRecipient.user_id == User.id,
    )  # fmt: skip
