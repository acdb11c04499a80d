"""What the platform sells to its tenants, what each has of it, and the events of the platform's account at Stripe."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant
from lumenpay.models.ids import TenantId

FREE_PLAN = "free"
"""The code of the plan that costs nothing; whoever pays for none has its limits."""


class PlatformPlan(Base):
    """What a tenant can have of the platform, with its limits; the command line writes it. An empty limit is none."""

    __tablename__ = "platform_plans"
    __table_args__ = (
        CheckConstraint("(stripe_price_id IS NULL) = (price_minor = 0)", "price_of_stripe"),
        Index("uq_platform_plans_stripe_price_id", "stripe_price_id", unique=True),
    )

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    stripe_price_id: Mapped[str | None] = mapped_column(String(255))
    """Empty for the free plan, which Stripe does not know."""
    price_minor: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """A month of it, as the price list says; Stripe charges its own price."""
    currency: Mapped[str] = mapped_column(String(3))
    trial_days: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How long a tenant's first subscription is tried for nothing."""
    max_bots: Mapped[int | None]
    max_channels: Mapped[int | None]
    max_subscribers: Mapped[int | None]
    max_broadcasts: Mapped[int | None]
    """Broadcasts in a calendar month."""
    max_members: Mapped[int | None]
    """People who work for the tenant, with those who are invited."""
    position: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    archived_at: Mapped[datetime | None]
    """From then on nobody can choose it; whoever has it keeps it."""
    created_at: Mapped[datetime]


class PlatformSubscription(TenantOwned, Base):
    """What Stripe said of a tenant when it was asked last; how the tenant stands follows from it and from the time."""

    __tablename__ = "platform_subscriptions"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        Index("uq_platform_subscriptions_stripe_customer_id", "stripe_customer_id", unique=True),
        Index("ix_platform_subscriptions_next_look_at", "next_look_at"),
    )

    id: Mapped[UUID] = primary_id()
    stripe_customer_id: Mapped[str | None] = mapped_column(String(255))
    stripe_subscription_id: Mapped[str | None] = mapped_column(String(255))
    stripe_status: Mapped[str | None] = mapped_column(String(32))
    """Stripe's own word for the state of the subscription; empty where there is none."""
    plan_code: Mapped[str | None] = mapped_column(String(32))
    """The plan of the subscription's price; empty for a price that the list does not know."""
    period_ends_at: Mapped[datetime | None]
    trial_ends_at: Mapped[datetime | None]
    cancels_at: Mapped[datetime | None]
    """When the subscription ends because somebody cancelled it."""
    unpaid_since_at: Mapped[datetime | None]
    """When the oldest invoice that is not paid was made; empty while nothing is owed."""
    notices_count: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How many of the notices of this debt were sent."""
    limits_by_hand: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Limits that staff gave this tenant instead of those of its plan."""
    asked_at: Mapped[datetime | None]
    """When the question was asked whose answer stands here."""
    next_look_at: Mapped[datetime]
    """When Stripe is asked next, whether or not an event comes."""
    created_at: Mapped[datetime]


class PlatformRefund(TenantOwned, Base):
    """Money of one of the platform's own invoices that staff gives back to a tenant; Stripe's words, and our reason."""

    __tablename__ = "platform_refunds"
    __table_args__ = (unique_in_tenant("request_key"), CheckConstraint("amount_minor > 0", "amount_positive"))

    id: Mapped[UUID] = primary_id()
    stripe_invoice_id: Mapped[str] = mapped_column(String(255))
    invoice_number: Mapped[str] = mapped_column(String(64))
    stripe_payment_intent_id: Mapped[str] = mapped_column(String(255))
    """What paid the invoice."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(256))
    """Why, in words of the staff; the tenant reads it."""
    request_key: Mapped[str] = mapped_column(String(48))
    """The client's, for one intention."""
    asked_by: Mapped[UUID | None]
    stripe_refund_id: Mapped[str | None] = mapped_column(String(255))
    """Empty until Stripe has answered, and for ever where it refused."""
    stripe_status: Mapped[str | None] = mapped_column(String(32))
    """Stripe's own word for where the money is."""
    failure: Mapped[str | None] = mapped_column(String(64))
    """Why it failed or was refused, in Stripe's word."""
    answered_at: Mapped[datetime | None]
    """When Stripe said so last."""
    owners_told_at: Mapped[datetime | None]
    """When the owners were written to that it had succeeded: once."""
    created_at: Mapped[datetime]


class StripeEvent(Base):
    """An event of the platform's account that was taken: what it was about, never what it said."""

    __tablename__ = "stripe_events"
    __table_args__ = (Index(None, "received_at"),)

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    """Stripe's; a repeated delivery has the same one."""
    type: Mapped[str] = mapped_column(String(128))
    customer_id: Mapped[str | None] = mapped_column(String(255))
    of_tenant: Mapped[TenantId | None]
    """Whose customer it was about; empty where nobody's."""
    arrivals: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    received_at: Mapped[datetime]
