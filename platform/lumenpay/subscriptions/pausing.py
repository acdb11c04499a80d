"""Pausing a subscription and having it run again: its time stands still, to the second, whoever begins or ends it.

While paused, what is left lies beyond the longest end of the pause, so that nothing of it can pass meanwhile; when the
pause ends earlier, it moves up to that moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import DeliverAccess, TellPause
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.ids import BotId, SubscriptionId
from lumenpay.models.pauses import PausedBy, SubscriptionPause
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.repository import list_to_deliver
from lumenpay.subscriptions.autopay import hold_steps, plan_next_step
from lumenpay.subscriptions.errors import PauseRefusedError
from lumenpay.subscriptions.expiry import request_removals
from lumenpay.subscriptions.leaving_rules import find_leaving_rules
from lumenpay.subscriptions.pause_records import close_pause, count_own_pauses, find_open_pause, move_time
from lumenpay.subscriptions.pause_rules import (
    NOT_ALLOWED,
    PAUSE_YEAR,
    decide_first_step,
    decide_own_refusal,
    decide_pause_refusal,
    decide_resumed_at,
)
from lumenpay.subscriptions.reminders import plan_next_reminder
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.subscriptions.rules import decide_access_end
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user
from lumenpay.users.service import require_present

PAUSED, SOON, RESUMED = "paused", "soon", "resumed"
"""What `TellPause` is about."""


async def find_refusal(session: TenantSession, subscription: Subscription, *, now: datetime) -> str:
    """Return why a person may not pause their subscription now; empty when they may."""
    refusal = decide_pause_refusal(SubscriptionStatus(subscription.status), ends_at=subscription.ends_at, now=now)
    if refusal:
        return refusal
    rules = await find_leaving_rules(session, subscription.plan_id)
    if rules is None:
        return NOT_ALLOWED
    taken = await count_own_pauses(session, subscription.id, since=now - PAUSE_YEAR)
    return decide_own_refusal(pause_days=rules.pause_days, pauses_a_year=rules.pauses_a_year, taken=taken)


async def pause_own(session: TenantSession, *, subscription_id: UUID, actor: Actor, now: datetime) -> Subscription:
    """Pause a person's subscription for as long as its plan allows. Safe to repeat: a paused one stays as it is.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
        PauseRefusedError: The plan allows no pause, or no further one; or nothing is left to keep.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    if subscription.status == SubscriptionStatus.PAUSED:
        return subscription
    if refusal := await find_refusal(session, subscription, now=now):
        raise PauseRefusedError(refusal)
    rules = await find_leaving_rules(session, subscription.plan_id)
    assert rules is not None  # noqa: S101 - else it was refused
    until_at = now + timedelta(days=rules.pause_days)
    await _pause(session, subscription, until_at=until_at, by=PausedBy.SUBSCRIBER, actor=actor, now=now)
    return subscription


async def pause_for(
    session: TenantSession, *, subscription_id: UUID, days: int, actor: Actor, now: datetime
) -> Subscription:
    """Pause a subscription for the team, whatever its plan allows its people. Safe to repeat: a paused one stays.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
        UserForgottenError: Its person asked to be forgotten.
        PauseRefusedError: Nothing is left to keep, or it has no end.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    require_present(await get_user(session, subscription.user_id))
    if subscription.status == SubscriptionStatus.PAUSED:
        return subscription
    if refusal := decide_pause_refusal(
        SubscriptionStatus(subscription.status), ends_at=subscription.ends_at, now=now
    ):  # fmt: skip
        raise PauseRefusedError(refusal)
    until_at = now + timedelta(days=days)
    pause = await _pause(session, subscription, until_at=until_at, by=PausedBy.TEAM, actor=actor, now=now)
    await _tell(session, subscription, pause, PAUSED, now=now)
    return subscription


async def resume(
    session: TenantSession, *, subscription_id: UUID, by: PausedBy, actor: Actor, now: datetime
) -> Subscription:
    """Have a paused subscription run again with all that was left of it. Safe to repeat: another one stays as it is.

    Raises:
        SubscriptionNotFoundError: Unknown to this tenant.
    """
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    pause = await resume_locked(session, subscription, by=by, actor=actor, now=now)
    if pause is None:
        return subscription
    if by is not PausedBy.SUBSCRIBER:
        await _tell(session, subscription, pause, RESUMED, now=now)
    orders = await list_to_deliver(session, user_id=subscription.user_id)
    payment = next((order for order in orders if order.plan_id == subscription.plan_id), None)
    if payment is not None:
        bot_id = BotId(subscription.bot_id)
        await enqueue(session, DeliverAccess(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))
    return subscription


async def resume_locked(
    session: TenantSession, subscription: Subscription, *, by: PausedBy, actor: Actor, now: datetime
) -> SubscriptionPause | None:
    """Have a locked subscription run again, without a message or a link; nothing where it is not paused."""
    until_at = subscription.paused_until_at
    if subscription.status != SubscriptionStatus.PAUSED or until_at is None:
        return None
    pause = await find_open_pause(session, subscription.id)
    # Also where it is noticed late: nobody loses a second during which the doors were still closed.
    resumed_at = now if pause is None else decide_resumed_at(started_at=pause.started_at, now=now)
    await move_time(session, subscription, from_at=until_at, to_at=resumed_at)
    await close_pause(session, subscription, by=by, now=now)
    subscription.status = SubscriptionStatus.ACTIVE
    tenant = await get_own_tenant(session)
    subscription.access_ends_at = decide_access_end(subscription.ends_at, grace_seconds=tenant.grace_seconds)
    await plan_next_reminder(session, subscription, offsets_seconds=tenant.reminder_offsets_seconds, now=now)
    await plan_next_step(session, subscription)
    _log(session, subscription, AccessAction.RESUMED, reason=by.value, now=now)
    details = {"by": by.value, "ends_at": subscription.ends_at.isoformat() if subscription.ends_at else None}
    record(session, actor=actor, action="subscription.resumed", subject_id=subscription.id, now=now, details=details)
    await session.flush()
    return pause


async def take_due_pause_step(session: TenantSession, *, subscription_id: UUID, now: datetime) -> None:
    """Have the person told that a pause ends soon, or end it, whichever is due. Safe to run many times at once."""
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    pause = await find_open_pause(session, subscription_id)
    if pause is None or pause.next_step_at is None or pause.next_step_at > now:
        return
    if pause.until_at <= now:
        await resume(session, subscription_id=subscription_id, by=PausedBy.CLOCK, actor=SYSTEM, now=now)
        return
    pause.told_at, pause.next_step_at = now, pause.until_at
    await _tell(session, subscription, pause, SOON, now=now)
    await session.flush()


async def _pause(
    session: TenantSession, subscription: Subscription, *, until_at: datetime, by: PausedBy, actor: Actor,
    now: datetime,
) -> SubscriptionPause:  # fmt: skip
    assert subscription.ends_at is not None  # noqa: S101 - one without an end is refused
    pause = SubscriptionPause(
        tenant_id=session.tenant_id, id=new_uuid7(), subscription_id=SubscriptionId(subscription.id), started_by=by,
        started_at=now, until_at=until_at, next_step_at=decide_first_step(started_at=now, until_at=until_at),
    )  # fmt: skip
    session.add(pause)
    left = subscription.ends_at - now
    await move_time(session, subscription, from_at=now, to_at=until_at)
    subscription.status, subscription.paused_until_at = SubscriptionStatus.PAUSED, until_at
    subscription.access_ends_at, subscription.next_reminder_at = now, None
    await hold_steps(session, subscription.id)
    _log(session, subscription, AccessAction.PAUSED, reason=by.value, now=now)
    details = {"by": by.value, "until_at": until_at.isoformat(), "left_seconds": round(left.total_seconds())}
    record(session, actor=actor, action="subscription.paused", subject_id=subscription.id, now=now, details=details)
    await request_removals(session, subscription, now=now)
    await session.flush()
    return pause


def _log(
    session: TenantSession, subscription: Subscription, action: AccessAction, *, reason: str, now: datetime
) -> None:
    session.add(
        AccessLog(
            tenant_id=session.tenant_id, id=new_uuid7(), action=action, reason=reason,
            user_id=subscription.user_id, subscription_id=subscription.id, created_at=now,
        )
    )  # fmt: skip


async def _tell(
    session: TenantSession, subscription: Subscription, pause: SubscriptionPause, about: str, *, now: datetime
) -> None:
    bot_id, key = BotId(subscription.bot_id), f"{about}-{pause.id}"
    await enqueue(session, TellPause(pause.id, about), now=now, bot_id=bot_id, dedupe_key=key)
