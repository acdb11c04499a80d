"""The win-back series of a tenant, what became of each ended subscription in it, and the offers that were made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, SmallInteger, String, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PlanId, PromoCodeId, SubscriptionId, UserId
from lumenpay.models.promo_codes import DiscountKind


class WinBackEnd(StrEnum):
    """Why a person is offered nothing more after one end."""

    CAME_BACK = "came_back"
    BLOCKED = "blocked"
    OPTED_OUT = "opted_out"
    REFUNDED = "refunded"
    OFF = "off"
    """The owner switched the series off, or took its further steps away."""
    ANOTHER_END = "another_end"
    """Another subscription of the person ended later."""
    DONE = "done"
    """Every step was taken."""


class WinBackSeries(TenantOwned, Base):
    """Whether a tenant writes to people whose subscription ended, and at which hours of its own time zone."""

    __tablename__ = "win_back_series"
    __table_args__ = (
        unique_in_tenant(),
        CheckConstraint("from_hour >= 0 AND from_hour < until_hour AND until_hour <= 24", "hours"),
    )

    id: Mapped[UUID] = primary_id()
    is_on: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    from_hour: Mapped[int] = mapped_column(SmallInteger, default=10, server_default="10")
    until_hour: Mapped[int] = mapped_column(SmallInteger, default=20, server_default="20")
    """Nobody is written to from this hour on."""
    changed_at: Mapped[datetime]


class WinBackStep(TenantOwned, Base):
    """One step of the series; steps are numbered from 1, the earliest first."""

    __tablename__ = "win_back_steps"
    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 5", "number"),)

    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    after_days: Mapped[int] = mapped_column(Integer)
    """Days after the end."""
    discount_kind: Mapped[DiscountKind] = mapped_column(String(16))
    discount_value: Mapped[int] = mapped_column(Integer)
    """Percent or days, by `discount_kind`."""
    valid_days: Mapped[int] = mapped_column(Integer)
    plan_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list, server_default=text("'{}'"))
    """Plans that the offer is good for; none: the one that ended."""


class WinBack(TenantOwned, Base):
    """One end of a subscription, and how far its person has come in the series."""

    __tablename__ = "win_backs"
    __table_args__ = (
        within_tenant("subscription_id", "subscriptions"),
        within_tenant("user_id", "users"),
        unique_in_tenant("subscription_id", "ended_at"),
        # A person is in the series once at most.
        Index("uq_win_backs_open", "tenant_id", "user_id", unique=True, postgresql_where=text("stopped_at IS NULL")),
        Index("ix_win_backs_due", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    subscription_id: Mapped[SubscriptionId]
    user_id: Mapped[UserId]
    plan_id: Mapped[PlanId]
    ended_at: Mapped[datetime]
    steps_taken: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    next_step_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[WinBackEnd | None] = mapped_column(String(16))


class WinBackOffer(TenantOwned, Base):
    """One offer to one person, by a promo code of their own; its key makes a step happen once for each end."""

    __tablename__ = "win_back_offers"
    __table_args__ = (
        within_tenant("win_back_id", "win_backs"),
        within_tenant("user_id", "users"),
        within_tenant("promo_code_id", "promo_codes"),
        unique_in_tenant("win_back_id", "step"),
        Index(None, "tenant_id", "user_id", "created_at"),
        Index(None, "tenant_id", "created_at"),
    )

    id: Mapped[UUID] = primary_id()
    win_back_id: Mapped[UUID]
    user_id: Mapped[UserId]
    step: Mapped[int] = mapped_column(SmallInteger)
    promo_code_id: Mapped[PromoCodeId]
    valid_until_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class WinBackOptOut(TenantOwned, Base):
    """A person who wants no offers after an end any more."""

    __tablename__ = "win_back_opt_outs"
    __table_args__ = (within_tenant("user_id", "users", ondelete="CASCADE"),)

    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
