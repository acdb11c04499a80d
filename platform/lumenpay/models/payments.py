"""Payments: what a subscriber was asked to pay, what the gateway says, and how far the delivery got."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import (
    Base,
    TenantOwned,
    primary_id,
    status_column,
    telegram_id_column,
    unique_in_tenant,
    within_tenant,
)
from lumenpay.models.fiscal_receipts import ReceiptState
from lumenpay.models.ids import BotId, PaymentId, PlanId, PromoCodeId, UserId
from lumenpay.models.plans import PeriodUnit


class PaymentStatus(StrEnum):
    """Where the money is. Legal moves stand in `lumenpay.payments.rules`."""

    CREATED = "created"
    """Stored by us; the gateway may or may not know it."""
    PENDING = "pending"
    """The gateway knows it and waits for the payer."""
    WAITING_FOR_CAPTURE = "waiting_for_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    QUARANTINED = "quarantined"
    """What the gateway says does not match what we asked for; a human looks."""


class DeliveryState(StrEnum):
    """How far a paid order got (3.7)."""

    NOT_PAID = "not_paid"
    PAID = "paid"
    GRANTED = "granted"
    LINK_SENT = "link_sent"
    LINK_OPENED = "link_opened"
    JOINED = "joined"


OPEN_STATUSES = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.WAITING_FOR_CAPTURE)
PLACE_HELD_FOR: Final = timedelta(hours=1)
"""So long an open order keeps a place where there are few of them: as long as the gateway's link can be paid."""


class Payment(TenantOwned, Base):
    """One order. Price and period are copied from the plan when it is made, and honoured later."""

    __tablename__ = "payments"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("user_id", "users"),
        within_tenant("plan_id", "plans"),
        within_tenant("promo_code_id", "promo_codes"),
        unique_in_tenant("idempotence_key"),
        unique_in_tenant("provider", "provider_payment_id"),
        CheckConstraint("amount_minor >= 0", "amount_not_negative"),
        CheckConstraint("credit_minor >= 0", "credit_not_negative"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", "refunded_within_amount"),
        Index(
            "uq_payments_open",
            "tenant_id",
            "user_id",
            "plan_id",
            unique=True,
            postgresql_where=text("status IN ('created', 'pending') AND superseded_at IS NULL"),
        ),
        Index("ix_payments_due", "next_check_at", postgresql_where=text("next_check_at IS NOT NULL")),
        # Paid, and not handed over: a handful at any moment, counted for every tenant that staff looks at.
        Index(
            "ix_payments_not_granted",
            "tenant_id",
            "created_at",
            postgresql_where=text("status = 'succeeded' AND delivery_state IN ('not_paid', 'paid', 'granted')"),
        ),
        Index("ix_payments_list", "tenant_id", "created_at", "id"),
        # With what tells which of a person's orders is the newest that was paid.
        Index(
            "ix_payments_user", "tenant_id", "user_id", "created_at",
            postgresql_include=["id", "plan_id", "status", "settled_at"],
        ),
        # With what is summed up.
        Index(
            "ix_payments_revenue", "tenant_id", "settled_at",
            postgresql_where=text("status = 'succeeded'"),
            postgresql_include=["user_id", "is_test", "currency", "amount_minor"],
        ),
        # What the list is narrowed by, where few rows can be hidden among many.
        Index("ix_payments_bot", "tenant_id", "bot_id", "created_at", "id"),
        Index("ix_payments_delivery", "tenant_id", "delivery_state", "created_at", "id"),
        Index(
            "ix_payments_method", "tenant_id", "method", "created_at", "id",
            postgresql_where=text("method IS NOT NULL"),
        ),
        Index(
            "ix_payments_promo_code", "tenant_id", "promo_code_id", "created_at", "id",
            postgresql_where=text("promo_code_id IS NOT NULL"),
        ),
        Index(
            "ix_payments_source", "tenant_id", "bot_id", "source", postgresql_where=text("source IS NOT NULL"),
        ),
        # Those that wait or failed are few; the others are found as the whole list is.
        Index(
            "ix_payments_receipt", "tenant_id", "receipt_state", "created_at", "id",
            postgresql_where=text("receipt_state IN ('failed', 'pending')"),
        ),
        Index("ix_payments_test", "tenant_id", "created_at", "id", postgresql_where=text("is_test")),
        Index(None, "tenant_id", "status", "created_at"),
        Index(None, "tenant_id", "plan_id", "created_at"),
        Index(
            "ix_payments_waiting", "tenant_id", "settled_at",
            postgresql_where=text("status = 'succeeded' AND delivery_state NOT IN ('not_paid', 'joined')"),
            postgresql_include=["user_id", "plan_id"],
        ),
        Index(
            "ix_payments_search",
            "tenant_id",
            "provider_payment_id",
            postgresql_ops={"provider_payment_id": "text_pattern_ops"},
        ),
    )  # fmt: skip

    id: Mapped[PaymentId] = primary_id()
    bot_id: Mapped[BotId]
    user_id: Mapped[UserId]
    plan_id: Mapped[PlanId]
    promo_code_id: Mapped[PromoCodeId | None]
    provider: Mapped[str] = mapped_column(String(16))
    """`yookassa`, `stars`, `free` where a promo code leaves nothing to pay, `manual` where the tenant gives it, or
    `gift` where somebody else paid for it."""
    method: Mapped[str | None] = mapped_column(String(32))
    """How it was paid, as the gateway names it: `bank_card`, `sbp`, `yoo_money`, …"""
    shop_id: Mapped[str | None] = mapped_column(String(64))
    """YooKassa's number of the shop; of orders in Stars Telegram itself is the shop (`STARS_SHOP`)."""
    status: Mapped[PaymentStatus] = status_column(PaymentStatus.CREATED)
    delivery_state: Mapped[DeliveryState] = status_column(DeliveryState.NOT_PAID)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """What unused time of another plan was worth that paid for this one too; no money, and not in the ledger."""
    refunded_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """How much of it went back to the payer; a payment that succeeded stays so."""
    list_price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    period_unit: Mapped[PeriodUnit] = mapped_column(String(16))
    period_count: Mapped[int] = mapped_column(Integer)
    extra_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    fixed_end_at: Mapped[datetime | None]
    """When the access ends that it buys, whenever it is paid; the period says how long that was when it was made."""
    source: Mapped[str | None] = mapped_column(String(64))
    """What brought its person to the bot last before it was made: the payload of that /start."""
    description: Mapped[str] = mapped_column(String(128))
    idempotence_key: Mapped[str] = mapped_column(String(64))
    key_first_sent_at: Mapped[datetime | None]
    """The key is never sent again 23 hours after this moment: the gateway forgets it after 24."""
    request_body: Mapped[dict[str, Any] | None]
    """The exact body of the create call, repeated on every retry."""
    provider_payment_id: Mapped[str | None] = mapped_column(String(255))
    """YooKassa's id of the payment, or Telegram's of the charge, which is far longer."""
    confirmation_url: Mapped[str | None] = mapped_column(Text)
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    terms_version: Mapped[str | None] = mapped_column(String(16))
    """Which words of the terms held when it was made; of a charge those of the order with its consent hold."""
    saves_method: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """The payer agreed that further periods are charged without them, and the gateway is asked to save the method."""
    is_gift: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """What it pays for waits for whoever takes it by a link; it opens nothing to the payer."""
    is_autopay: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Charged with a saved method, without the payer; there is no link to pay it."""
    superseded_at: Mapped[datetime | None]
    """Another payment of the same person for the same plan took its place; money that comes is honoured."""
    next_check_at: Mapped[datetime | None]
    """When the gateway is asked next without any notification; empty when there is nothing to ask."""
    checks_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    checked_at: Mapped[datetime | None]
    """When the gateway was asked last, by a poll or because somebody wanted to know."""
    check_result: Mapped[str | None] = mapped_column(String(64))
    """What came of it: what it changed, or why nothing could be learnt (`lumenpay.payments.checks`)."""
    settled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str | None] = mapped_column(String(64))
    quarantine_reason: Mapped[str | None] = mapped_column(String(64))
    """Why a human has to look: what contradicts the order, or that its money could not buy anything."""
    chat_message_id: Mapped[int | None] = telegram_id_column()
    """The bot's message that carries the payment button, to be edited in place."""
    delay_told_at: Mapped[datetime | None]
    """When the payer was told that the gateway does not answer yet; said once."""
    receipt_sent_at: Mapped[datetime | None]
    """When the payer got the receipt, with or without links; what is sent later is links only."""
    receipt_state: Mapped[ReceiptState | None] = mapped_column(String(16))
    """How far its fiscal receipt is; empty where it needs none."""
    created_at: Mapped[datetime]
