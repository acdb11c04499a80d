"""Taking what an order carried over from the old plan, at the moment when that order is granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import Payment
from lumenpay.models.plan_changes import ChangeKind, PlanChange
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.subscriptions.autopay import find_autopay, store_autopay, turn_off
from lumenpay.subscriptions.autopay_rules import decide_notice_at
from lumenpay.subscriptions.change_records import find_change, list_stretches, lock_old
from lumenpay.subscriptions.change_rules import decide_carried, decide_honoured, decide_looked_at
from lumenpay.subscriptions.expiry import end_subscription
from lumenpay.subscriptions.pausing import resume_locked
from lumenpay.subscriptions.reminders import plan_next_reminder
from lumenpay.subscriptions.rules import decide_access_end
from lumenpay.tenants.repository import get_own_tenant

PLAN_CHANGED: Final = "plan_changed"
"""Why a subscription ended, and its autopay with it."""
NOTHING_LEFT: Final = "nothing_left"
"""Why an order is closed that was to turn time into time, when that time is gone."""


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What of the quoted worth of an order is there when it is granted."""

    part_minor: int
    whole_minor: int
    autopay: dict[str, Any] | None = None
    """The saved method that renews the new plan from now on."""


async def is_worth_nothing(session: TenantSession, payment: Payment, *, now: datetime) -> bool:
    """Tell whether an order that costs nothing was to turn time into time, of which none is left."""
    change = await find_change(session, payment.id)
    if change is None or change.kind == ChangeKind.SAME_END:
        return False
    return not await _count_honoured(session, change, await lock_old(session, change), now=now)


async def take_from_old(
    session: TenantSession, payment: Payment, change: PlanChange, old: Subscription, *, now: datetime
) -> CarriedOver:
    """Take what a change carries over from the locked old subscription, which ends where nothing else is left of it.

    Time that was given, or paid in another currency, or bought after the quote, stays, and moves up. Of a quote that is
    older than an hour, or whose time was used in another way meanwhile, only what is left is honoured.
    """
    await resume_locked(session, old, by=PausedBy.PURCHASE, actor=SYSTEM, now=now)
    taken = await _count_honoured(session, change, old, now=now)
    whole = payment.amount_minor + change.credit_minor
    autopay = await _take_autopay(session, change, old, now=now)
    await session.flush()
    if change.kind == ChangeKind.SAME_END:
        await session.execute(select(func.cut_periods(old.id, now)))
    else:
        for source in reversed(change.sources):
            await session.execute(select(func.take_back_period(UUID(source["payment_id"]), now)))
    await _settle_end(session, old, now=now)
    honoured = sum(taken.values())
    change.applied_at, change.applied_credit_minor = now, honoured
    change.sources = [
        source | {"taken_minor": taken.get(UUID(source["payment_id"]), 0)} for source in change.sources
    ]  # fmt: skip
    # What this order's time is worth when it is carried on to a third plan.
    payment.credit_minor = honoured
    if change.kind in (ChangeKind.PAID, ChangeKind.TURNED):
        actor = Actor("user", change.user_id)
        record_change(session, change, actor=actor, subscription_id=old.id, now=now)
    await session.flush()
    return CarriedOver(payment.amount_minor + honoured, whole, autopay)


def record_change(
    session: TenantSession, change: PlanChange, *, actor: Actor, subscription_id: UUID, now: datetime
) -> None:
    """Write down who changed which plan, and what was carried over."""
    details = {
        "from_plan_id": str(change.from_plan_id), "to_plan_id": str(change.to_plan_id), "kind": str(change.kind),
        "payment_id": str(change.payment_id), "user_id": str(change.user_id), "quoted_minor": change.credit_minor,
        "credit_minor": change.applied_credit_minor, "currency": change.currency, "kept_seconds": change.kept_seconds,
    }  # fmt: skip
    record(
        session, actor=actor, action="subscription.plan_changed", subject_id=subscription_id, now=now, details=details
    )


async def carry_autopay(
    session: TenantSession, carried: CarriedOver, payment: Payment, subscription: Subscription, *, now: datetime
) -> None:
    """Have the new plan renewed with the method of the old one, where the person agreed to that."""
    present = await find_autopay(session, subscription.id)
    if carried.autopay is None or subscription.ends_at is None:
        return
    if present is not None and present.status == AutopayStatus.ON:
        return
    values = carried.autopay | {
        "consent_payment_id": payment.id, "next_step_at": decide_notice_at(subscription.ends_at), "created_at": now,
    }  # fmt: skip
    await store_autopay(session, subscription, values, now=now)
    details = {"payment_id": str(payment.id), "method": values["method_title"]}
    record(session, actor=SYSTEM, action="autopay.turned_on", subject_id=subscription.id, now=now, details=details)


async def _count_honoured(
    session: TenantSession, change: PlanChange, old: Subscription, *, now: datetime
) -> dict[UUID, int]:  # fmt: skip
    quoted = {UUID(source["payment_id"]): int(source["credit_minor"]) for source in change.sources}
    at = decide_looked_at(change.quoted_at, now=now)
    shares = decide_carried(await list_stretches(session, old), currency=change.currency, at=at)
    return decide_honoured(quoted=quoted, shares=shares)


async def _take_autopay(
    session: TenantSession, change: PlanChange, old: Subscription, *, now: datetime
) -> dict[str, Any] | None:
    autopay = await find_autopay(session, old.id, is_locked=True)
    kept = _describe(autopay) if autopay is not None and change.renews else None
    await turn_off(session, old.id, reason=PLAN_CHANGED, actor=SYSTEM, now=now)
    return kept


def _describe(autopay: Autopay) -> dict[str, Any] | None:
    if autopay.status != AutopayStatus.ON or autopay.shop_id == STARS_SHOP or autopay.method_ref is None:
        return None
    return {
        "bot_id": autopay.bot_id, "user_id": autopay.user_id, "status": AutopayStatus.ON,
        "method_ref": autopay.method_ref, "method_title": autopay.method_title, "shop_id": autopay.shop_id,
        "is_test": autopay.is_test, "noticed_end_at": None, "noticed_at": None, "last_failure": None,
        "last_failed_at": None, "off_reason": None, "off_at": None,
    }  # fmt: skip


async def _settle_end(session: TenantSession, old: Subscription, *, now: datetime) -> None:
    if old.status == SubscriptionStatus.EXPIRED:
        return
    latest = select(func.max(func.upper(SubscriptionPeriod.during))).where(
        SubscriptionPeriod.tenant_id == session.tenant_id,
        SubscriptionPeriod.subscription_id == old.id,
        ~func.isempty(SubscriptionPeriod.during),
    )
    left_until = (await session.execute(latest)).scalar_one()
    if left_until is None or left_until <= now:
        old.ends_at = old.access_ends_at = now
        await end_subscription(session, old, reason=PLAN_CHANGED, now=now, is_told=False)
        return
    tenant = await get_own_tenant(session)
    old.ends_at = left_until
    old.access_ends_at = decide_access_end(left_until, grace_seconds=tenant.grace_seconds)
    await plan_next_reminder(session, old, offsets_seconds=tenant.reminder_offsets_seconds, now=now)
