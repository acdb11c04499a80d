"""Broadcasts that go to each person by themselves: who has come to the bot, or left an order unpaid, a while ago.

Such a broadcast runs until it is stopped. Each look of the clock adds to its audience whoever is due by then; nobody is
added twice, and nobody whose time came while it stood still for more than a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import ColumnElement, CursorResult, and_, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from lumenpay.broadcasts.audience import select_audience
from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import SubscriptionCharge
from lumenpay.models.broadcasts import BroadcastRecipient, BroadcastTrigger, RecipientState, ScheduledBroadcast
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.users.rules import BY_IMPORT

LOOKS_EVERY: Final = timedelta(minutes=1)
_WORTH_FOR: Final = timedelta(days=1)
_MOST_AT_ONCE: Final = 1_000
_UNPAID = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.CANCELED)


async def add_due(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Add to the audience of a locked broadcast whose time has come. Safe to repeat."""
    assert broadcast.started_at is not None  # noqa: S101 - it runs
    until = now - timedelta(minutes=broadcast.delay_minutes)
    since = max(broadcast.started_at, until - _WORTH_FOR)
    came = _left_unpaid if broadcast.trigger == BroadcastTrigger.UNFINISHED_PURCHASE else _came
    waiting = literal(RecipientState.WAITING.value)
    due = select_audience(session, broadcast, now=now).where(
        came(session, since=since, until=until), ~_is_in(session, broadcast)
    )
    rows = due.limit(_MOST_AT_ONCE).with_only_columns(
        literal(session.tenant_id), literal(broadcast.id), User.id, waiting, literal(now)
    )
    columns = ["tenant_id", "broadcast_id", "user_id", "state", "changed_at"]
    done = await session.execute(insert(BroadcastRecipient).from_select(columns, rows).on_conflict_do_nothing())
    broadcast.total_count = (broadcast.total_count or 0) + cast("CursorResult[object]", done).rowcount
    await session.flush()


def _came(_session: TenantSession, *, since: datetime, until: datetime) -> ColumnElement[bool]:
    # Whoever is on an imported list was written down before they came; the last condition is for the index.
    has_come = and_(User.met_at >= since, User.met_at <= until)
    return and_(has_come, or_(User.created_at >= since, User.source == BY_IMPORT))


def _left_unpaid(session: TenantSession, *, since: datetime, until: datetime) -> ColumnElement[bool]:
    # The last order of somebody who has no access; a charge that failed is not an order, and is told of by itself.
    order, other, running = Payment, aliased(Payment), Subscription
    is_of_user = and_(other.tenant_id == order.tenant_id, other.user_id == order.user_id)
    is_paid_since = and_(other.status == PaymentStatus.SUCCEEDED, other.settled_at >= order.created_at)
    went_on = exists().where(is_of_user, or_(other.created_at > order.created_at, is_paid_since))
    is_charge = exists().where(
        SubscriptionCharge.tenant_id == order.tenant_id, SubscriptionCharge.payment_id == order.id
    )  # fmt: skip
    has_access = exists().where(
        running.tenant_id == session.tenant_id, running.user_id == User.id, running.status == SubscriptionStatus.ACTIVE
    )
    left = select(order.id).where(
        order.tenant_id == session.tenant_id, order.user_id == User.id, order.created_at >= since,
        order.created_at <= until, order.status.in_(_UNPAID), ~went_on, ~is_charge,
    )  # fmt: skip
    return and_(left.exists(), ~has_access)


def _is_in(session: TenantSession, broadcast: ScheduledBroadcast) -> ColumnElement[bool]:
    return exists().where(
        BroadcastRecipient.tenant_id == session.tenant_id, BroadcastRecipient.broadcast_id == broadcast.id,
        BroadcastRecipient.user_id == User.id,
    )  # fmt: skip
