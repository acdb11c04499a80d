"""Asking for a refund: how much may still be given back is decided under the payment's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.fiscal_receipts.drafts import draft_refund_receipt
from lumenpay.jobs.catalogue import MakeRefund
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import KeyRing
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.providers.yookassa.refunds import refund_request
from lumenpay.payments.repository import get_payment
from lumenpay.payments.shops import find_gone_shop
from lumenpay.refunds import repository
from lumenpay.refunds.errors import (
    OnlyWholeRefundError,
    PaymentNotRefundableError,
    RefundShopGoneError,
    RefundTooLargeError,
)
from lumenpay.refunds.rules import decide_left, is_refundable, next_check_at


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """What is asked for: so much, in minor units of the payment's currency, or all that is left."""

    amount_minor: int | None
    reason: str
    access: AccessAfterRefund


async def request_refund(
    session: TenantSession, *, payment_id: UUID, terms: RefundTerms, key: str, ring: KeyRing, actor: Actor,
    now: datetime,
) -> Refund:  # fmt: skip
    """Record that money is to go back, and have it asked of the gateway. Safe to repeat with the same `key`.

    What was given back and what is on its way never exceed the payment, however many ask at once.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
        PaymentNotRefundableError: Not paid through a gateway, or too long ago.
        RefundTooLargeError: More than is left, or nothing is.
        OnlyWholeRefundError: Less than all of a payment in Stars.
        RefundShopGoneError: The keys of the shop that took the money are gone; it can be connected again.
        IdempotenceKeyReusedError: The key was used for something else.
    """
    payment = await get_payment(session, payment_id, is_locked=True)
    known = await repository.find_by_request_key(session, key)
    if known is not None:
        is_same = known.payment_id == payment.id and terms.amount_minor in (None, known.amount_minor)
        if not is_same or known.access != terms.access:
            raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
        return known
    left = await count_left(session, payment, now=now)
    if left is None:
        raise PaymentNotRefundableError
    amount_minor = left if terms.amount_minor is None else terms.amount_minor
    if not 0 < amount_minor <= left:
        raise RefundTooLargeError
    if await find_gone_shop(session, payment, ring=ring) is not None:
        raise RefundShopGoneError
    if payment.provider == STARS and amount_minor != payment.amount_minor:
        raise OnlyWholeRefundError
    receipt = await draft_refund_receipt(session, payment, amount=Money(amount_minor, payment.currency))
    refund = _write(session, payment, terms, amount_minor=amount_minor, key=key, actor=actor, now=now)
    if receipt is not None:
        refund.request_body = {**(refund.request_body or {}), "receipt": receipt}
    await session.flush()
    bot_id = BotId(payment.bot_id)
    await enqueue(session, MakeRefund(refund.id), now=now, bot_id=bot_id, dedupe_key=str(refund.id))
    details = {
        "payment_id": str(payment.id), "amount_minor": amount_minor, "currency": payment.currency,
        "access": terms.access.value, "reason": terms.reason,
    }  # fmt: skip
    record(session, actor=actor, action="refund.requested", subject_id=refund.id, now=now, details=details)
    return refund


async def count_left(session: TenantSession, payment: Payment, *, now: datetime) -> int | None:
    """Return how much of a payment can still be asked back, in minor units; None when it cannot be refunded at all."""
    is_possible = is_refundable(
        provider=payment.provider, status=PaymentStatus(payment.status), amount_minor=payment.amount_minor,
        paid_at=payment.settled_at, now=now,
    )  # fmt: skip
    if not is_possible or payment.provider_payment_id is None:
        return None
    on_their_way = await repository.list_open_amounts(session, payment.id)
    return decide_left(payment.amount_minor, refunded_minor=payment.refunded_minor, open_minor=on_their_way)


def _write(
    session: TenantSession, payment: Payment, terms: RefundTerms, *, amount_minor: int, key: str, actor: Actor,
    now: datetime,
) -> Refund:  # fmt: skip
    refund_id = new_uuid7()
    body = refund_request(
        amount=Money(amount_minor, payment.currency), payment_id=payment.provider_payment_id or "",
        reason=terms.reason, refund_id=str(refund_id),
    )  # fmt: skip
    refund = Refund(
        tenant_id=session.tenant_id, id=refund_id, payment_id=payment.id, origin=RefundOrigin.PORTAL,
        status=RefundStatus.CREATED, amount_minor=amount_minor, currency=payment.currency, reason=terms.reason,
        access=terms.access, requested_by=actor.id, request_key=key, idempotence_key=str(new_uuid7()),
        request_body=body, next_check_at=next_check_at(created_at=now, now=now), created_at=now,
    )  # fmt: skip
    session.add(refund)
    return refund
