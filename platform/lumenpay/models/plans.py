"""What a tenant sells: a price, a period and the channels that it opens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, within_tenant
from lumenpay.models.ids import BotId, ChannelId, PlanId


class PeriodUnit(StrEnum):
    """Unit of a plan's length. A lifetime plan has no end and a count of 1. Minutes are refused in production.

    Seconds exist in test drives only.
    """

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


class Plan(TenantOwned, Base):
    """One offer of a bot."""

    __tablename__ = "plans"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        CheckConstraint("price_minor >= 0", "price_not_negative"),
        CheckConstraint("period_count > 0", "period_count_positive"),
        Index(None, "tenant_id", "bot_id", "position"),
    )

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
    is_recurring: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """Whoever agrees to it pays for the next period without doing anything."""
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
