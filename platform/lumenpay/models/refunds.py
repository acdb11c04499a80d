"""Refunds: money on its way back to a payer, whoever began it, and what becomes of the access that it had bought."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import PaymentId


class RefundStatus(StrEnum):
    """Where the money is. Legal moves stand in `lumenpay.refunds.rules`."""

    CREATED = "created"
    """Stored by us; the gateway may or may not know it."""
    PENDING = "pending"
    """The gateway knows it, and it is not done yet."""
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    QUARANTINED = "quarantined"
    """What the gateway says does not match the payment or what we asked for; a human looks."""


class RefundOrigin(StrEnum):
    """Who began it."""

    PORTAL = "portal"
    """Somebody of the tenant, through the portal or the API."""
    GATEWAY = "gateway"
    """Somebody at the gateway, in the shop's own cabinet for example; we noticed it."""


class AccessAfterRefund(StrEnum):
    """What becomes of the access that the payment bought."""

    KEEP = "keep"
    REVOKE = "revoke"
    """What is left of the payment's own time is taken back; time of other payments stays."""


OPEN_REFUNDS = (RefundStatus.CREATED, RefundStatus.PENDING)


class Refund(TenantOwned, Base):
    """Some or all of one payment on its way back."""

    __tablename__ = "refunds"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        unique_in_tenant("idempotence_key"),
        unique_in_tenant("request_key"),
        unique_in_tenant("provider_refund_id"),
        CheckConstraint("amount_minor > 0", "amount_positive"),
        Index("ix_refunds_due", "next_check_at", postgresql_where=text("next_check_at IS NOT NULL")),
        Index("ix_refunds_settled", "tenant_id", "settled_at", postgresql_where=text("status = 'succeeded'")),
        Index(None, "tenant_id", "payment_id", "created_at"),
    )

    id: Mapped[UUID] = primary_id()
    payment_id: Mapped[PaymentId]
    origin: Mapped[RefundOrigin] = mapped_column(String(16))
    status: Mapped[RefundStatus] = status_column(RefundStatus.CREATED)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(250), default="", server_default="")
    """Why, in words; the gateway shows it to the payer."""
    access: Mapped[AccessAfterRefund | None] = mapped_column(String(16))
    """Empty until it succeeds where the gateway began it: then all of the money takes the access along."""
    requested_by: Mapped[UUID | None]
    request_key: Mapped[str | None] = mapped_column(String(48))
    """The client's, for one intention; a refund that the gateway began has none."""
    idempotence_key: Mapped[str | None] = mapped_column(String(64))
    key_first_sent_at: Mapped[datetime | None]
    """The key is never sent again 23 hours after this moment: the gateway forgets it after 24."""
    request_body: Mapped[dict[str, Any] | None]
    """The exact body of the create call, repeated on every retry."""
    provider_refund_id: Mapped[str | None] = mapped_column(String(255))
    next_check_at: Mapped[datetime | None]
    checks_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    check_result: Mapped[str | None] = mapped_column(String(64))
    """Why nothing could be learnt when the gateway was asked last."""
    cancellation_reason: Mapped[str | None] = mapped_column(String(64))
    quarantine_reason: Mapped[str | None] = mapped_column(String(64))
    settled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the payer was told of it; said once."""
    created_at: Mapped[datetime]
