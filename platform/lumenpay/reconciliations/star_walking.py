"""The steps of a run over Stars, as `walking` does those over a shop: each is one transaction.

A charge of Telegram's list that our books do not have is settled as if its update had come, by the same function; so it
counts once, whichever comes first. Stars that went back are booked like those that Telegram told of in the chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lumenpay.db.session import TenantSession
from lumenpay.kit.money import Money
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import FindingKind, FindingState, Reconciliation, ReconciliationStage
from lumenpay.payments.checks import record_check
from lumenpay.payments.providers.stars.facts import STARS, XTR, StarCharge
from lumenpay.payments.repository import find_by_provider_id
from lumenpay.reconciliations import repository
from lumenpay.reconciliations.star_rules import decide_paid_stars, is_charge_alike, is_return_alike, name_order
from lumenpay.reconciliations.walking import list_unseen, mark, move_on
from lumenpay.refunds.settlement import RefundOutcome
from lumenpay.refunds.star_refunds import settle_star_refund
from lumenpay.subscriptions.settlement import SettlementOutcome
from lumenpay.subscriptions.star_payments import NOT_OURS, find_order, settle_charge
from lumenpay.telegram.stars import StarTransaction

_AMOUNT, _REFUNDED = "amount", "refunded"


async def match_page(
    session: TenantSession, page: Sequence[StarTransaction]
) -> list[tuple[StarTransaction, Payment | None]]:
    """Return the transactions of a page that are ours or carry our mark, each with our payment if we have it."""
    ids = {one.id for one in page}
    found = await repository.find_ours(session, gateway_ids=ids, payment_ids=(), provider=STARS)
    by_charge = {payment.provider_payment_id: payment for payment in found}
    return [(one, by_charge.get(one.id)) for one in page if one.id in by_charge or name_order(one) is not None]


def is_alike(transaction: StarTransaction, payment: Payment | None) -> bool:
    """Tell whether nothing has to be done about a transaction."""
    if payment is None:
        return False
    status = PaymentStatus(payment.status)
    if transaction.is_incoming:
        return is_charge_alike(transaction, status=status, price=payment.amount_minor)
    return is_return_alike(status=status, price=payment.amount_minor, refunded=payment.refunded_minor)


async def take_over(
    session: TenantSession, run: Reconciliation, transaction: StarTransaction, *, now: datetime
) -> None:
    """Settle or show one transaction in which the sides differ. Safe to repeat, and beside the bot's own updates."""
    if transaction.is_incoming:
        await _take_over_charge(session, run, transaction, now=now)
        return
    payment = await find_by_provider_id(session, provider=STARS, provider_payment_id=transaction.id)
    if payment is None or is_alike(transaction, payment):
        return
    details = _describe(payment, transaction)
    if await settle_star_refund(session, payment, now=now) is RefundOutcome.REFUNDED:
        await _write_down(
            session, run, FindingKind.REFUND_UNNOTICED, transaction, payment=payment, details=details, now=now
        )  # fmt: skip


async def _take_over_charge(
    session: TenantSession, run: Reconciliation, transaction: StarTransaction, *, now: datetime
) -> None:
    known = await find_by_provider_id(session, provider=STARS, provider_payment_id=transaction.id)
    before = known or await find_order(session, transaction.payload, bot_id=run.bot_id)
    details = _describe(before, transaction)
    charge = _as_charge(transaction, before, payload=transaction.payload if known is None else str(known.id))
    outcome = await settle_charge(session, charge, bot_id=run.bot_id, now=now)
    if outcome == NOT_OURS:
        await _write_down(session, run, FindingKind.UNKNOWN_PAYMENT, transaction, details=details, now=now)
        return
    payment = await find_by_provider_id(session, provider=STARS, provider_payment_id=transaction.id)
    if payment is None:
        return
    await record_check(session, payment.id, result=SettlementOutcome(outcome), now=now)
    if outcome == SettlementOutcome.GRANTED:
        await _write_down(
            session, run, FindingKind.PAID_UNNOTICED, transaction, payment=payment, details=details, now=now
        )  # fmt: skip
        return
    is_same = charge.amount.amount_minor == payment.amount_minor
    if payment.status == PaymentStatus.SUCCEEDED and not is_same:
        mark(session, payment, _AMOUNT, now=now)
    if outcome == SettlementOutcome.QUARANTINED or not is_same:
        reason = _AMOUNT if not is_same else payment.quarantine_reason or ""
        await _write_down(
            session, run, FindingKind.MISMATCH, transaction, payment=payment, details=details | {"reason": reason},
            now=now,
        )  # fmt: skip


def _as_charge(transaction: StarTransaction, payment: Payment | None, *, payload: str) -> StarCharge:
    price = 0 if payment is None else payment.amount_minor
    return StarCharge(
        id=transaction.id, payload=payload, payer_id=transaction.payer_id or 0,
        amount=Money(decide_paid_stars(transaction, price=price), XTR), is_recurring=transaction.is_recurring,
        # The list does not say which charge began a subscription: the first is the one that the order still waits for.
        is_first=payment is not None and payment.provider_payment_id in (None, transaction.id),
    )  # fmt: skip


async def finish_listed_page(
    session: TenantSession, run: Reconciliation, *, page: Sequence[StarTransaction], ours: int, next_offset: int | None,
    now: datetime,
) -> bool:  # fmt: skip
    """Store that a page of Telegram's list was dealt with; False when somebody else did it meanwhile.

    Args:
        ours: How many of the page are ours or carry our mark.
        next_offset: How much of the list lies before the next page; nothing after the last one.
    """
    values = {
        "listed_count": Reconciliation.listed_count + len(page),
        "foreign_count": Reconciliation.foreign_count + len(page) - ours,
        "stage": ReconciliationStage.OURS if next_offset is None else ReconciliationStage.GATEWAY,
        "cursor": "" if next_offset is None else str(next_offset),
    }
    if not await move_on(session, run, values):
        return False
    pairs = [(one, payment) for one, payment in await match_page(session, page) if payment is not None]
    charged = [(one, payment) for one, payment in pairs if one.is_incoming]
    await repository.add_sightings(session, run.id, {payment.id for _, payment in charged})
    alike = [one.id for one, payment in charged if is_alike(one, payment)]
    await repository.clear_findings(session, bot_id=run.bot_id, subjects=alike, now=now)
    return True


async def list_unlisted(session: TenantSession, run: Reconciliation) -> tuple[list[Payment], list[Payment]]:
    """Return the next page of our payments, and those of them that Telegram should have listed and did not.

    No call tells of a single charge. What was paid after the run began may have come behind the list's end; and a
    charge that an earlier run found may be older than the list that this one has read.
    """
    page, unseen = await list_unseen(session, run)
    settled = [
        one for one in unseen
        if one.status == PaymentStatus.SUCCEEDED and one.settled_at is not None and one.settled_at < run.until_at
    ]  # fmt: skip
    found = await repository.list_found_unnoticed(session, [payment.id for payment in settled])
    return page, [payment for payment in settled if payment.id not in found]


async def _write_down(
    session: TenantSession, run: Reconciliation, kind: FindingKind, transaction: StarTransaction, *,
    details: dict[str, Any], now: datetime, payment: Payment | None = None,
) -> None:  # fmt: skip
    is_repaired = kind in (FindingKind.PAID_UNNOTICED, FindingKind.REFUND_UNNOTICED)
    await repository.record_finding(
        session, run, kind=kind, state=FindingState.REPAIRED if is_repaired else FindingState.OPEN,
        subject=transaction.id, payment_id=None if payment is None else payment.id, details=details, now=now,
    )  # fmt: skip


def _describe(payment: Payment | None, transaction: StarTransaction) -> dict[str, Any]:
    ours = None
    if payment is not None:
        has_gone_back = 0 < payment.amount_minor <= payment.refunded_minor
        status = _REFUNDED if has_gone_back else payment.status
        ours = {"status": status, "amount_minor": payment.amount_minor, "currency": payment.currency}
    listed = PaymentStatus.SUCCEEDED.value if transaction.is_incoming else _REFUNDED
    theirs = {"status": listed, "amount_minor": transaction.stars, "currency": XTR}
    return {"reason": "", "ours": ours, "gateway": theirs}
