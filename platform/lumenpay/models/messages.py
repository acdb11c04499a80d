"""Texts of the bot that a tenant changed; what is not here has a default."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId


class BotMessage(TenantOwned, Base):
    """One text of one bot in one language, as Telegram HTML with `{variables}`."""

    __tablename__ = "bot_messages"
    __table_args__ = (within_tenant("bot_id", "bots"), unique_in_tenant("bot_id", "key", "locale"))

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    key: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class TermsVersion(TenantOwned, Base):
    """Words of the terms as they were shown when somebody ordered. Never changed."""

    __tablename__ = "terms_versions"

    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    """The beginning of a hash of language and words."""
    locale: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
