"""The end of a subscription: claimed by index, looked at again under lock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckPayment, RemoveMember, TellExpired
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog, Membership, WantedPlace
from lumenpay.models.ids import BotId
from lumenpay.models.pauses import PausedBy
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.subscriptions.autopay import ENDED, turn_off
from lumenpay.subscriptions.charges import decide_wait
from lumenpay.subscriptions.pause_records import close_pause
from lumenpay.subscriptions.repository import get_subscription, list_pending_orders
from lumenpay.subscriptions.rules import PENDING_GRACE, decide_access_end, decide_pending_grace
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.webhooks.facts import tell_access
from lumenpay.webhooks.outbox import publish


async def expire_subscription(session: TenantSession, *, subscription_id: UUID, now: datetime) -> bool:
    """End a subscription whose access is over, have the person told and taken out of its channels.

    False when it is not over: it was renewed meanwhile, somebody ended it before, or the person may be paying for more
    at this moment, for which it waits up to half an hour, or is being charged, for which it waits up to three hours.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    access_ends_at = subscription.access_ends_at
    if subscription.status != SubscriptionStatus.ACTIVE or access_ends_at is None or access_ends_at > now:
        return False
    if await _wait_for_payer(session, subscription, now=now) or await _wait_for_charge(session, subscription, now=now):
        return False
    await end_subscription(session, subscription, reason="", now=now)
    record(session, actor=SYSTEM, action="subscription.expired", subject_id=subscription.id, now=now)
    await session.flush()
    return True


async def end_subscription(
    session: TenantSession, subscription: Subscription, *, reason: str, now: datetime, is_told: bool = True
) -> None:
    """End a locked subscription now, have the person told and taken out of its channels; a pause of it ends too.

    Args:
        is_told: False where another message says so.
    """
    await close_pause(session, subscription, by=PausedBy.END, now=now)
    subscription.status, subscription.expired_at, subscription.next_reminder_at = SubscriptionStatus.EXPIRED, now, None
    session.add(
        AccessLog(
            tenant_id=session.tenant_id, id=new_uuid7(), action=AccessAction.EXPIRED, reason=reason,
            user_id=subscription.user_id, subscription_id=subscription.id, created_at=now,
        )
    )  # fmt: skip
    await publish(session, WebhookEventType.ACCESS_EXPIRED, tell_access(subscription, reason=reason), now=now)
    await turn_off(session, subscription.id, reason=ENDED, actor=SYSTEM, now=now)
    await request_removals(session, subscription, now=now)
    if is_told:
        bot_id = BotId(subscription.bot_id)
        await enqueue(session, TellExpired(subscription.id), now=now, bot_id=bot_id, dedupe_key=str(subscription.id))


async def _wait_for_payer(session: TenantSession, subscription: Subscription, *, now: datetime) -> bool:
    tenant = await get_own_tenant(session)
    own_end = decide_access_end(subscription.ends_at, grace_seconds=tenant.grace_seconds)
    orders = await list_pending_orders(session, subscription, since=now - PENDING_GRACE)
    opened_at = [order.created_at for order in orders]
    until = None if own_end is None else decide_pending_grace(own_end, orders_opened_at=opened_at, now=now)
    if until is None:
        return False
    subscription.access_ends_at = until
    details = {"until": until.isoformat()}
    record(session, actor=SYSTEM, action="subscription.end_waits", subject_id=subscription.id, now=now, details=details)
    for order in orders:
        bot_id = BotId(order.bot_id)
        await enqueue(session, CheckPayment(order.id), now=now, bot_id=bot_id, dedupe_key=str(order.id))
    await session.flush()
    return True


async def _wait_for_charge(session: TenantSession, subscription: Subscription, *, now: datetime) -> bool:
    tenant = await get_own_tenant(session)
    own_end = decide_access_end(subscription.ends_at, grace_seconds=tenant.grace_seconds)
    until = None if own_end is None else await decide_wait(session, subscription, own_end=own_end, now=now)
    if until is None:
        return False
    subscription.access_ends_at = until
    details = {"until": until.isoformat()}
    record(session, actor=SYSTEM, action="subscription.end_waits", subject_id=subscription.id, now=now, details=details)
    await session.flush()
    return True


async def request_removals(session: TenantSession, subscription: Subscription, *, now: datetime) -> None:
    """Have a person taken out of every channel that nothing opens to them any more."""
    bot_id = BotId(subscription.bot_id)
    for membership_id in await _list_memberships(session, subscription):
        await enqueue(session, RemoveMember(membership_id), now=now, bot_id=bot_id, dedupe_key=str(membership_id))


async def _list_memberships(session: TenantSession, subscription: Subscription) -> list[UUID]:
    rows = await session.execute(
        select(Membership.id).where(
            Membership.tenant_id == session.tenant_id,
            Membership.user_id == subscription.user_id,
            # Not only the plan's channels of today: one that was taken out of the plan since was paid for by it too.
            Membership.wanted == WantedPlace.INSIDE,
        )
    )
    return list(rows.scalars())
