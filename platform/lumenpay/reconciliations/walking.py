"""The steps of a run. Each is one transaction that also stores how far the run is, so a killed one goes on from there.

A payment in which the sides differ gets a transaction of its own, in which it is settled or shown, and written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import (
    FindingKind,
    FindingState,
    Reconciliation,
    ReconciliationStage,
    ReconciliationStatus,
)
from lumenpay.payments.checks import record_check
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.repository import get_payment
from lumenpay.payments.rules import find_mismatch
from lumenpay.reconciliations import repository
from lumenpay.reconciliations.rules import SKEW, Comparison, Verdict, compare_payment
from lumenpay.reconciliations.service import TOPIC, close_run
from lumenpay.subscriptions.settlement import SettlementOutcome, settle_payment

PAGE_OF_GATEWAY = 100
"""As many as the gateway lists at most in one answer."""
MOST_ASKED_ABOUT = 20
"""A page of ours ends where so many had to be asked about one by one, so that a step stays short."""
_REPAIRS = {
    SettlementOutcome.GRANTED: FindingKind.PAID_UNNOTICED,
    SettlementOutcome.CANCELED: FindingKind.CLOSED_UNNOTICED,
}


def write_query(run: Reconciliation) -> dict[str, str]:
    """Return the parameters of the gateway's list for the next page of a run."""
    query = {
        "created_at.gte": _write_moment(run.from_at - SKEW),
        "created_at.lt": _write_moment(run.until_at),
        "limit": str(PAGE_OF_GATEWAY),
    }
    return query | ({"cursor": run.cursor} if run.cursor else {})


def name_order(observed: GatewayPayment) -> UUID | None:
    """Return which order of ours a gateway's payment names; None for one without our mark, which is foreign."""
    try:
        return UUID(observed.metadata.get("payment_id", ""))
    except ValueError:
        return None


async def match_page(
    session: TenantSession, page: Sequence[GatewayPayment]
) -> list[tuple[GatewayPayment, Payment | None]]:
    """Return the payments of a page that are ours or carry our mark, each with our order if we have it."""
    named = {item.id: order_id for item in page if (order_id := name_order(item)) is not None}
    found = await repository.find_ours(
        session, gateway_ids=[item.id for item in page], payment_ids=set(named.values())
    )  # fmt: skip
    by_gateway_id = {payment.provider_payment_id: payment for payment in found}
    by_id: dict[UUID, Payment] = {payment.id: payment for payment in found}
    pairs: list[tuple[GatewayPayment, Payment | None]] = []
    for item in page:
        order_id = named.get(item.id)
        payment = by_gateway_id.get(item.id) or (by_id.get(order_id) if order_id is not None else None)
        if payment is not None or order_id is not None:
            pairs.append((item, payment))
    return pairs


def compare(payment: Payment, observed: GatewayPayment) -> Comparison:
    """Return what is to be done about a payment that both sides have."""
    mismatch = find_mismatch(
        observed, payment_id=str(payment.id), provider_payment_id=payment.provider_payment_id,
        amount_minor=payment.amount_minor, currency=payment.currency, shop_id=payment.shop_id, is_test=payment.is_test,
    )  # fmt: skip
    return compare_payment(ours=PaymentStatus(payment.status), observed=observed.status, mismatch=mismatch)


async def take_over(
    session: TenantSession, run: Reconciliation, *, payment_id: UUID, observed: GatewayPayment, now: datetime
) -> None:
    """Settle or show one payment in which the sides differ, looked at again under lock. Safe to repeat."""
    payment = await get_payment(session, payment_id, is_locked=True)
    comparison = compare(payment, observed)
    if comparison.verdict is Verdict.ALIKE:
        return
    details = _describe(payment, observed, reason=comparison.reason)
    kind, state = comparison.kind, FindingState.OPEN
    is_order_in_doubt = kind is FindingKind.MISMATCH and payment.status != PaymentStatus.SUCCEEDED
    if comparison.verdict is Verdict.SETTLE or is_order_in_doubt:
        outcome = await settle_payment(session, payment_id=payment.id, observed=observed, now=now)
        await record_check(session, payment.id, result=outcome, now=now)
        if comparison.verdict is Verdict.SETTLE:
            kind, state = _REPAIRS.get(outcome), FindingState.REPAIRED
    elif kind is not FindingKind.PAID_TWICE:
        mark(session, payment, comparison.reason, now=now)
    if kind is not None:
        await repository.record_finding(
            session, run, kind=kind, state=state, subject=observed.id, payment_id=payment.id, details=details, now=now
        )  # fmt: skip


async def show_unknown(session: TenantSession, run: Reconciliation, observed: GatewayPayment, *, now: datetime) -> None:
    """Write down a payment that carries our mark and of which we know nothing. Safe to repeat."""
    await repository.record_finding(
        session, run, kind=FindingKind.UNKNOWN_PAYMENT, state=FindingState.OPEN, subject=observed.id, payment_id=None,
        details=_describe(None, observed, reason=""), now=now,
    )  # fmt: skip


async def show_unlisted(session: TenantSession, run: Reconciliation, *, payment_id: UUID, now: datetime) -> None:
    """Write down a payment of ours that the shop does not know; nobody's access changes. Safe to repeat."""
    payment = await get_payment(session, payment_id, is_locked=True)
    if payment.status == PaymentStatus.SUCCEEDED:
        mark(session, payment, FindingKind.NOT_LISTED, now=now)
    await repository.record_finding(
        session, run, kind=FindingKind.NOT_LISTED, state=FindingState.OPEN, subject=payment.provider_payment_id or "",
        payment_id=payment.id, details=_describe(payment, None, reason=""), now=now,
    )  # fmt: skip


async def finish_gateway_page(
    session: TenantSession, run: Reconciliation, *, pairs: Sequence[tuple[GatewayPayment, Payment | None]],
    listed: int, next_cursor: str, now: datetime,
) -> bool:  # fmt: skip
    """Store that a page of the gateway's list was dealt with; False when somebody else did it meanwhile."""
    ours = [(observed, payment) for observed, payment in pairs if payment is not None]
    values = {
        "listed_count": Reconciliation.listed_count + listed,
        "foreign_count": Reconciliation.foreign_count + listed - len(pairs),
        "stage": ReconciliationStage.GATEWAY if next_cursor else ReconciliationStage.OURS,
        "cursor": next_cursor,
    }
    if not await move_on(session, run, values):
        return False
    # A second payment of an order says nothing of the order's own.
    seen = [payment for observed, payment in ours if payment.provider_payment_id in (None, observed.id)]
    await repository.add_sightings(session, run.id, {payment.id for payment in seen})
    alike = [observed.id for observed, payment in ours if compare(payment, observed).verdict is Verdict.ALIKE]
    await repository.clear_findings(session, bot_id=run.bot_id, subjects=alike, now=now)
    return True


async def list_unseen(session: TenantSession, run: Reconciliation) -> tuple[list[Payment], list[Payment]]:
    """Return the next page of our payments, and those of them that the gateway's list did not show."""
    page = await repository.list_ours(session, run, after=_read_position(run.cursor))
    seen = await repository.list_seen(session, run.id, [payment.id for payment in page])
    unseen = [payment for payment in page if payment.id not in seen]
    if len(unseen) > MOST_ASKED_ABOUT:
        unseen = unseen[:MOST_ASKED_ABOUT]
        page = page[: page.index(unseen[-1]) + 1]
    return page, unseen


async def finish_own_page(
    session: TenantSession, run: Reconciliation, *, page: Sequence[Payment], alike: Sequence[str], now: datetime
) -> bool:
    """Store that a page of ours was dealt with; after an empty one the run is done. False: somebody else did it."""
    if not page:
        return await close_run(session, run.id, status=ReconciliationStatus.DONE, now=now)
    cursor = f"{page[-1].created_at.isoformat()} {page[-1].id}"
    values = {"ours_count": Reconciliation.ours_count + len(page), "cursor": cursor}
    if not await move_on(session, run, values):
        return False
    await repository.drop_sightings(session, run.id, [payment.id for payment in page])
    await repository.clear_findings(session, bot_id=run.bot_id, subjects=alike, now=now)
    return True


async def move_on(session: TenantSession, run: Reconciliation, values: dict[str, Any]) -> bool:
    """Store that a step of a run is done; False when somebody else did it meanwhile."""
    moved = await session.execute(
        update(Reconciliation)
        .where(
            Reconciliation.tenant_id == session.tenant_id,
            Reconciliation.id == run.id,
            Reconciliation.status == ReconciliationStatus.RUNNING,
            Reconciliation.steps_count == run.steps_count,
        )
        .values(steps_count=run.steps_count + 1, **values)
        .execution_options(synchronize_session=False)
    )
    announce(session, TOPIC, run.id)
    return isinstance(moved, CursorResult) and moved.rowcount == 1


def mark(session: TenantSession, payment: Payment, reason: str, *, now: datetime) -> None:
    """Have a human look at a paid payment, unless one has to already."""
    if payment.quarantine_reason is None:
        payment.quarantine_reason = reason
        details = {"mismatch": reason}
        record(session, actor=SYSTEM, action="payment.contradicted", subject_id=payment.id, now=now, details=details)


def _describe(payment: Payment | None, observed: GatewayPayment | None, *, reason: str) -> dict[str, Any]:
    ours = theirs = None
    if payment is not None:
        ours = {"status": payment.status, "amount_minor": payment.amount_minor, "currency": payment.currency}
    if observed is not None:
        theirs = {
            "status": observed.status.value, "amount_minor": observed.amount.amount_minor,
            "currency": observed.amount.currency, "is_test": observed.is_test,
        }  # fmt: skip
    return {"reason": reason, "ours": ours, "gateway": theirs}


def _read_position(cursor: str) -> tuple[datetime, UUID] | None:
    moment, _, payment_id = cursor.partition(" ")
    return (datetime.fromisoformat(moment), UUID(payment_id)) if payment_id else None


def _write_moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
