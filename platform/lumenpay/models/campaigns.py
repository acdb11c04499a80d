"""Campaigns: named links that bring people to a bot, each with a source of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, PlanId, PromoCodeId


class Campaign(TenantOwned, Base):
    """A link `t.me/<bot>?start=<source>`: whom it brought is counted by the source that people and orders keep."""

    __tablename__ = "campaigns"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("plan_id", "plans"),
        within_tenant("promo_code_id", "promo_codes"),
        unique_in_tenant("bot_id", "source"),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    name: Mapped[str] = mapped_column(String(128))
    source: Mapped[str] = mapped_column(String(64))
    """Payload of /start; it never changes, because links with it are out."""
    plan_id: Mapped[PlanId | None]
    """The plan that the link shows."""
    promo_code_id: Mapped[PromoCodeId | None]
    """The promo code that the link brings."""
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """Left out of the list since; the link goes on working and counting."""
