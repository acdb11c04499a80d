"""What a payment's fate does, in one transaction: state, grant, period, ledger, promo code, logs and jobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range, insert

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.following import note_paid
from lumenpay.jobs.catalogue import DeliverAccess, TellPaymentFailed
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, AccessLog
from lumenpay.models.ids import BotId
from lumenpay.models.pauses import PausedBy
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionStatus
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.payments import ledger
from lumenpay.payments.errors import PaymentTransitionError
from lumenpay.payments.links import close_link
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.repository import get_payment
from lumenpay.payments.rules import can_move, find_mismatch
from lumenpay.payments.terms import FREE, GIFT, IMPORT, MANUAL
from lumenpay.payments.transitions import move_payment
from lumenpay.plans.trials import give_trial_back
from lumenpay.promo_codes.redemption import release_use, settle_use
from lumenpay.referrals.purchases import note_purchase
from lumenpay.subscriptions.autopay import bind_method, plan_next_step
from lumenpay.subscriptions.change_applying import (
    NOTHING_LEFT,
    CarriedOver,
    carry_autopay,
    is_worth_nothing,
    take_from_old,
)
from lumenpay.subscriptions.change_records import find_change, lock_old
from lumenpay.subscriptions.change_rules import scale_time
from lumenpay.subscriptions.charges import follow_failed_charge, follow_paid_charge
from lumenpay.subscriptions.gift_orders import put_aside_gift
from lumenpay.subscriptions.pausing import resume_locked
from lumenpay.subscriptions.plan_limits import note_plan_taken
from lumenpay.subscriptions.reminders import plan_next_reminder
from lumenpay.subscriptions.repository import ensure_subscription
from lumenpay.subscriptions.rules import Period, decide_access_end, decide_period
from lumenpay.subscriptions.star_renewals import bind_star_subscription
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.webhooks.facts import tell_access
from lumenpay.webhooks.outbox import publish

NOTHING_TO_ADD: Final = "nothing_to_add"
"""Why a paid order waits for a human: access has no end, so its money could not buy any time."""


class SettlementOutcome(StrEnum):
    """What the gateway's word changed."""

    GRANTED = "granted"
    CANCELED = "canceled"
    STILL_OPEN = "still_open"
    ALREADY_SETTLED = "already_settled"
    QUARANTINED = "quarantined"


async def settle_payment(
    session: TenantSession, *, payment_id: UUID, observed: GatewayPayment, now: datetime
) -> SettlementOutcome:
    """Act on what the gateway said of a payment when it was asked with the shop's own keys.

    Safe to repeat and to run from many places at once: the payment is locked, and one payment is granted once.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
    """
    payment = await get_payment(session, payment_id, is_locked=True)
    mismatch = find_mismatch(
        observed,
        payment_id=str(payment.id),
        provider_payment_id=payment.provider_payment_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        shop_id=payment.shop_id,
        is_test=payment.is_test,
    )
    if mismatch:
        return await _quarantine(session, payment, mismatch, now=now)
    payment.provider_payment_id = observed.id
    payment.confirmation_url = observed.confirmation_url or payment.confirmation_url
    payment.method = observed.method or payment.method
    await session.flush()
    current = PaymentStatus(payment.status)
    if observed.status is PaymentStatus.SUCCEEDED and current is PaymentStatus.SUCCEEDED:
        await note_paid(session, payment, registration=observed.receipt_registration, now=now)
    if observed.status == current:
        is_open = current in (PaymentStatus.PENDING, PaymentStatus.WAITING_FOR_CAPTURE)
        return SettlementOutcome.STILL_OPEN if is_open else SettlementOutcome.ALREADY_SETTLED
    if not can_move(current, observed.status):
        return SettlementOutcome.ALREADY_SETTLED
    if observed.status is PaymentStatus.SUCCEEDED:
        await move_payment(session, payment, PaymentStatus.SUCCEEDED, now=now, delivery_state=DeliveryState.PAID)
        await _grant(session, payment, now=now, observed=observed)
        # Whatever becomes of the receipt, the access is there.
        await note_paid(session, payment, registration=observed.receipt_registration, now=now)
        return SettlementOutcome.GRANTED
    if observed.status is PaymentStatus.CANCELED:
        await _cancel(session, payment, reason=observed.cancellation_reason or "", now=now)
        return SettlementOutcome.CANCELED
    await move_payment(session, payment, observed.status, now=now)
    return SettlementOutcome.STILL_OPEN


async def settle_free_order(session: TenantSession, *, payment_id: UUID, now: datetime) -> SettlementOutcome:
    """Grant an order that costs nothing: a promo code or a giver paid for it, or the tenant gives it. Safe to repeat.

    Raises:
        PaymentTransitionError: The order costs money.
    """
    payment = await get_payment(session, payment_id, is_locked=True)
    if payment.provider not in (FREE, MANUAL, IMPORT, GIFT) or payment.amount_minor:
        raise PaymentTransitionError("not a free order")
    if payment.status == PaymentStatus.SUCCEEDED:
        return SettlementOutcome.ALREADY_SETTLED
    if await is_worth_nothing(session, payment, now=now):
        await _cancel(session, payment, reason=NOTHING_LEFT, now=now)
        return SettlementOutcome.CANCELED
    await move_payment(session, payment, PaymentStatus.SUCCEEDED, now=now, delivery_state=DeliveryState.PAID)
    await _grant(session, payment, now=now)
    return SettlementOutcome.GRANTED


async def _grant(
    session: TenantSession, payment: Payment, *, now: datetime, observed: GatewayPayment | None = None
) -> None:
    if payment.is_gift:
        await put_aside_gift(session, payment, now=now)
        return
    change = await find_change(session, payment.id)
    old = None if change is None else await lock_old(session, change)
    subscription = await ensure_subscription(session, payment, now=now)
    granted = await session.execute(
        insert(Grant)
        .values(tenant_id=session.tenant_id, payment_id=payment.id, subscription_id=subscription.id, granted_at=now)
        .on_conflict_do_nothing()
        .returning(Grant.payment_id)
    )
    if granted.scalar_one_or_none() is None:
        return
    if not (payment.is_autopay or payment.provider == MANUAL):
        # Whoever buys wants to be inside; what the team gives, or a charge on its way brings, waits with the rest.
        await resume_locked(session, subscription, by=PausedBy.PURCHASE, actor=SYSTEM, now=now)
    carried: CarriedOver | None = None
    if change is not None and old is not None:
        carried = await take_from_old(session, payment, change, old, now=now)
    has_period = await extend_by_payment(session, subscription, payment, carried=carried, now=now)
    await note_plan_taken(session, payment, now=now)
    payment.delivery_state = DeliveryState.GRANTED
    await ledger.post_payment(session, payment, now=now)
    await settle_use(session, payment.id)
    await note_purchase(session, payment, now=now)
    _write_down_grant(session, payment, subscription, has_period=has_period, now=now)
    facts = tell_access(subscription, payment_id=payment.id, provider=payment.provider)
    await publish(session, WebhookEventType.ACCESS_GRANTED, facts, now=now)
    bot_id = BotId(payment.bot_id)
    if payment.provider != IMPORT:  # Thousands at once: whoever carries the list out says when each has its turn.
        await enqueue(session, DeliverAccess(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))
    await close_link(session, payment, now=now)
    if carried is not None:
        await carry_autopay(session, carried, payment, subscription, now=now)
    await _follow_autopay(session, payment, subscription, observed, now=now)
    await session.flush()


def _write_down_grant(
    session: TenantSession, payment: Payment, subscription: Subscription, *, has_period: bool, now: datetime
) -> None:
    session.add(
        AccessLog(
            tenant_id=session.tenant_id, id=new_uuid7(), action=AccessAction.GRANTED, user_id=payment.user_id,
            reason="" if has_period else NOTHING_TO_ADD, payment_id=payment.id, subscription_id=subscription.id,
            created_at=now,
        )
    )  # fmt: skip
    if payment.provider not in (MANUAL, IMPORT):  # Nobody paid: who gave it is recorded, with what was given.
        record(session, actor=SYSTEM, action="payment.succeeded", subject_id=payment.id, now=now)
    if not has_period:
        # Two links of a lifetime were paid: the money is booked, and somebody has to give it back.
        payment.quarantine_reason = NOTHING_TO_ADD
        record(session, actor=SYSTEM, action=f"payment.{NOTHING_TO_ADD}", subject_id=payment.id, now=now)


async def _follow_autopay(
    session: TenantSession, payment: Payment, subscription: Subscription, observed: GatewayPayment | None, *,
    now: datetime,
) -> None:  # fmt: skip
    if observed is not None and observed.is_renewing:
        await bind_star_subscription(session, payment, subscription, now=now)
    if payment.saves_method and observed is not None:
        await bind_method(session, payment, subscription, observed, now=now)
    if payment.is_autopay:
        await follow_paid_charge(session, payment)


async def extend_by_payment(
    session: TenantSession, subscription: Subscription, payment: Payment, *, carried: CarriedOver | None = None,
    now: datetime,
) -> bool:  # fmt: skip
    """Add the time that a payment bought to a locked subscription; False when access has no end already.

    To a paused one it is added behind the rest, and waits with it.

    Args:
        carried: What is left of the order's quoted worth, where it changes a plan: it gives its part of the time.
    """
    period = decide_period(
        last_end=subscription.ends_at,
        is_lifetime=subscription.ends_at is None,
        unit=PeriodUnit(payment.period_unit),
        count=payment.period_count,
        extra_days=payment.extra_days,
        now=now,
        fixed_end_at=payment.fixed_end_at,
    )
    if period is None:
        return False
    if carried is not None and period.ends_at is not None and payment.fixed_end_at is None:
        length = scale_time(
            period.ends_at - period.starts_at, part=carried.part_minor, whole=carried.whole_minor
        )  # fmt: skip
        period = Period(period.starts_at, period.starts_at + length)
    during = Range(period.starts_at, period.ends_at, bounds="[)")
    session.add(
        SubscriptionPeriod(
            tenant_id=session.tenant_id, id=new_uuid7(), subscription_id=subscription.id, payment_id=payment.id,
            during=during, at_first=during, created_at=now,
        )
    )  # fmt: skip
    if subscription.status == SubscriptionStatus.PAUSED:
        subscription.ends_at = period.ends_at
        return True
    tenant = await get_own_tenant(session)
    if subscription.status != SubscriptionStatus.ACTIVE:
        subscription.starts_at = now
    subscription.status, subscription.expired_at = SubscriptionStatus.ACTIVE, None
    subscription.ends_at = period.ends_at
    subscription.access_ends_at = decide_access_end(period.ends_at, grace_seconds=tenant.grace_seconds)
    await plan_next_reminder(session, subscription, offsets_seconds=tenant.reminder_offsets_seconds, now=now)
    await plan_next_step(session, subscription)
    return True


async def _cancel(session: TenantSession, payment: Payment, *, reason: str, now: datetime) -> None:
    await move_payment(session, payment, PaymentStatus.CANCELED, now=now, cancellation_reason=reason or None)
    await release_use(session, payment.id)
    await give_trial_back(session, payment.id)
    record(session, actor=SYSTEM, action="payment.canceled", subject_id=payment.id, now=now, details={"reason": reason})
    if payment.is_autopay:
        await follow_failed_charge(session, payment, reason=reason, now=now)
    if payment.superseded_at is None:
        bot_id = BotId(payment.bot_id)
        await enqueue(session, TellPaymentFailed(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))
    await close_link(session, payment, now=now)


async def _quarantine(session: TenantSession, payment: Payment, mismatch: str, *, now: datetime) -> SettlementOutcome:
    # Another gateway payment that names this order says nothing of the order's own, which goes on being asked for.
    is_about_order = mismatch != "id"
    if is_about_order and can_move(PaymentStatus(payment.status), PaymentStatus.QUARANTINED):
        await move_payment(
            session, payment, PaymentStatus.QUARANTINED, now=now, quarantine_reason=mismatch, next_check_at=None
        )
        details = {"mismatch": mismatch}
        record(session, actor=SYSTEM, action="payment.quarantined", subject_id=payment.id, now=now, details=details)
    return SettlementOutcome.QUARANTINED


async def abandon_payment(session: TenantSession, *, payment_id: UUID, reason: str, now: datetime) -> bool:
    """Close an order that the gateway does not know and never will; False when it is settled already."""
    payment = await get_payment(session, payment_id, is_locked=True)
    if not can_move(PaymentStatus(payment.status), PaymentStatus.CANCELED):
        return False
    await _cancel(session, payment, reason=reason, now=now)
    return True
