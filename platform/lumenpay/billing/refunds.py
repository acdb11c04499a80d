"""Money of the platform's own bill that goes back: asked for by staff, given by Stripe, kept here with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lumenpay.admins.letters import LetterKind
from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.billing.errors import (
    InvoiceNotRefundableError,
    PlatformInvoiceNotFoundError,
    PlatformRefundTooLargeError,
    RefundOnItsWayError,
)
from lumenpay.billing.letters import write_to_owners
from lumenpay.billing.papers import PlatformInvoice
from lumenpay.billing.refund_rules import (
    LOOKED_AT_FOR,
    ON_ITS_WAY,
    RefundSeen,
    RefundState,
    decide_refund_state,
    is_looked_at,
)
from lumenpay.billing.repository import ensure_subscription
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import RefundPlatformInvoice
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.money import Money
from lumenpay.models.billing import PlatformRefund
from lumenpay.tenants.repository import get_own_tenant


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What staff wants: so much of an invoice back, or all that is left of it, and why."""

    amount_minor: int | None
    reason: str
    key: str
    """The client's, for one intention: sent again, it finds the same refund."""


async def ask_for_refund(
    session: TenantSession, invoice: PlatformInvoice, wish: RefundWish, *, actor: Actor, now: datetime
) -> PlatformRefund:
    """Keep that money goes back, and have Stripe told; a repeated wish finds the refund that it began.

    Args:
        invoice: As Stripe has just described it.

    Raises:
        PlatformInvoiceNotFoundError: It is another customer's.
        InvoiceNotRefundableError: No card paid it, or all of it went back.
        PlatformRefundTooLargeError: More than what is left of it.
        RefundOnItsWayError: Some of it is going back, and Stripe has not said yet how that ended.
    """
    row = await ensure_subscription(session, now=now)
    known = select(PlatformRefund).where(
        PlatformRefund.tenant_id == session.tenant_id, PlatformRefund.request_key == wish.key
    )
    before = (await session.execute(known)).scalar_one_or_none()
    if before is not None:
        return before
    if row.stripe_customer_id != invoice.customer_id:
        raise PlatformInvoiceNotFoundError
    amount_minor = _decide_amount(invoice, wish)
    if any(state_of(one) in ON_ITS_WAY for one in await list_refunds(session) if one.stripe_invoice_id == invoice.id):
        raise RefundOnItsWayError
    made = PlatformRefund(
        tenant_id=session.tenant_id, id=new_uuid7(), stripe_invoice_id=invoice.id, invoice_number=invoice.number,
        stripe_payment_intent_id=invoice.payment_intent_id or "", amount_minor=amount_minor,
        currency=invoice.total.currency, reason=wish.reason, request_key=wish.key, asked_by=actor.id, created_at=now,
    )  # fmt: skip
    session.add(made)
    _record(session, made, "billing.refund_requested", actor=actor, now=now, reason=wish.reason)
    await session.flush()
    await enqueue(session, RefundPlatformInvoice(refund_id=made.id), now=now, dedupe_key=str(made.id))
    return made


async def find_refund(session: TenantSession, refund_id: UUID) -> PlatformRefund | None:
    """Return a refund of the session's tenant."""
    return await session.get(PlatformRefund, (session.tenant_id, refund_id))


async def list_refunds(session: TenantSession) -> Sequence[PlatformRefund]:
    """Return every refund of the session's tenant, the newest first."""
    query = select(PlatformRefund).where(PlatformRefund.tenant_id == session.tenant_id)
    return (await session.execute(query.order_by(PlatformRefund.id.desc()))).scalars().all()


async def list_looked_at(session: TenantSession, *, now: datetime) -> Sequence[PlatformRefund]:
    """Return the refunds of which Stripe is still asked what became of them."""
    query = select(PlatformRefund).where(
        PlatformRefund.tenant_id == session.tenant_id, PlatformRefund.created_at > now - LOOKED_AT_FOR
    )
    rows = (await session.execute(query.order_by(PlatformRefund.id))).scalars()
    return [row for row in rows if is_looked_at(row.stripe_status, asked_at=row.created_at, now=now)]


async def store_refund_seen(session: TenantSession, refund_id: UUID, seen: RefundSeen, *, now: datetime) -> None:
    """Make true here what Stripe says of a refund, and write to the owners once it has succeeded. Safe to repeat."""
    row = await _lock(session, refund_id)
    if row is None or (row.stripe_status, row.failure) == (seen.status, seen.failure):
        return
    before = state_of(row)
    row.stripe_refund_id, row.stripe_status, row.failure = seen.id, seen.status, seen.failure
    row.answered_at = now
    if (state := state_of(row)) is not before:
        _record_end(session, row, state, now=now)
    if state is RefundState.SUCCEEDED and row.owners_told_at is None:
        row.owners_told_at = now
        await _tell_owners(session, row, now=now)
    await session.flush()


async def store_refusal(session: TenantSession, refund_id: UUID, failure: str, *, now: datetime) -> None:
    """Keep that Stripe did not take a refund, and why, in its own word."""
    row = await _lock(session, refund_id)
    if row is None or row.stripe_status is not None:
        return
    row.failure, row.answered_at = failure[:64], now
    _record_end(session, row, RefundState.REFUSED, now=now)
    await session.flush()


def state_of(row: PlatformRefund) -> RefundState:
    """Return where the money is."""
    return decide_refund_state(row.stripe_status, failure=row.failure)


def _decide_amount(invoice: PlatformInvoice, wish: RefundWish) -> int:
    left = invoice.left.amount_minor
    if left == 0:
        raise InvoiceNotRefundableError
    if wish.amount_minor is not None and wish.amount_minor > left:
        raise PlatformRefundTooLargeError
    return wish.amount_minor or left


async def _tell_owners(session: TenantSession, row: PlatformRefund, *, now: datetime) -> None:
    tenant, money = await get_own_tenant(session), Money(row.amount_minor, row.currency)

    def describe(locale: str) -> dict[str, str]:
        amount = money.format(locale)
        return {"tenant": tenant.name, "amount": amount, "invoice": row.invoice_number, "reason": row.reason}

    path = f"/t/{tenant.id}/settings/billing"
    await write_to_owners(session, LetterKind.PLATFORM_REFUNDED, describe, path=path, now=now)


def _record_end(session: TenantSession, row: PlatformRefund, state: RefundState, *, now: datetime) -> None:
    action = {RefundState.SUCCEEDED: "billing.refunded", RefundState.PENDING: "billing.refund_pending"}.get(
        state, "billing.refund_failed"
    )
    _record(session, row, action, actor=SYSTEM, now=now, failure=row.failure)


def _record(
    session: TenantSession, row: PlatformRefund, action: str, *, actor: Actor, now: datetime, **more: str | None
) -> None:
    details = {
        "invoice": row.invoice_number, "amount_minor": row.amount_minor, "currency": row.currency,
        **{name: value for name, value in more.items() if value},
    }  # fmt: skip
    record(session, actor=actor, action=action, subject_id=row.id, now=now, details=details)


async def _lock(session: TenantSession, refund_id: UUID) -> PlatformRefund | None:
    return await session.get(PlatformRefund, (session.tenant_id, refund_id), with_for_update=True)
