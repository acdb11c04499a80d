"""Double entry: every event of money is one transaction whose lines sum to zero."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ledger import LedgerAccount, LedgerEntry
from lumenpay.models.payments import Payment


async def post_payment(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Record money that the gateway took for the tenant. Safe to repeat: one payment is posted once."""
    if not payment.amount_minor:
        return
    transaction_id = new_uuid7()
    common = {
        "tenant_id": session.tenant_id, "transaction_id": transaction_id, "payment_id": payment.id, "kind": "payment",
        "currency": payment.currency, "created_at": now,
    }  # fmt: skip
    lines = [
        {**common, "id": new_uuid7(), "account": LedgerAccount.GATEWAY, "amount_minor": payment.amount_minor},
        {**common, "id": new_uuid7(), "account": LedgerAccount.REVENUE, "amount_minor": -payment.amount_minor},
    ]
    await session.execute(insert(LedgerEntry).values(lines).on_conflict_do_nothing())


async def post_refund(
    session: TenantSession, payment: Payment, *, refund_id: UUID, amount_minor: int, now: datetime
) -> None:
    """Record money of a payment that went back to the payer. Safe to repeat: one refund is posted once."""
    common = {
        "tenant_id": session.tenant_id, "transaction_id": new_uuid7(), "payment_id": payment.id, "kind": "refund",
        "refund_id": refund_id, "currency": payment.currency, "created_at": now,
    }  # fmt: skip
    lines = [
        {**common, "id": new_uuid7(), "account": LedgerAccount.GATEWAY, "amount_minor": -amount_minor},
        {**common, "id": new_uuid7(), "account": LedgerAccount.REVENUE, "amount_minor": amount_minor},
    ]
    await session.execute(insert(LedgerEntry).values(lines).on_conflict_do_nothing())
