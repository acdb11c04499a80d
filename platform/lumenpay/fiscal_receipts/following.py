"""How far each receipt is: what the gateway said of it, and trying again. Nothing here touches money or access."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts import repository
from lumenpay.fiscal_receipts.drafts import find_contact_of, read_terms_of
from lumenpay.fiscal_receipts.errors import (
    ReceiptContactMissingError,
    ReceiptNotFailedError,
    ReceiptSettingsMissingError,
)
from lumenpay.fiscal_receipts.rules import (
    NO_ANSWER,
    NO_CONTACT,
    NOT_REGISTERED,
    can_move,
    make_later_receipt,
    next_attempt_at,
    next_question_at,
)
from lumenpay.jobs.catalogue import FollowReceipt
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptKind, ReceiptState
from lumenpay.models.ids import BotId, PaymentId
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import Refund

REGISTRATIONS: Final = {
    "pending": ReceiptState.PENDING, "succeeded": ReceiptState.REGISTERED, "canceled": ReceiptState.FAILED,
}  # fmt: skip
"""The gateway's words for how far a receipt is."""


async def note_refused(
    session: TenantSession, payment: Payment, *, refund_id: UUID | None = None, failure: str, now: datetime
) -> None:
    """Keep why the gateway would not take a receipt along with its payment or refund, which go on without it."""
    receipt = _new(payment, refund_id, ReceiptState.DUE, now=now)
    receipt.failure = failure[:96]
    if not await repository.insert_receipt(session, receipt):
        known = await repository.lock_receipt_of(session, payment.id, refund_id)
        if known is not None and known.state == ReceiptState.DUE:
            known.failure = failure[:96]


async def note_paid(session: TenantSession, payment: Payment, *, registration: str | None, now: datetime) -> None:
    """Keep how far the receipt of a paid order is, by the payment that the gateway showed. Safe to repeat.

    Args:
        registration: The gateway's word, empty where it says nothing of a receipt.
    """
    if payment.receipt_state is None or payment.receipt_state == ReceiptState.REGISTERED:
        return
    has_one = "receipt" in (payment.request_body or {})
    await _note(session, payment, None, registration=registration, has_one=has_one, now=now)


async def note_refunded(
    session: TenantSession, payment: Payment, refund: Refund, *, registration: str | None, now: datetime
) -> None:
    """Keep how far the receipt of a refund is that reached the payer. Safe to repeat.

    Of a refund that was made at the gateway itself, only what the gateway says of it is kept.
    """
    has_one = "receipt" in (refund.request_body or {})
    is_due = has_one or registration is not None or (payment.receipt_state is not None and refund.request_body)
    if is_due:
        await _note(session, payment, refund.id, registration=registration, has_one=has_one, now=now)


async def _note(
    session: TenantSession, payment: Payment, refund_id: UUID | None, *, registration: str | None, has_one: bool,
    now: datetime,
) -> None:  # fmt: skip
    fresh = _new(payment, refund_id, ReceiptState.DUE, now=now)
    await repository.insert_receipt(session, fresh)
    receipt = await repository.lock_receipt_of(session, payment.id, refund_id)
    if receipt is None or (receipt.idempotence_key is not None and receipt.state != ReceiptState.DUE):
        # It is on a way of its own by now, which the payment says nothing of.
        return
    observed = REGISTRATIONS.get(registration or "")
    if observed is None:
        observed = ReceiptState.PENDING if has_one else ReceiptState.FAILED
    failure = (
        "" if observed is not ReceiptState.FAILED else (receipt.failure or (NOT_REGISTERED if has_one else NO_CONTACT))
    )
    await _follow(session, receipt, observed, failure=failure, now=now)


async def record_observed(
    session: TenantSession, asked: FiscalReceipt, *, state: ReceiptState, provider_receipt_id: str | None = None,
    failure: str = "", now: datetime,
) -> None:  # fmt: skip
    """Keep what the gateway said of a receipt that was asked about or sent. Safe to repeat.

    Args:
        asked: The receipt as it was then; what came of an earlier attempt says nothing of a later one.
    """
    receipt, _ = await repository.lock_with_payment(session, asked.id)
    if receipt.idempotence_key != asked.idempotence_key:
        return
    receipt.provider_receipt_id = provider_receipt_id or receipt.provider_receipt_id
    await _follow(session, receipt, state, failure=failure or NOT_REGISTERED, now=now)


async def _follow(
    session: TenantSession, receipt: FiscalReceipt, observed: ReceiptState, *, failure: str, now: datetime
) -> None:
    current = ReceiptState(receipt.state)
    if observed is ReceiptState.PENDING and current is ReceiptState.PENDING:
        receipt.next_step_at = next_question_at(since=receipt.state_changed_at, now=now)
        if receipt.next_step_at is not None:
            return
        observed, failure = ReceiptState.FAILED, NO_ANSWER
    if observed is current or not can_move(current, observed):
        return
    await _move(session, receipt, observed, now=now)
    if observed is ReceiptState.PENDING:
        receipt.next_step_at = next_question_at(since=now, now=now)
    elif observed is ReceiptState.REGISTERED:
        receipt.failure = receipt.next_step_at = None
        if receipt.attempts:
            record(session, actor=SYSTEM, action="fiscal_receipt.registered", subject_id=receipt.id, now=now,
                   details=_details(receipt))  # fmt: skip
    else:
        receipt.failure = failure[:96]
        receipt.next_step_at = next_attempt_at(attempts=receipt.attempts, failure=failure, now=now)
        record(session, actor=SYSTEM, action="fiscal_receipt.failed", subject_id=receipt.id, now=now,
               details=_details(receipt) | {"reason": failure})  # fmt: skip
    await session.flush()


async def try_again(session: TenantSession, receipt_id: UUID, *, actor: Actor, now: datetime) -> FiscalReceipt:
    """Have a failed receipt sent once more, made by the settings and the address of now.

    However many ask at once, it is sent once: the row is locked, and what is on its way is not tried again.

    Raises:
        ReceiptNotFoundError: Unknown to this tenant.
        ReceiptNotFailedError: It is registered, or on its way.
        ReceiptSettingsMissingError: The shop has no settings.
        ReceiptContactMissingError: The payer has given no address that will do.
    """
    receipt, payment = await repository.lock_with_payment(session, receipt_id)
    if receipt.state != ReceiptState.FAILED:
        raise ReceiptNotFailedError
    settings = await repository.find_settings(session, payment.bot_id)
    if settings is None:
        raise ReceiptSettingsMissingError
    contact = await find_contact_of(session, payment, settings)
    if contact is None:
        raise ReceiptContactMissingError
    amount_minor, subject_id = await _what_of(session, receipt, payment)
    receipt.request_body = make_later_receipt(
        await read_terms_of(session, payment, settings), contact=contact,
        amount=Money(amount_minor, payment.currency), kind=ReceiptKind(receipt.kind), subject_id=subject_id,
    )  # fmt: skip
    receipt.attempts += 1
    # A second call of the same attempt could not be made, whoever made it.
    receipt.idempotence_key = f"receipt-{receipt.id}-{receipt.attempts}"
    receipt.key_first_sent_at = receipt.provider_receipt_id = None
    receipt.requested_by = actor.id
    await _move(session, receipt, ReceiptState.PENDING, now=now)
    receipt.next_step_at = next_question_at(since=now, now=now)
    await session.flush()
    await enqueue(session, FollowReceipt(receipt.id), now=now, bot_id=BotId(payment.bot_id), dedupe_key=str(receipt.id))
    record(session, actor=actor, action="fiscal_receipt.retried", subject_id=receipt.id, now=now,
           details=_details(receipt))  # fmt: skip
    return receipt


async def take_due_step(session: TenantSession, receipt_id: UUID, *, now: datetime) -> None:
    """Have the gateway asked about a pending receipt whose moment has come, or a failed one tried again."""
    receipt, payment = await repository.lock_with_payment(session, receipt_id)
    if receipt.next_step_at is None or receipt.next_step_at > now:
        return
    if receipt.state == ReceiptState.FAILED:
        receipt.next_step_at = None
        try:
            await try_again(session, receipt.id, actor=SYSTEM, now=now)
        except (ReceiptSettingsMissingError, ReceiptContactMissingError):
            # Nothing can be sent until somebody says what or where to.
            receipt.failure = NO_CONTACT
        return
    receipt.next_step_at = next_question_at(since=receipt.state_changed_at, now=now)
    if receipt.next_step_at is None:
        await _follow(session, receipt, ReceiptState.PENDING, failure="", now=now)
        return
    await enqueue(session, FollowReceipt(receipt.id), now=now, bot_id=BotId(payment.bot_id), dedupe_key=str(receipt.id))


async def _what_of(session: TenantSession, receipt: FiscalReceipt, payment: Payment) -> tuple[int, str]:
    if receipt.refund_id is None:
        return payment.amount_minor, payment.provider_payment_id or ""
    refund = await session.get_one(Refund, (session.tenant_id, receipt.refund_id))
    return refund.amount_minor, refund.provider_refund_id or ""


async def _move(session: TenantSession, receipt: FiscalReceipt, state: ReceiptState, *, now: datetime) -> None:
    receipt.state, receipt.state_changed_at = state, now
    if receipt.refund_id is None:
        await repository.show_on_payment(session, receipt.payment_id, state)


def _new(payment: Payment, refund_id: UUID | None, state: ReceiptState, *, now: datetime) -> FiscalReceipt:
    return FiscalReceipt(
        id=new_uuid7(), payment_id=PaymentId(payment.id), refund_id=refund_id,
        kind=ReceiptKind.PAYMENT if refund_id is None else ReceiptKind.REFUND, state=state, failure=None,
        next_step_at=None, state_changed_at=now, created_at=now,
    )  # fmt: skip


def _details(receipt: FiscalReceipt) -> dict[str, object]:
    return {"payment_id": str(receipt.payment_id), "refund_id": receipt.refund_id and str(receipt.refund_id),
            "attempts": receipt.attempts}  # fmt: skip
