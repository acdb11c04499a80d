"""Consents to autopay: stored with the order that they were given with, and never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.messages.consent import CONSENT_VERSION
from lumenpay.models.autopays import AutopayConsent
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.users import User


def record_consent(
    session: TenantSession, *, payment: Payment, plan: Plan, user: User, text: str, now: datetime
) -> None:
    """Keep what a person agreed to with an order: each renewal costs what the plan costs now, without any discount."""
    session.add(
        AutopayConsent(
            tenant_id=session.tenant_id, payment_id=payment.id, user_id=user.id, version=CONSENT_VERSION,
            locale=user.locale, text=text, amount_minor=plan.price_minor, currency=plan.currency,
            period_unit=plan.period_unit, period_count=plan.period_count, given_at=now,
        )
    )  # fmt: skip


async def find_consent(session: TenantSession, payment_id: UUID) -> AutopayConsent | None:
    """Return what was agreed to with an order."""
    return await session.get(AutopayConsent, (session.tenant_id, payment_id))


async def give_up_saving(session: TenantSession, payment: Payment) -> None:
    """Have an order that the gateway refused because of the saving paid by an ordinary link; nothing else changes.

    A refused call made nothing, so the order may be sent under a key of its own, as if it had never been.
    """
    body = {name: value for name, value in (payment.request_body or {}).items() if name != "save_payment_method"}
    await session.execute(
        update(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.id == payment.id,
            Payment.status == PaymentStatus.CREATED,
            Payment.saves_method,
        )
        .values(request_body=body, idempotence_key=str(new_uuid7()), saves_method=False, key_first_sent_at=None)
    )
