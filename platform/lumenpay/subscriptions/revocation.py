"""Ending access by hand, before its time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.subscriptions.expiry import end_subscription
from lumenpay.subscriptions.repository import get_subscription

REVOKED = "revoked"


async def revoke_subscription(
    session: TenantSession, *, subscription_id: UUID, actor: Actor, now: datetime
) -> Subscription:
    """End a subscription now: what is left of its time is gone, and the person is taken out as at any other end.

    A later order starts from its own moment. Safe to repeat: one that has ended stays as it is.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    if subscription.status == SubscriptionStatus.EXPIRED:
        return subscription
    ended_at = subscription.ends_at
    details = {"user_id": str(subscription.user_id), "ends_at": ended_at.isoformat() if ended_at else None}
    record(session, actor=actor, action="subscription.revoked", subject_id=subscription.id, now=now, details=details)
    subscription.ends_at = subscription.access_ends_at = now
    # Periods cannot be changed by the application; this only shortens those that reach beyond now.
    await session.execute(select(func.cut_periods(subscription.id, now)))
    await end_subscription(session, subscription, reason=REVOKED, now=now)
    await session.flush()
    return subscription
