"""Subscriptions that Telegram renews in Stars: begun by a charge, ended by anybody; nothing is charged from here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import Grant, Subscription
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions import autopay as autopays

METHOD_TITLE: Final = "Telegram Stars"
FAILED: Final = "stars_failed"


class StarState(StrEnum):
    """What Telegram says of a subscription in Stars."""

    ACTIVE = "active"
    CANCELED = "canceled"
    """The person ended it; paid time stays."""
    FAILED = "failed"
    """There were too few Stars for the next period."""


async def bind_star_subscription(
    session: TenantSession, payment: Payment, subscription: Subscription, *, now: datetime
) -> None:
    """Keep that Telegram renews a subscription, known by the order whose charge began it. Safe to repeat.

    A renewal of a plan that is not offered any more is honoured, and is the last one.
    """
    known = await autopays.find_autopay(session, subscription.id, is_locked=True)
    if payment.is_autopay:
        if known is not None and known.shop_id == STARS_SHOP:
            known.last_failure = known.last_failed_at = None
        if (await get_plan(session, payment.plan_id)).archived_at is not None:
            await autopays.turn_off(
                session, subscription.id, reason=autopays.PLAN_ARCHIVED, actor=SYSTEM, now=now
            )  # fmt: skip
        return
    values = {
        "bot_id": payment.bot_id, "user_id": payment.user_id, "consent_payment_id": payment.id,
        "status": AutopayStatus.ON, "method_ref": payment.provider_payment_id, "method_title": METHOD_TITLE,
        "shop_id": STARS_SHOP, "is_test": payment.is_test, "next_step_at": None, "noticed_end_at": None,
        "noticed_at": None, "last_failure": None, "last_failed_at": None, "off_reason": None, "off_at": None,
        "created_at": now,
    }  # fmt: skip
    await autopays.store_autopay(session, subscription, values, now=now)
    details = {"payment_id": str(payment.id), "method": METHOD_TITLE}
    record(session, actor=SYSTEM, action="autopay.turned_on", subject_id=subscription.id, now=now, details=details)


async def end_refunded_renewal(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """After Stars went back: have Telegram charge nothing more for the subscription that they began or renewed.

    Whatever becomes of the access: whoever got a refund does not expect the next charge. Safe to repeat; one that
    ended with the access, or by the person, has been ended already. Stars that were paid once end nothing.
    """
    query = select(Grant.subscription_id).where(
        Grant.tenant_id == session.tenant_id, Grant.payment_id == payment.id
    )  # fmt: skip
    subscription_id = (await session.execute(query)).scalar_one_or_none()
    autopay = None if subscription_id is None else await autopays.find_autopay(session, subscription_id)
    if subscription_id is None or autopay is None or autopay.shop_id != STARS_SHOP:
        return
    is_renewal = payment.is_autopay and payment.created_at >= autopay.created_at
    if is_renewal or payment.id == autopay.consent_payment_id:
        await autopays.turn_off(session, subscription_id, reason=autopays.REFUNDED, actor=SYSTEM, now=now)


async def follow_star_state(session: TenantSession, order: Payment, state: StarState, *, now: datetime) -> None:
    """Act on what Telegram says of the subscription that an order began. Safe to repeat."""
    query = select(Autopay).where(
        Autopay.tenant_id == session.tenant_id, Autopay.consent_payment_id == order.id, Autopay.shop_id == STARS_SHOP
    )
    autopay = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if autopay is None:
        return
    if state is StarState.CANCELED:
        await autopays.turn_off(
            session, autopay.subscription_id, reason=autopays.IN_TELEGRAM, actor=SYSTEM, now=now
        )  # fmt: skip
    elif state is StarState.FAILED:
        autopay.last_failure, autopay.last_failed_at = FAILED, now
    elif autopay.status != AutopayStatus.ON:
        autopay.status, autopay.method_ref = AutopayStatus.ON, order.provider_payment_id
        autopay.off_reason = autopay.off_at = None
        record(session, actor=SYSTEM, action="autopay.turned_on", subject_id=autopay.subscription_id, now=now)
    else:
        autopay.last_failure = autopay.last_failed_at = None
    await session.flush()
