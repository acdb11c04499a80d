"""What a tenant sells: a price, a period and the channels that it opens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, SmallInteger, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, telegram_id_column, within_tenant
from lumenpay.models.fiscal_receipts import PaymentMode, PaymentSubject
from lumenpay.models.ids import BotId, ChannelId, PaymentId, PlanId, UserId


class PeriodUnit(StrEnum):
    """Unit of a plan's length. A lifetime plan has no end and a count of 1. Minutes are refused in production.

    Seconds exist in test drives only. A plan whose unit is `until` ends for everybody at its `fixed_end_at`; its count
    is 1.
    """

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"
    UNTIL = "until"


class Audience(StrEnum):
    """Whom a plan is for. Whoever is not `everyone` is exactly one of the others."""

    EVERYONE = "everyone"
    NEW = "new"
    """Never paid the tenant for anything."""
    EXISTING = "existing"
    """Paid before, and has a running subscription."""
    LAPSED = "lapsed"
    """Paid before, and has no running subscription."""


class Plan(TenantOwned, Base):
    """One offer of a bot."""

    __tablename__ = "plans"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        CheckConstraint("price_minor >= 0", "price_not_negative"),
        CheckConstraint("period_count > 0", "period_count_positive"),
        CheckConstraint("capacity > 0", "capacity_positive"),
        CheckConstraint("receipt_vat_code BETWEEN 1 AND 12", "receipt_vat_code_known"),
        CheckConstraint("stars > 0", "stars_positive"),
        CheckConstraint("period_unit <> 'until' OR fixed_end_at IS NOT NULL", "fixed_end_of_unit"),
        Index(None, "tenant_id", "bot_id", "position"),
        Index(
            "ix_plans_access_code", "tenant_id", "bot_id", "access_code",
            postgresql_where=text("access_code IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[PlanId] = primary_id()
    bot_id: Mapped[BotId]
    title: Mapped[str] = mapped_column(String(128))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    period_unit: Mapped[PeriodUnit] = mapped_column(String(16))
    period_count: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    is_on_sale: Mapped[bool] = mapped_column(Boolean, default=True, server_default="true")
    is_hidden: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Bought only by a deep link, not listed by /buy."""
    stars: Mapped[int | None] = mapped_column(Integer)
    """What it costs in Telegram Stars, for whoever would rather pay with them; a plan in `XTR` costs nothing else."""
    is_recurring: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Whoever agrees to it pays for the next period without doing anything."""
    is_giftable: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Can be bought for somebody else, who takes it by a link."""
    access_code: Mapped[str | None] = mapped_column(String(32))
    """In upper case. For whoever has not said it the plan is not there at all."""
    is_trial: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Taken by a person once, whichever of the tenant's bots and trials it is."""
    audience: Mapped[Audience] = status_column(Audience.EVERYONE, length=16)
    audience_plan_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list, server_default="{}")
    """Of which plans the audience is meant: whoever has, had or never bought one of these; empty for any plan."""
    allows_changes: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """People may change to it and from it by themselves, where the other plan allows it too."""
    capacity: Mapped[int | None] = mapped_column(Integer)
    """How many people can have it at a time; empty for any number."""
    sale_starts_at: Mapped[datetime | None]
    sale_ends_at: Mapped[datetime | None]
    fixed_end_at: Mapped[datetime | None]
    """When access ends for everybody who bought it, whenever that was; it is not sold from then on."""
    receipt_vat_code: Mapped[int | None] = mapped_column(SmallInteger)
    """What a fiscal receipt says of this plan, where it is not what the shop's settings say; so are the next two."""
    receipt_subject: Mapped[PaymentSubject | None] = mapped_column(String(32))
    receipt_mode: Mapped[PaymentMode | None] = mapped_column(String(32))
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PlanChannel(TenantOwned, Base):
    """A channel that a plan opens."""

    __tablename__ = "plan_channels"
    __table_args__ = (
        within_tenant("plan_id", "plans", ondelete="CASCADE"),
        within_tenant("channel_id", "channels"),
        Index(None, "tenant_id", "channel_id"),
    )

    plan_id: Mapped[PlanId] = mapped_column(primary_key=True)
    channel_id: Mapped[ChannelId] = mapped_column(primary_key=True)


class TrialUse(TenantOwned, Base):
    """A person took the tenant's trial. Known by Telegram's id, so that it outlives the row of the subscriber."""

    __tablename__ = "trial_uses"
    __table_args__ = (within_tenant("plan_id", "plans"), Index(None, "tenant_id", "payment_id"))

    telegram_id: Mapped[int] = telegram_id_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[PlanId]
    payment_id: Mapped[PaymentId]
    """The order that it was taken with. No reference: the order may be removed with the person."""
    used_at: Mapped[datetime | None]
    """When it was granted; empty while its order is open, which keeps it for that order."""
    created_at: Mapped[datetime]


class PlanUnlock(TenantOwned, Base):
    """A person said the access code of a plan; counts while the plan still has that code."""

    __tablename__ = "plan_unlocks"
    __table_args__ = (
        within_tenant("plan_id", "plans", ondelete="CASCADE"),
        within_tenant("user_id", "users", ondelete="CASCADE"),
        Index(None, "tenant_id", "user_id"),
    )

    plan_id: Mapped[PlanId] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
