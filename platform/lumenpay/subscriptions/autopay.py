"""Whether a subscription renews by itself: bound after a payment that was agreed to, ended by anybody at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import EndStarSubscription, NoteMethodNotSaved, TellAutopay
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.money import Money
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.payments.consents import find_consent
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.payments.repository import get_payment
from lumenpay.subscriptions.autopay_rules import NOTICE_AHEAD, decide_charge_at, decide_notice_at

ENDED = "ended"
BY_SUBSCRIBER = "by_subscriber"
BY_TEAM = "by_team"
PLAN_ARCHIVED = "plan_archived"
SHOP_CHANGED = "shop_changed"
REFUNDED = "refunded"
"""What was paid for the running time in Stars went back: Telegram is not to charge for the next."""
IN_TELEGRAM = "in_telegram"
"""The person ended it in Telegram's own settings, so there is nothing to tell Telegram."""
BOT_DELETED = "bot_deleted"
"""The bot was deleted; in Stars it is kept once Telegram has been told."""
_KNOWN_TO_TELEGRAM = frozenset({IN_TELEGRAM, BOT_DELETED})
TOLD_OFF = "off"
"""What `TellAutopay` is about when the team turned autopay off."""


async def find_autopay(session: TenantSession, subscription_id: UUID, *, is_locked: bool = False) -> Autopay | None:
    """Return what is known of a subscription's autopay, as it stands now; locked on request."""
    query = select(Autopay).where(Autopay.tenant_id == session.tenant_id, Autopay.subscription_id == subscription_id)
    query = query.execution_options(populate_existing=True)
    return (await session.execute(query.with_for_update() if is_locked else query)).scalar_one_or_none()


async def list_of_subscriptions(session: TenantSession, subscription_ids: Sequence[UUID]) -> dict[UUID, Autopay]:
    """Return the autopay of each subscription that has or had one."""
    query = select(Autopay).where(Autopay.tenant_id == session.tenant_id, Autopay.subscription_id.in_(subscription_ids))
    return {row.subscription_id: row for row in (await session.execute(query)).scalars()}


async def list_on_of_user(session: TenantSession, user_id: UUID) -> list[tuple[Autopay, Subscription, Plan]]:
    """Return what of a person renews by itself, with its plan."""
    rows = await session.execute(
        select(Autopay, Subscription, Plan)
        .join(
            Subscription,
            (Subscription.tenant_id == Autopay.tenant_id) & (Subscription.id == Autopay.subscription_id),
        )
        .join(Plan, (Plan.tenant_id == Subscription.tenant_id) & (Plan.id == Subscription.plan_id))
        .where(Autopay.tenant_id == session.tenant_id, Autopay.user_id == user_id, Autopay.status == AutopayStatus.ON)
        .order_by(Subscription.ends_at, Subscription.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def find_price(session: TenantSession, autopay: Autopay) -> Money | None:
    """Return what each renewal costs: what the person agreed to, or in Stars what Telegram repeats."""
    if autopay.shop_id == STARS_SHOP:
        payment = await get_payment(session, autopay.consent_payment_id)
        return Money(payment.amount_minor, payment.currency)
    consent = await find_consent(session, autopay.consent_payment_id)
    return None if consent is None else Money(consent.amount_minor, consent.currency)


async def is_renewing(session: TenantSession, subscription_id: UUID) -> bool:
    """Tell whether the present end will be prolonged without the person, as far as anybody knows."""
    autopay = await find_autopay(session, subscription_id)
    return autopay is not None and autopay.status == AutopayStatus.ON and autopay.last_failure is None


def expected_charge_at(autopay: Autopay, subscription: Subscription) -> datetime | None:
    """Return when the next charge is made as far as anybody knows; nothing when none is."""
    ends_at = subscription.ends_at
    if autopay.status != AutopayStatus.ON or ends_at is None:
        return None
    if autopay.shop_id == STARS_SHOP:
        return ends_at if autopay.last_failure is None else None
    if autopay.last_failure is not None:
        return autopay.next_step_at
    if autopay.noticed_end_at != ends_at:
        return decide_charge_at(ends_at, noticed_at=ends_at - NOTICE_AHEAD)
    # Recorded, and not delivered: whoever cannot be told is not charged.
    return None if autopay.noticed_at is None else decide_charge_at(ends_at, noticed_at=autopay.noticed_at)


async def bind_method(
    session: TenantSession, payment: Payment, subscription: Subscription, observed: GatewayPayment, *, now: datetime
) -> None:
    """Have a subscription renew by itself with the method that its paid order saved; nothing where none was saved.

    Safe to repeat. A method that was bound before gives way to the newer one.
    """
    consent = await find_consent(session, payment.id)
    if consent is None or subscription.ends_at is None:
        return
    bot_id = BotId(payment.bot_id)
    if observed.saved_method is None:
        record(session, actor=SYSTEM, action="autopay.method_not_saved", subject_id=subscription.id, now=now)
        await enqueue(session, NoteMethodNotSaved(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))
        return
    values = {
        "bot_id": payment.bot_id, "user_id": payment.user_id, "consent_payment_id": payment.id,
        "status": AutopayStatus.ON, "method_ref": observed.saved_method.ref,
        "method_title": observed.saved_method.title, "shop_id": observed.shop_id, "is_test": payment.is_test,
        "next_step_at": decide_notice_at(subscription.ends_at), "noticed_end_at": None, "noticed_at": None,
        "last_failure": None, "last_failed_at": None, "off_reason": None, "off_at": None, "created_at": now,
    }  # fmt: skip
    await store_autopay(session, subscription, values, now=now)
    details = {"payment_id": str(payment.id), "consent": consent.version}
    record(session, actor=SYSTEM, action="autopay.turned_on", subject_id=subscription.id, now=now, details=details)


async def store_autopay(
    session: TenantSession, subscription: Subscription, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Have a subscription renew in a new way; the way before it, which would charge as well, is ended."""
    before = await find_autopay(session, subscription.id, is_locked=True)
    if before is not None and before.consent_payment_id != values["consent_payment_id"]:
        await _end_in_telegram(session, before, now=now)
    await session.execute(
        insert(Autopay)
        .values(tenant_id=session.tenant_id, subscription_id=subscription.id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "subscription_id"], set_=dict(values))
    )


async def _end_in_telegram(session: TenantSession, autopay: Autopay, *, now: datetime) -> None:
    if autopay.shop_id != STARS_SHOP or autopay.status != AutopayStatus.ON:
        return
    payment_id = autopay.consent_payment_id
    await enqueue(
        session, EndStarSubscription(payment_id), now=now, bot_id=BotId(autopay.bot_id), dedupe_key=str(payment_id)
    )  # fmt: skip


async def plan_next_step(session: TenantSession, subscription: Subscription) -> None:
    """After a subscription got another end: have its person told before the charge that this one calls for."""
    autopay = await find_autopay(session, subscription.id, is_locked=True)
    if autopay is None or autopay.status != AutopayStatus.ON or autopay.shop_id == STARS_SHOP:
        # Telegram tells of the charge in Stars, and makes it.
        return
    autopay.next_step_at = decide_notice_at(subscription.ends_at)
    autopay.last_failure = autopay.last_failed_at = None
    await session.flush()


async def hold_steps(session: TenantSession, subscription_id: UUID) -> None:
    """Neither tell of a charge nor make one until `plan_next_step`: the subscription's time stands still."""
    autopay = await find_autopay(session, subscription_id, is_locked=True)
    if autopay is not None:
        autopay.next_step_at = None


async def turn_off(
    session: TenantSession, subscription_id: UUID, *, reason: str, actor: Actor, now: datetime
) -> Autopay | None:
    """Charge nothing more that is not sent yet, and forget the method. Safe to repeat."""
    autopay = await find_autopay(session, subscription_id, is_locked=True)
    if autopay is None or autopay.status != AutopayStatus.ON:
        return autopay
    if reason not in _KNOWN_TO_TELEGRAM:
        await _end_in_telegram(session, autopay, now=now)
    autopay.status, autopay.off_reason, autopay.off_at = AutopayStatus.OFF, reason, now
    autopay.method_ref, autopay.next_step_at = None, None
    record(
        session, actor=actor, action="autopay.turned_off", subject_id=subscription_id, now=now,
        details={"reason": reason, "user_id": str(autopay.user_id)},
    )  # fmt: skip
    if reason == BY_TEAM:
        bot_id, key = BotId(autopay.bot_id), f"{TOLD_OFF}-{subscription_id}"
        await enqueue(session, TellAutopay(subscription_id, TOLD_OFF), now=now, bot_id=bot_id, dedupe_key=key)
    await session.flush()
    return autopay
