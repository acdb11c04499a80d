"""Subscribers: the people who talk to a tenant's bot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, telegram_id_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, UserId


class User(TenantOwned, Base):
    """A person as one bot knows them."""

    __tablename__ = "users"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("bot_id", "telegram_id"),
        Index(None, "tenant_id", "created_at"),
        Index("ix_users_plan_seen_at", "tenant_id", "plan_seen_at", postgresql_where=text("plan_seen_at IS NOT NULL")),
    )

    id: Mapped[UserId] = primary_id()
    bot_id: Mapped[BotId]
    telegram_id: Mapped[int] = telegram_id_column()
    first_name: Mapped[str] = mapped_column(String(128), default="", server_default="")
    last_name: Mapped[str] = mapped_column(String(128), default="", server_default="")
    username: Mapped[str | None] = mapped_column(String(64))
    language_code: Mapped[str | None] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8), default="ru", server_default="ru")
    """Language of the bot's texts for this person: `ru` or `en`."""
    source: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Payload of the first /start."""
    dialog: Mapped[dict[str, Any] | None]
    """What the bot waits for from this person, or nothing."""
    is_whitelisted: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    """May be in the channels without paying."""
    blocked_bot_at: Mapped[datetime | None]
    plan_seen_at: Mapped[datetime | None]
    """When the bot first showed this person a plan, or took an order."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
