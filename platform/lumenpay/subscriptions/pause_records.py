"""SQL of pauses, and the end of one in the books."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.models.pauses import PausedBy, SubscriptionPause
from lumenpay.models.subscriptions import Subscription
from lumenpay.subscriptions.pause_rules import move_end


async def find_open_pause(session: TenantSession, subscription_id: UUID) -> SubscriptionPause | None:
    """Return the pause that a subscription is in, as it stands now; its subscription's lock is its own."""
    query = select(SubscriptionPause).where(
        SubscriptionPause.tenant_id == session.tenant_id,
        SubscriptionPause.subscription_id == subscription_id,
        SubscriptionPause.ended_at.is_(None),
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def find_pause(session: TenantSession, pause_id: UUID) -> SubscriptionPause | None:
    """Return a pause, open or ended."""
    query = select(SubscriptionPause).where(
        SubscriptionPause.tenant_id == session.tenant_id, SubscriptionPause.id == pause_id
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def count_own_pauses(session: TenantSession, subscription_id: UUID, *, since: datetime) -> int:
    """Return how many pauses of a subscription its person began since a moment."""
    query = (
        select(func.count())
        .select_from(SubscriptionPause)
        .where(
            SubscriptionPause.tenant_id == session.tenant_id,
            SubscriptionPause.subscription_id == subscription_id,
            SubscriptionPause.started_by == PausedBy.SUBSCRIBER,
            SubscriptionPause.started_at > since,
        )
    )
    return (await session.execute(query)).scalar_one()


async def close_pause(
    session: TenantSession, subscription: Subscription, *, by: PausedBy, now: datetime
) -> SubscriptionPause | None:
    """Write into the books that the pause of a locked subscription ended; nothing where it is in none.

    The caller gives the subscription its new status next: without a pause it is not paused.
    """
    pause = await find_open_pause(session, subscription.id)
    subscription.paused_until_at = None
    if pause is not None:
        pause.ended_at, pause.ended_by, pause.next_step_at = now, by, None
    return pause


async def move_time(session: TenantSession, subscription: Subscription, *, from_at: datetime, to_at: datetime) -> None:
    """Move what a locked subscription has after one moment, so that it lies after another; its length stays.

    Periods cannot be changed by the application: the function moves those of one subscription, in good order.
    """
    await session.flush()
    await session.execute(select(func.move_periods(subscription.id, from_at, to_at)))
    if subscription.ends_at is not None:
        subscription.ends_at = move_end(subscription.ends_at, from_at=from_at, to_at=to_at)
