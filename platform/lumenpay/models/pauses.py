"""Pauses of subscriptions; what a plan allows whoever wants to leave; why people turned autopay off."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, within_tenant
from lumenpay.models.ids import PlanId, PromoCodeId, SubscriptionId, UserId


class PausedBy(StrEnum):
    """Who began a pause, or ended it."""

    SUBSCRIBER = "subscriber"
    TEAM = "team"
    CLOCK = "clock"
    """It had lasted its longest."""
    PURCHASE = "purchase"
    """The person bought more."""
    END = "end"
    """The subscription itself was ended."""


class OfferKind(StrEnum):
    """What is offered to whoever turned autopay off."""

    PROMO_CODE = "promo_code"
    DAYS = "days"
    PAUSE = "pause"


class LeavingReason(StrEnum):
    """Why somebody turned autopay off."""

    TOO_EXPENSIVE = "too_expensive"
    NO_TIME = "no_time"
    NOT_USEFUL = "not_useful"
    TECHNICAL = "technical"
    OTHER = "other"


class OfferOutcome(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class SubscriptionPause(TenantOwned, Base):
    """A stretch in which a subscription's time stands still; there is one open at most."""

    __tablename__ = "subscription_pauses"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        CheckConstraint("until_at > started_at", "has_length"),
        Index(
            "uq_subscription_pauses_open", "tenant_id", "subscription_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_subscription_pauses_due", "next_step_at",
            postgresql_where=text("ended_at IS NULL AND next_step_at IS NOT NULL"),
        ),
        Index("ix_subscription_pauses_started", "tenant_id", "subscription_id", "started_at"),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    subscription_id: Mapped[SubscriptionId]
    started_by: Mapped[PausedBy] = mapped_column(String(16))
    started_at: Mapped[datetime]
    until_at: Mapped[datetime]
    """When it ends by itself."""
    next_step_at: Mapped[datetime | None]
    """When the person is told that it ends soon, or it ends."""
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[PausedBy | None] = mapped_column(String(16))


class LeavingRules(TenantOwned, Base):
    """What one plan allows and offers to whoever wants to leave; a plan without a row allows and offers nothing."""

    __tablename__ = "leaving_rules"
    __table_args__ = (within_tenant("plan_id", "plans"), within_tenant("offer_promo_code_id", "promo_codes"))

    plan_id: Mapped[PlanId] = mapped_column(primary_key=True)
    pause_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """The longest pause that a subscriber may take; 0 when none."""
    pauses_a_year: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    offer_kind: Mapped[OfferKind | None] = mapped_column(String(16))
    offer_days: Mapped[int | None] = mapped_column(Integer)
    offer_promo_code_id: Mapped[PromoCodeId | None]


class Leaving(TenantOwned, Base):
    """One time that a person turned autopay off: why, what was offered, and what became of it."""

    __tablename__ = "leavings"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("user_id", "users"),
        within_tenant("plan_id", "plans"),
        within_tenant("offer_promo_code_id", "promo_codes"),
        Index(None, "tenant_id", "plan_id", "created_at"),
        Index(None, "tenant_id", "subscription_id", "created_at"),
        # An offer is made once for each subscription.
        Index(
            "uq_leavings_offer", "tenant_id", "subscription_id", unique=True,
            postgresql_where=text("offer_kind IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    subscription_id: Mapped[SubscriptionId]
    user_id: Mapped[UserId]
    plan_id: Mapped[PlanId]
    created_at: Mapped[datetime]
    reason: Mapped[LeavingReason | None] = mapped_column(String(32))
    offer_kind: Mapped[OfferKind | None] = mapped_column(String(16))
    offer_days: Mapped[int | None] = mapped_column(Integer)
    offer_promo_code_id: Mapped[PromoCodeId | None]
    outcome: Mapped[OfferOutcome | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]
