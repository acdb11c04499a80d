"""What a refund's fate does, in one transaction: state, ledger, access, logs and jobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.following import note_refunded
from lumenpay.jobs.catalogue import TellRefunded
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.payments import ledger
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.repository import get_payment
from lumenpay.referrals.purchases import note_refund
from lumenpay.refunds import repository
from lumenpay.refunds.gifts import take_back_gift
from lumenpay.refunds.rules import can_move, decide_access, find_mismatch, next_check_at
from lumenpay.refunds.taking_back import take_back_access
from lumenpay.subscriptions.settlement import NOTHING_TO_ADD
from lumenpay.subscriptions.star_renewals import end_refunded_renewal
from lumenpay.users.repository import lock_user
from lumenpay.webhooks.facts import tell_refund
from lumenpay.webhooks.outbox import publish

_NOT_PAID = "payment_not_settled"


class RefundOutcome(StrEnum):
    """What the gateway's word changed."""

    REFUNDED = "refunded"
    CANCELED = "refund_canceled"
    STILL_OPEN = "refund_still_open"
    ALREADY_SETTLED = "already_settled"
    QUARANTINED = "quarantined"


async def settle_refund(
    session: TenantSession, *, payment_id: UUID, observed: GatewayRefund, asked_shop_id: str, now: datetime
) -> RefundOutcome:
    """Act on what the gateway said of a refund when it was asked with the keys of a shop.

    A refund that nobody here asked for is noted. Safe to repeat and to run from many places at once: the payment is
    locked, and one refund has its effects once. While the payment itself is not settled, the refund waits for it.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
    """
    payment = await lock_payment_and_payer(session, payment_id)
    refund = await _find_or_note(session, payment, observed, now=now)
    if refund.status == RefundStatus.SUCCEEDED:
        await note_refunded(session, payment, refund, registration=observed.receipt_registration, now=now)
        return RefundOutcome.ALREADY_SETTLED
    mismatch = find_mismatch(
        observed, provider_payment_id=payment.provider_payment_id, provider_refund_id=refund.provider_refund_id,
        amount_minor=refund.amount_minor, currency=payment.currency, shop_id=payment.shop_id,
        asked_shop_id=asked_shop_id, left_minor=payment.amount_minor - payment.refunded_minor,
    )  # fmt: skip
    if mismatch and observed.status is not RefundStatus.CANCELED:
        return await _quarantine(session, refund, mismatch, now=now)
    refund.provider_refund_id = observed.id
    if observed.status is RefundStatus.SUCCEEDED and payment.status != PaymentStatus.SUCCEEDED:
        refund.check_result = _NOT_PAID
        refund.next_check_at = next_check_at(created_at=refund.created_at, now=now)
        return RefundOutcome.STILL_OPEN
    return await _follow(session, payment, refund, observed, now=now)


async def lock_payment_and_payer(session: TenantSession, payment_id: UUID) -> Payment:
    """Return a payment that nobody else changes, nor any refund of the same person, until the end of the transaction.

    Of two lifetimes, the refund of one may give the other its time, and so locks both payments: two refunds of one
    person would wait for each other. That is why the person comes first.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
    """
    await lock_user(session, (await get_payment(session, payment_id)).user_id)
    return await get_payment(session, payment_id, is_locked=True)


async def _follow(
    session: TenantSession, payment: Payment, refund: Refund, observed: GatewayRefund, *, now: datetime
) -> RefundOutcome:
    current = RefundStatus(refund.status)
    if observed.status == current or not can_move(current, observed.status):
        await session.flush()
        is_open = current in (RefundStatus.CREATED, RefundStatus.PENDING)
        return RefundOutcome.STILL_OPEN if is_open else RefundOutcome.ALREADY_SETTLED
    if observed.status is RefundStatus.SUCCEEDED:
        await _succeed(session, payment, refund, now=now)
        await note_refunded(session, payment, refund, registration=observed.receipt_registration, now=now)
        return RefundOutcome.REFUNDED
    if observed.status is RefundStatus.CANCELED:
        await _cancel(session, refund, reason=observed.cancellation_reason or "", now=now)
        return RefundOutcome.CANCELED
    next_at = next_check_at(created_at=refund.created_at, now=now)
    await repository.move_refund(session, refund, observed.status, now=now, check_result=None, next_check_at=next_at)
    return RefundOutcome.STILL_OPEN


async def cancel_refund(session: TenantSession, *, refund_id: UUID, reason: str, now: datetime) -> bool:
    """Close a refund that the gateway refused or never got; False when it is settled already."""
    refund = await repository.get_refund(session, refund_id)
    await get_payment(session, refund.payment_id, is_locked=True)
    refund = await repository.get_refund(session, refund_id, is_locked=True)
    if refund.status != RefundStatus.CREATED:
        return False
    await _cancel(session, refund, reason=reason, now=now)
    return True


async def _find_or_note(session: TenantSession, payment: Payment, observed: GatewayRefund, *, now: datetime) -> Refund:
    known = await repository.find_by_provider_id(session, observed.id)
    if known is not None:
        return known
    own = observed.metadata.get("refund_id", "")
    for refund in await repository.list_of_payment(session, payment.id):
        if str(refund.id) == own and refund.provider_refund_id is None:
            return refund
    refund = Refund(
        tenant_id=session.tenant_id, id=new_uuid7(), payment_id=payment.id, origin=RefundOrigin.GATEWAY,
        status=RefundStatus.PENDING, amount_minor=max(1, observed.amount.amount_minor),
        currency=observed.amount.currency, reason=observed.reason, provider_refund_id=observed.id,
        next_check_at=next_check_at(created_at=now, now=now), created_at=now,
    )  # fmt: skip
    session.add(refund)
    await session.flush()
    record(session, actor=SYSTEM, action="refund.noticed", subject_id=refund.id, now=now, details=_details(refund))
    return refund


async def _succeed(session: TenantSession, payment: Payment, refund: Refund, *, now: datetime) -> None:
    payment.refunded_minor += refund.amount_minor
    is_all = payment.refunded_minor >= payment.amount_minor
    if refund.access is None:
        refund.access = decide_access(refunded_minor=payment.refunded_minor, amount_minor=payment.amount_minor)
    await repository.move_refund(session, refund, RefundStatus.SUCCEEDED, now=now, check_result=None)
    await ledger.post_refund(session, payment, refund_id=refund.id, amount_minor=refund.amount_minor, now=now)
    if is_all and payment.quarantine_reason == NOTHING_TO_ADD:
        # The money that could not buy anything has gone back: nobody has to look any more.
        payment.quarantine_reason = None
    is_revoked = refund.access == AccessAfterRefund.REVOKE
    if payment.is_gift:
        await take_back_gift(session, payment, is_all=is_all, is_revoked=is_revoked, now=now)
    elif is_revoked:
        await take_back_access(session, payment, now=now)
    if payment.provider == STARS:
        await end_refunded_renewal(session, payment, now=now)
    await note_refund(session, payment, now=now)
    await publish(session, WebhookEventType.REFUND_SUCCEEDED, tell_refund(refund), now=now)
    record(session, actor=SYSTEM, action="refund.succeeded", subject_id=refund.id, now=now, details=_details(refund))
    bot_id = BotId(payment.bot_id)
    await enqueue(session, TellRefunded(refund.id), now=now, bot_id=bot_id, dedupe_key=str(refund.id))
    await session.flush()


async def _cancel(session: TenantSession, refund: Refund, *, reason: str, now: datetime) -> None:
    await repository.move_refund(
        session, refund, RefundStatus.CANCELED, now=now, cancellation_reason=reason[:64] or None, check_result=None
    )
    details = _details(refund) | {"reason": reason}
    record(session, actor=SYSTEM, action="refund.canceled", subject_id=refund.id, now=now, details=details)


async def _quarantine(session: TenantSession, refund: Refund, mismatch: str, *, now: datetime) -> RefundOutcome:
    # Another refund of the gateway that names this one says nothing of this one, which goes on being asked for.
    if mismatch != "id" and can_move(RefundStatus(refund.status), RefundStatus.QUARANTINED):
        await repository.move_refund(session, refund, RefundStatus.QUARANTINED, now=now, quarantine_reason=mismatch)
        details = _details(refund) | {"mismatch": mismatch}
        record(session, actor=SYSTEM, action="refund.quarantined", subject_id=refund.id, now=now, details=details)
    return RefundOutcome.QUARANTINED


def _details(refund: Refund) -> dict[str, object]:
    return {
        "payment_id": str(refund.payment_id), "amount_minor": refund.amount_minor, "currency": refund.currency,
        "origin": str(refund.origin), "access": refund.access and str(refund.access),
    }  # fmt: skip
