"""Fiscal receipts by 54-FZ: what a shop writes into them, where they are sent, and how far the registration is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, UserId


class ReceiptState(StrEnum):
    """How far the registration of a receipt is. Legal moves stand in `lumenpay.fiscal_receipts.rules`."""

    DUE = "due"
    """The order is to have one; nothing is paid yet."""
    PENDING = "pending"
    """The gateway has the data, or is being given it."""
    REGISTERED = "registered"
    FAILED = "failed"
    """Not registered; it can be tried again."""


class ReceiptKind(StrEnum):
    """Whether money came or went back, in the gateway's words."""

    PAYMENT = "payment"
    REFUND = "refund"


class PaymentSubject(StrEnum):
    """What is paid for (tag 1212); those that access to content can be."""

    SERVICE = "service"
    INTELLECTUAL_ACTIVITY = "intellectual_activity"
    PROPERTY_RIGHT = "property_right"
    PAYMENT = "payment"
    COMMODITY = "commodity"
    JOB = "job"
    COMPOSITE = "composite"
    ANOTHER = "another"


class PaymentMode(StrEnum):
    """How it is paid for (tag 1214); those in which all of the price is paid at once."""

    FULL_PAYMENT = "full_payment"
    FULL_PREPAYMENT = "full_prepayment"
    ADVANCE = "advance"


class ContactKind(StrEnum):
    """What a receipt is sent to."""

    EMAIL = "email"
    PHONE = "phone"


class ReceiptSettings(TenantOwned, Base):
    """What the shop of a bot writes into receipts; a bot without a row sends none."""

    __tablename__ = "receipt_settings"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        CheckConstraint("vat_code BETWEEN 1 AND 12", "vat_code_known"),
        CheckConstraint("tax_system_code BETWEEN 1 AND 6", "tax_system_code_known"),
    )

    bot_id: Mapped[BotId] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    takes_phone: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Whether a phone will do. Receipts of YooKassa itself need an e-mail address."""
    vat_code: Mapped[int] = mapped_column(SmallInteger)
    tax_system_code: Mapped[int | None] = mapped_column(SmallInteger)
    """Only for a cash register that wants it; empty otherwise."""
    subject: Mapped[PaymentSubject] = mapped_column(String(32))
    mode: Mapped[PaymentMode] = mapped_column(String(32))
    changed_at: Mapped[datetime]


class ReceiptContact(TenantOwned, Base):
    """Where a person's receipts go: personal data, removed when the person says so."""

    __tablename__ = "receipt_contacts"
    __table_args__ = (within_tenant("user_id", "users", ondelete="CASCADE"),)

    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    kind: Mapped[ContactKind] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(254))
    """An e-mail address, or a phone number of digits only, with the code of its country."""
    given_at: Mapped[datetime]


class FiscalReceipt(TenantOwned, Base):
    """The receipt of one payment, or of one refund: there is one row for each, however often it is tried."""

    __tablename__ = "fiscal_receipts"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        within_tenant("refund_id", "refunds"),
        unique_in_tenant("payment_id", "refund_id", postgresql_nulls_not_distinct=True),
        unique_in_tenant("idempotence_key"),
        Index("ix_fiscal_receipts_due", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        Index(
            "ix_fiscal_receipts_list", "tenant_id", "state", "created_at", "id",
            postgresql_where=text("state <> 'registered'"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    payment_id: Mapped[PaymentId]
    refund_id: Mapped[UUID | None]
    kind: Mapped[ReceiptKind] = mapped_column(String(16))
    state: Mapped[ReceiptState] = status_column(ReceiptState.PENDING)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How often it was sent by itself, after its payment or refund."""
    idempotence_key: Mapped[str | None] = mapped_column(String(64))
    """Of the last attempt; empty while it goes along with its payment or refund."""
    key_first_sent_at: Mapped[datetime | None]
    """The key is never sent again 23 hours after this moment: the gateway forgets it after 24."""
    request_body: Mapped[dict[str, Any] | None]
    """The exact body of the last attempt, repeated while its outcome is unknown."""
    provider_receipt_id: Mapped[str | None] = mapped_column(String(64))
    failure: Mapped[str | None] = mapped_column(String(96))
    """Why it is not registered: a word of ours, or `refused:` with the gateway's code and the parameter."""
    next_step_at: Mapped[datetime | None]
    """When the gateway is asked how far it is, or it is tried again by itself."""
    requested_by: Mapped[UUID | None]
    """Who had it tried last; empty where nobody had."""
    state_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
