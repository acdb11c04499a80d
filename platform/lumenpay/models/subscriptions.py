"""Subscriptions: the periods that were paid for, one grant a payment, and the reminders that were sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PaymentId, PlanId, SubscriptionId, UserId


class SubscriptionStatus(StrEnum):
    """Whether the subscription gives access. Legal moves stand in `lumenpay.subscriptions.rules`."""

    ACTIVE = "active"
    EXPIRED = "expired"
    PAUSED = "paused"
    """Its time stands still; what is left of it is given back."""


class Subscription(TenantOwned, Base):
    """One person's subscription to one plan; renewals add periods to it."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("user_id", "users"),
        within_tenant("plan_id", "plans"),
        unique_in_tenant("user_id", "plan_id"),
        CheckConstraint("(status = 'paused') = (paused_until_at IS NOT NULL)", "paused_until_known"),
        Index(
            "ix_subscriptions_due_expiry",
            "access_ends_at",
            postgresql_where=text("status = 'active' AND access_ends_at IS NOT NULL"),
        ),
        Index(
            "ix_subscriptions_due_reminder",
            "next_reminder_at",
            postgresql_where=text("status = 'active' AND next_reminder_at IS NOT NULL"),
        ),
        Index(None, "tenant_id", "created_at"),
        Index(
            "ix_subscriptions_expired_at", "tenant_id", "expired_at", postgresql_where=text("expired_at IS NOT NULL")
        ),
        # The lists of subscribers: by state, by plan, and by how soon the access ends.
        Index("ix_subscriptions_ends", "tenant_id", "status", "ends_at", "user_id"),
        Index("ix_subscriptions_plan", "tenant_id", "plan_id", "status", "user_id"),
        # Who has a running one, answered without the row: of some plan, or at all.
        Index(
            "ix_subscriptions_state", "tenant_id", "status", "user_id", "plan_id",
            postgresql_include=["access_ends_at"],
        ),
        Index(None, "tenant_id", "status", "id"),
        Index("ix_subscriptions_paused", "tenant_id", "id", postgresql_where=text("status = 'paused'")),
        Index(None, "tenant_id", "bot_id", "id"),
        # Rows that must not be: as a rule there is none in these, and asking for them costs nothing.
        Index(
            "ix_subscriptions_cut_short", "tenant_id", "id",
            postgresql_where=text("status = 'active' AND access_ends_at < coalesce(ends_at, 'infinity')"),
        ),
        Index(
            "ix_subscriptions_ended_early", "tenant_id", "id",
            postgresql_where=text("status = 'expired' AND coalesce(access_ends_at, 'infinity') > expired_at"),
        ),
    )  # fmt: skip

    id: Mapped[SubscriptionId] = primary_id()
    bot_id: Mapped[BotId]
    user_id: Mapped[UserId]
    plan_id: Mapped[PlanId]
    status: Mapped[SubscriptionStatus] = status_column(SubscriptionStatus.ACTIVE)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """End of the last paid period; empty for a lifetime. While paused, as if the pause lasted its longest."""
    access_ends_at: Mapped[datetime | None]
    """`ends_at` plus the grace; empty for a lifetime. While paused, the moment of the pause."""
    paused_until_at: Mapped[datetime | None]
    """When a pause ends by itself; empty unless paused."""
    next_reminder_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SubscriptionPeriod(TenantOwned, Base):
    """A stretch of time that one payment opened; those of one subscription cannot overlap."""

    __tablename__ = "subscription_periods"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("payment_id", "payments"),
        unique_in_tenant("payment_id"),
        ExcludeConstraint(
            ("tenant_id", "="), ("subscription_id", "="), ("during", "&&"),
            using="gist", name="ex_subscription_periods_overlap",
        ),
        Index("ix_subscription_periods_begin", "tenant_id", text("lower(during)")),
        Index("ix_subscription_periods_end", "tenant_id", text("upper(during)")),
    )  # fmt: skip

    id: Mapped[SubscriptionId] = primary_id()
    subscription_id: Mapped[SubscriptionId]
    payment_id: Mapped[PaymentId]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    at_first: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE)
    """What it was when the payment opened it, before a pause, a refund or a change of plan moved or cut it."""
    created_at: Mapped[datetime]


class Grant(TenantOwned, Base):
    """The fact that a payment was turned into access: its key is the payment, so it happens once."""

    __tablename__ = "grants"
    __table_args__ = (
        within_tenant("payment_id", "payments"),
        within_tenant("subscription_id", "subscriptions"),
        Index(None, "tenant_id", "subscription_id"),
    )

    payment_id: Mapped[PaymentId] = mapped_column(primary_key=True)
    subscription_id: Mapped[SubscriptionId]
    granted_at: Mapped[datetime]


class SubscriptionReminder(TenantOwned, Base):
    """A reminder that was due for one end of one subscription; its key makes it happen once."""

    __tablename__ = "subscription_reminders"
    __table_args__ = (within_tenant("subscription_id", "subscriptions"),)

    subscription_id: Mapped[SubscriptionId] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(primary_key=True)
    offset_seconds: Mapped[int] = mapped_column(Integer, primary_key=True)
    created_at: Mapped[datetime]
