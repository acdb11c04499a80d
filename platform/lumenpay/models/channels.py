"""Channels and supergroups that a bot looks after."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import (
    Base,
    TenantOwned,
    primary_id,
    status_column,
    telegram_id_column,
    unique_in_tenant,
    within_tenant,
)
from lumenpay.models.ids import BotId, ChannelId


class ChannelKind(StrEnum):
    """What Telegram calls it."""

    CHANNEL = "channel"
    SUPERGROUP = "supergroup"


class ChannelStatus(StrEnum):
    """Whether people can be let in and out."""

    ACTIVE = "active"
    RIGHTS_MISSING = "rights_missing"
    BOT_REMOVED = "bot_removed"


class EntryMode(StrEnum):
    """How a subscriber gets in."""

    JOIN_REQUEST = "join_request"
    SINGLE_USE_LINK = "single_use_link"


class Channel(TenantOwned, Base):
    """A channel or supergroup, with the rights that the bot has in it."""

    __tablename__ = "channels"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("bot_id", "chat_id"),
        # Two tenants may look after one chat: the one question across tenants asks by it.
        Index("ix_channels_chat_id", "chat_id"),
        Index("ix_channels_next_check_at", "next_check_at"),
        Index("ix_channels_next_sweep_at", "next_sweep_at", postgresql_where=text("status <> 'bot_removed'")),
    )

    id: Mapped[ChannelId] = primary_id()
    bot_id: Mapped[BotId]
    chat_id: Mapped[int] = telegram_id_column()
    kind: Mapped[ChannelKind] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(256))
    username: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[ChannelStatus] = status_column(ChannelStatus.ACTIVE)
    can_invite_users: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    can_restrict_members: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    entry_mode: Mapped[EntryMode] = status_column(EntryMode.JOIN_REQUEST)
    removes_strangers: Mapped[bool] = mapped_column(Boolean, default=True, server_default="true")
    """Whether a person who joins without a right to be inside is removed."""
    rights_checked_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When Telegram is asked next which rights the bot has here."""
    next_sweep_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When Telegram is asked next about a share of the people whom we know here."""
    created_at: Mapped[datetime]
