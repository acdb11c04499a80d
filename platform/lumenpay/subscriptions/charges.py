"""The charge of a subscription's end: claimed once under lock, sent only while autopay is on, followed to its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import is_selling
from lumenpay.bots.repository import find_any_bot
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.drafts import draft_receipt
from lumenpay.jobs.catalogue import NoticeAutopay, OpenPayment, TellAutopay
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.autopays import Autopay, AutopayConsent, AutopayStatus, ChargeState, SubscriptionCharge
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.channels import ChannelStatus
from lumenpay.models.ids import BotId, PaymentId, PlanId, UserId
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.consents import find_consent
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.payments.providers.yookassa.parsing import charge_request
from lumenpay.payments.terms import YOOKASSA
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.subscriptions import autopay as autopays
from lumenpay.subscriptions.autopay_rules import (
    AUTOPAY_OFF,
    NOT_TOLD,
    PAUSED_MEANWHILE,
    POSTPONED_BY,
    RENEWED_MEANWHILE,
    Dunning,
    decide_charge_at,
    decide_charge_wait,
    decide_followup,
)
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.subscriptions.rules import decide_access_end
from lumenpay.tenants.repository import get_own_tenant


async def take_due_step(session: TenantSession, *, subscription_id: UUID, now: datetime) -> None:
    """Have the person told of the next charge, or make it, whichever is due. Safe to run from many places at once."""
    subscription = await get_subscription(session, subscription_id, is_locked=True)
    autopay = await autopays.find_autopay(session, subscription_id, is_locked=True)
    if autopay is None or autopay.status != AutopayStatus.ON:
        return
    if autopay.next_step_at is None or autopay.next_step_at > now:
        return
    ends_at, access_ends_at = subscription.ends_at, subscription.access_ends_at
    autopay.next_step_at = None
    if subscription.status != SubscriptionStatus.ACTIVE or ends_at is None or access_ends_at is None:
        return
    bot, plan = await find_any_bot(session, autopay.bot_id), await get_plan(session, subscription.plan_id)
    if (reason := _find_end(autopay, plan, bot)) is not None:
        await autopays.turn_off(session, subscription_id, reason=reason, actor=SYSTEM, now=now)
    elif bot is not None and await _must_wait(session, bot, plan):
        # Where nothing is sold or said for the moment, nothing is charged either; it ends with the access.
        autopay.next_step_at = now + POSTPONED_BY
    elif autopay.noticed_end_at != ends_at:
        autopay.noticed_end_at, autopay.noticed_at = ends_at, None
        job, bot_id = NoticeAutopay(subscription.id), BotId(autopay.bot_id)
        await enqueue(session, job, now=now, bot_id=bot_id, dedupe_key=str(subscription.id))
    elif autopay.noticed_at is not None:
        await _claim_charge(session, subscription, autopay, plan, now=now)
    await session.flush()


async def record_noticed(session: TenantSession, subscription_id: UUID, *, ends_at: datetime, now: datetime) -> None:
    """Keep that the person was told of the charge for an end; only then it can be made."""
    autopay = await autopays.find_autopay(session, subscription_id, is_locked=True)
    if autopay is None or autopay.noticed_end_at != ends_at or autopay.noticed_at is not None:
        return
    autopay.noticed_at = now
    if autopay.status == AutopayStatus.ON:
        autopay.next_step_at = decide_charge_at(ends_at, noticed_at=now)


async def record_not_told(session: TenantSession, subscription_id: UUID, *, ends_at: datetime, now: datetime) -> None:
    """Keep that the notice cannot reach the person: nothing is charged for this end, and reminders come again."""
    autopay = await autopays.find_autopay(session, subscription_id, is_locked=True)
    if autopay is not None and autopay.noticed_end_at == ends_at and autopay.noticed_at is None:
        autopay.last_failure, autopay.last_failed_at = NOT_TOLD, now


def _find_end(autopay: Autopay, plan: Plan, bot: Bot | None) -> str | None:
    if bot is None or bot.status == BotStatus.DELETED or bot.shop_id != autopay.shop_id:
        return autopays.SHOP_CHANGED
    return autopays.PLAN_ARCHIVED if plan.archived_at is not None else None


async def _must_wait(session: TenantSession, bot: Bot, plan: Plan) -> bool:
    channels = await list_channels_of_plan(session, plan.id)
    return (
        bot.status != BotStatus.ACTIVE
        or bot.shop_status != ShopStatus.ACTIVE
        or not is_selling(await get_own_tenant(session))
        or not channels
        or any(channel.status != ChannelStatus.ACTIVE for channel in channels)
    )


async def _claim_charge(
    session: TenantSession, subscription: Subscription, autopay: Autopay, plan: Plan, *, now: datetime
) -> None:
    ends_at, consent = subscription.ends_at, await find_consent(session, autopay.consent_payment_id)
    if consent is None or autopay.method_ref is None or ends_at is None:
        return
    mine = (
        SubscriptionCharge.tenant_id == session.tenant_id,
        SubscriptionCharge.subscription_id == subscription.id,
        SubscriptionCharge.ends_at == ends_at,
    )
    await session.execute(
        insert(SubscriptionCharge)
        .values(
            tenant_id=session.tenant_id, id=new_uuid7(), subscription_id=subscription.id, ends_at=ends_at,
            state=ChargeState.FAILED, created_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    charge = (await session.execute(select(SubscriptionCharge).where(*mine).with_for_update())).scalar_one()
    if charge.state != ChargeState.FAILED:
        return
    charge.attempts += 1
    receipt = await draft_receipt(
        session, plan=plan, bot_id=autopay.bot_id, user_id=autopay.user_id,
        amount=Money(consent.amount_minor, consent.currency),
    )  # fmt: skip
    payment = _make_payment(subscription, autopay, plan, consent, charge, now=now)
    payment.request_body, payment.receipt_state = receipt.put_into(payment.request_body or {}), receipt.state
    session.add(payment)
    await session.flush()
    charge.state, charge.payment_id = ChargeState.OPEN, payment.id
    bot_id = BotId(payment.bot_id)
    await enqueue(session, OpenPayment(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))


def _make_payment(
    subscription: Subscription, autopay: Autopay, plan: Plan, consent: AutopayConsent, charge: SubscriptionCharge, *,
    now: datetime,
) -> Payment:  # fmt: skip
    payment_id, description = PaymentId(new_uuid7()), plan.title[:128]
    body = charge_request(
        amount=Money(consent.amount_minor, consent.currency), description=description, payment_id=str(payment_id),
        method_ref=autopay.method_ref or "",
    )  # fmt: skip
    return Payment(
        tenant_id=subscription.tenant_id, id=payment_id, bot_id=BotId(autopay.bot_id),
        user_id=UserId(autopay.user_id), plan_id=PlanId(plan.id), provider=YOOKASSA, shop_id=autopay.shop_id,
        status=PaymentStatus.CREATED, delivery_state=DeliveryState.NOT_PAID, amount_minor=consent.amount_minor,
        list_price_minor=consent.amount_minor, currency=consent.currency, period_unit=PeriodUnit(consent.period_unit),
        period_count=consent.period_count, description=description, is_test=autopay.is_test, is_autopay=True,
        # A second payment of the same try could not be stored, whoever made it.
        idempotence_key=f"autopay-{charge.id}-{charge.attempts}", request_body=body, created_at=now,
        # It does not stand in the way of an order that the person has open.
        superseded_at=now,
    )  # fmt: skip


async def find_obstacle(session: TenantSession, payment: Payment) -> str:
    """Return why a charge may not be sent now, empty when it may; locked, so that it cannot be turned off meanwhile."""
    charge = await _find_charge(session, payment.id)
    autopay = None if charge is None else await autopays.find_autopay(session, charge.subscription_id, is_locked=True)
    if charge is None or autopay is None or autopay.status != AutopayStatus.ON:
        return AUTOPAY_OFF
    subscription = await get_subscription(session, charge.subscription_id)
    if subscription.status == SubscriptionStatus.PAUSED:
        return PAUSED_MEANWHILE
    return "" if subscription.ends_at == charge.ends_at else RENEWED_MEANWHILE


async def follow_paid_charge(session: TenantSession, payment: Payment) -> None:
    """Keep that the charge of an end is paid: nothing is charged for it again."""
    charge = await _find_charge(session, payment.id)
    if charge is not None:
        charge.state = ChargeState.PAID


async def follow_failed_charge(session: TenantSession, payment: Payment, *, reason: str, now: datetime) -> None:
    """Decide by the reason what a failed charge leads to, and have the person told of it once."""
    charge = await _find_charge(session, payment.id)
    if charge is None or charge.state != ChargeState.OPEN:
        return
    subscription = await get_subscription(session, charge.subscription_id, is_locked=True)
    autopay = await autopays.find_autopay(session, subscription.id, is_locked=True)
    charge.state = ChargeState.FAILED
    own_end = decide_access_end(charge.ends_at, grace_seconds=(await get_own_tenant(session)).grace_seconds)
    if autopay is None or own_end is None or subscription.ends_at != charge.ends_at:
        return
    if autopay.shop_id != payment.shop_id:
        # It renews in another way by now, of which this failure says nothing.
        return
    if subscription.status == SubscriptionStatus.ACTIVE:
        # It waited for this charge at most.
        subscription.access_ends_at = own_end
    followup = decide_followup(
        reason, attempts=charge.attempts, ends_at=charge.ends_at, access_ends_at=own_end, now=now
    )
    if followup.dunning is Dunning.NONE or autopay.status != AutopayStatus.ON:
        return
    autopay.last_failure, autopay.last_failed_at, autopay.next_step_at = reason[:64], now, followup.retry_at
    details = {"reason": reason, "leads_to": followup.dunning.value, "payment_id": str(payment.id)}
    record(session, actor=SYSTEM, action="autopay.charge_failed", subject_id=subscription.id, now=now, details=details)
    if followup.dunning in (Dunning.REPLACE, Dunning.STOP):
        await autopays.turn_off(session, subscription.id, reason=reason[:64], actor=SYSTEM, now=now)
    job, key = TellAutopay(subscription.id, followup.dunning.value), f"{followup.dunning}-{payment.id}"
    await enqueue(session, job, now=now, bot_id=BotId(autopay.bot_id), dedupe_key=key)
    await session.flush()


async def decide_wait(session: TenantSession, subscription: Subscription, *, own_end: datetime, now: datetime) -> (
    datetime | None
):  # fmt: skip
    """Return until when access waits for a charge that is on its way or was announced; nothing when it does not."""
    query = select(SubscriptionCharge.id).where(
        SubscriptionCharge.tenant_id == session.tenant_id,
        SubscriptionCharge.subscription_id == subscription.id,
        SubscriptionCharge.ends_at == subscription.ends_at,
        SubscriptionCharge.state == ChargeState.OPEN,
    )
    is_underway = (await session.execute(query)).first() is not None
    if not is_underway:
        autopay = await autopays.find_autopay(session, subscription.id)
        is_announced = autopay is not None and autopay.noticed_at is not None and autopay.next_step_at is not None
        if autopay is not None and autopay.shop_id == STARS_SHOP:
            # Telegram charges about the end, and tells a little later.
            is_renewed = autopay.status == AutopayStatus.ON and autopay.last_failure is None
            return decide_charge_wait(own_end, is_underway=is_renewed, now=now)
        is_underway = (
            autopay is not None and is_announced and autopay.status == AutopayStatus.ON
            and autopay.noticed_end_at == subscription.ends_at and autopay.last_failure is None
        )  # fmt: skip
    return decide_charge_wait(own_end, is_underway=is_underway, now=now)


async def _find_charge(session: TenantSession, payment_id: UUID) -> SubscriptionCharge | None:
    query = select(SubscriptionCharge).where(
        SubscriptionCharge.tenant_id == session.tenant_id, SubscriptionCharge.payment_id == payment_id
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
