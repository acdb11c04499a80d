"""Autopay: what a person agreed to, the saved method that renews a subscription, and the charge of each end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, SubscriptionId, UserId
from lumenpay.models.plans import PeriodUnit


class AutopayStatus(StrEnum):
    """Whether a subscription renews by itself."""

    ON = "on"
    OFF = "off"


class ChargeState(StrEnum):
    """What became of the charge for one end of a subscription."""

    OPEN = "open"
    """A payment of it may be on its way; nothing else is charged."""
    PAID = "paid"
    FAILED = "failed"
    """The last payment was refused, or dropped before it was sent; another try may follow."""


class AutopayConsent(TenantOwned, Base):
    """What a person agreed to when an order was made: never changed, never removed."""

    __tablename__ = "autopay_consents"
    __table_args__ = (within_tenant("payment_id", "payments"), within_tenant("user_id", "users"))

    payment_id: Mapped[PaymentId] = mapped_column(primary_key=True)
    user_id: Mapped[UserId]
    version: Mapped[str] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    """The words that stood above the pressed button."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """What each renewal costs, whatever the first payment did."""
    currency: Mapped[str] = mapped_column(String(3))
    period_unit: Mapped[PeriodUnit] = mapped_column(String(16))
    period_count: Mapped[int] = mapped_column(Integer)
    given_at: Mapped[datetime]


class Autopay(TenantOwned, Base):
    """A subscription that renews by itself, or did."""

    __tablename__ = "autopays"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("user_id", "users"),
        within_tenant("bot_id", "bots"),
        within_tenant("consent_payment_id", "payments"),
        Index(None, "tenant_id", "user_id"),
        # What of a bot renews by itself has to end before its token goes.
        Index("ix_autopays_running", "tenant_id", "bot_id", postgresql_where=text("status = 'on'")),
        Index("ix_autopays_due", "next_step_at", postgresql_where=text("status = 'on' AND next_step_at IS NOT NULL")),
    )

    subscription_id: Mapped[SubscriptionId] = mapped_column(primary_key=True)
    bot_id: Mapped[BotId]
    user_id: Mapped[UserId]
    consent_payment_id: Mapped[PaymentId]
    """The order that the person agreed with, and whose payment saved the method."""
    status: Mapped[AutopayStatus] = status_column(AutopayStatus.ON)
    method_ref: Mapped[str | None] = mapped_column(String(255))
    """The gateway's id of the saved method, forgotten when autopay ends. It takes the shop's secret key to use it.

    In Stars, Telegram's id of the charge that began its subscription.
    """
    method_title: Mapped[str] = mapped_column(String(64))
    shop_id: Mapped[str] = mapped_column(String(64))
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    next_step_at: Mapped[datetime | None]
    """When the person is told, or the charge is made; empty while neither can be."""
    noticed_end_at: Mapped[datetime | None]
    """The end of the subscription that the notice before the charge was recorded for."""
    noticed_at: Mapped[datetime | None]
    """When that notice reached the person; nothing is charged without it."""
    last_failure: Mapped[str | None] = mapped_column(String(64))
    last_failed_at: Mapped[datetime | None]
    off_reason: Mapped[str | None] = mapped_column(String(64))
    off_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SubscriptionCharge(TenantOwned, Base):
    """The charge that prolongs a subscription beyond one end: its key makes it happen once."""

    __tablename__ = "subscription_charges"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("payment_id", "payments"),
        unique_in_tenant("subscription_id", "ends_at"),
        unique_in_tenant("payment_id"),
    )

    id: Mapped[UUID] = primary_id()
    subscription_id: Mapped[SubscriptionId]
    ends_at: Mapped[datetime]
    payment_id: Mapped[PaymentId | None]
    """The payment of the last try."""
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    state: Mapped[ChargeState] = status_column(ChargeState.OPEN)
    created_at: Mapped[datetime]
