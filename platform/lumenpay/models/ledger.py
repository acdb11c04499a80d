"""The double-entry ledger: entries of one transaction sum to zero, which the database checks at commit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant
from lumenpay.models.ids import PaymentId


class LedgerAccount(StrEnum):
    """Where money stands. Debits are positive, credits negative."""

    GATEWAY = "gateway"
    """What the payment gateway holds for the tenant."""
    REVENUE = "revenue"
    """What subscribers paid for access, less what went back to them."""


class LedgerEntry(TenantOwned, Base):
    """One line of the ledger; never changed, never deleted."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        within_tenant("refund_id", "refunds"),
        # A payment is posted once, and each of its refunds once.
        unique_in_tenant("payment_id", "kind", "account", "refund_id", postgresql_nulls_not_distinct=True),
        Index(None, "tenant_id", "transaction_id"),
    )

    id: Mapped[UUID] = primary_id()
    transaction_id: Mapped[UUID]
    payment_id: Mapped[PaymentId]
    kind: Mapped[str] = mapped_column(String(16))
    """`payment` or `refund`, which reverses some or all of it."""
    refund_id: Mapped[UUID | None]
    account: Mapped[LedgerAccount] = mapped_column(String(32))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    created_at: Mapped[datetime]
