"""Reminders before the end: each offset once for each end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendReminder
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import BotId
from lumenpay.models.subscriptions import Subscription, SubscriptionReminder, SubscriptionStatus
from lumenpay.subscriptions.autopay import is_renewing
from lumenpay.subscriptions.repository import (
    get_subscription,
    list_sent_of_running,
    list_sent_offsets,
    lock_running,
)
from lumenpay.subscriptions.rules import decide_next_reminder
from lumenpay.tenants.repository import get_own_tenant


async def plan_next_reminder(
    session: TenantSession, subscription: Subscription, *, offsets_seconds: Sequence[int], now: datetime
) -> None:
    """Store when the subscriber is reminded next."""
    ends_at = subscription.ends_at
    sent = set() if ends_at is None else await list_sent_offsets(session, subscription.id, ends_at=ends_at)
    upcoming = decide_next_reminder(ends_at, offsets_seconds=offsets_seconds, sent=sent, now=now)
    subscription.next_reminder_at = None if upcoming is None else upcoming[0]


async def replan_reminders(session: TenantSession, *, after: UUID, limit: int, now: datetime) -> UUID | None:
    """Store by the tenant's offsets of now when up to `limit` running subscriptions are reminded next. Safe to repeat.

    Return the last of them, to go on after; None at the end.
    """
    tenant = await get_own_tenant(session)
    subscriptions = await lock_running(session, after=after, limit=limit, now=now)
    sent = await list_sent_of_running(session, [subscription.id for subscription in subscriptions])
    for subscription in subscriptions:
        upcoming = decide_next_reminder(
            subscription.ends_at, offsets_seconds=tenant.reminder_offsets_seconds,
            sent=sent.get(subscription.id, set()), now=now,
        )  # fmt: skip
        subscription.next_reminder_at = None if upcoming is None else upcoming[0]
    return subscriptions[-1].id if subscriptions else None


async def claim_reminder(session: TenantSession, *, subscription_id: UUID, now: datetime) -> bool:
    """Record a due reminder and have it sent; False when it is not due any more, after a renewal for example.

    Safe to repeat: the reminder's row can be written once.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    due_at, ends_at = subscription.next_reminder_at, subscription.ends_at
    if subscription.status != SubscriptionStatus.ACTIVE or ends_at is None or due_at is None or due_at > now:
        return False
    offset_seconds = round((ends_at - due_at).total_seconds())
    written = await session.execute(
        insert(SubscriptionReminder)
        .values(
            tenant_id=session.tenant_id, subscription_id=subscription.id, ends_at=ends_at,
            offset_seconds=offset_seconds, created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(SubscriptionReminder.offset_seconds)
    )  # fmt: skip
    is_new = written.scalar_one_or_none() is not None
    tenant = await get_own_tenant(session)
    await plan_next_reminder(session, subscription, offsets_seconds=tenant.reminder_offsets_seconds, now=now)
    # Whose subscription renews by itself is told of the charge instead.
    if is_new and ends_at > now and not await is_renewing(session, subscription.id):
        await enqueue(
            session, SendReminder(subscription.id, offset_seconds), now=now, bot_id=BotId(subscription.bot_id)
        )
    return is_new
