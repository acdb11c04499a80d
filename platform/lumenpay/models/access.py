"""Who should be inside a channel, who is, by which link, and the log of every entry and exit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, Text, text
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
from lumenpay.models.channels import EntryMode
from lumenpay.models.ids import ChannelId, EntryLinkId, MembershipId, PaymentId, SubscriptionId, UserId


class WantedPlace(StrEnum):
    """Where we want the person to be."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNMANAGED = "unmanaged"
    """Not ours to move: was there before the bot, an admin, or whitelisted."""


class ActualPlace(StrEnum):
    """Where Telegram last said that the person is."""

    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    INSIDE = "inside"
    ADMIN = "admin"


class EntryLinkStatus(StrEnum):
    """Whether a link still opens the door."""

    ACTIVE = "active"
    REVOKED = "revoked"


class AccessAction(StrEnum):
    """What happened at the door."""

    GRANTED = "granted"
    LINK_SENT = "link_sent"
    REQUEST_APPROVED = "request_approved"
    REQUEST_DECLINED = "request_declined"
    JOINED = "joined"
    LEFT = "left"
    LINK_REVOKED = "link_revoked"
    EXPIRED = "expired"
    PAUSED = "paused"
    RESUMED = "resumed"
    REMOVED = "removed"
    REMOVAL_SKIPPED = "removal_skipped"


class Membership(TenantOwned, Base):
    """One person in one channel: wanted and actual place."""

    __tablename__ = "memberships"
    __table_args__ = (
        within_tenant("channel_id", "channels"),
        within_tenant("user_id", "users"),
        unique_in_tenant("channel_id", "telegram_id"),
        Index(None, "tenant_id", "user_id"),
        Index(None, "tenant_id", "channel_id", "actual", "user_id"),
        # Who left while they have the right to be inside.
        Index(
            "ix_memberships_gone",
            "tenant_id",
            "user_id",
            "channel_id",
            postgresql_where=text("wanted = 'inside' AND actual = 'outside'"),
        ),
    )

    id: Mapped[MembershipId] = primary_id()
    channel_id: Mapped[ChannelId]
    telegram_id: Mapped[int] = telegram_id_column()
    user_id: Mapped[UserId | None]
    """Empty for a stranger who never talked to the bot."""
    wanted: Mapped[WantedPlace] = status_column(WantedPlace.OUTSIDE)
    actual: Mapped[ActualPlace] = status_column(ActualPlace.UNKNOWN)
    actual_seen_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    """When the person was last seen coming in; empty while only our own letting in is known."""
    declined_told_at: Mapped[datetime | None]
    """When the person was last told at the door how to get in."""
    created_at: Mapped[datetime]


class EntryLink(TenantOwned, Base):
    """A personal link into a channel."""

    __tablename__ = "entry_links"
    __table_args__ = (
        within_tenant("channel_id", "channels"),
        within_tenant("user_id", "users"),
        Index(
            "uq_entry_links_active",
            "tenant_id",
            "channel_id",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
        Index(None, "tenant_id", "url"),
    )

    id: Mapped[EntryLinkId] = primary_id()
    channel_id: Mapped[ChannelId]
    user_id: Mapped[UserId]
    mode: Mapped[EntryMode] = mapped_column(String(32))
    url: Mapped[str] = mapped_column(Text)
    status: Mapped[EntryLinkStatus] = status_column(EntryLinkStatus.ACTIVE)
    expires_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccessLog(TenantOwned, Base):
    """One event at the door; never changed, never deleted by the application."""

    __tablename__ = "access_logs"
    __table_args__ = (
        within_tenant("user_id", "users"),
        within_tenant("channel_id", "channels"),
        within_tenant("payment_id", "payments"),
        within_tenant("subscription_id", "subscriptions"),
        Index(None, "tenant_id", "created_at"),
        Index(None, "tenant_id", "user_id", "created_at"),
        Index(None, "tenant_id", "action", "id"),
        Index(None, "tenant_id", "channel_id", "id"),
        Index(None, "tenant_id", "telegram_id", "id"),
        Index(
            "ix_access_logs_payment", "tenant_id", "payment_id", "id", postgresql_where=text("payment_id IS NOT NULL")
        ),
        Index(
            "ix_access_logs_subscription", "tenant_id", "subscription_id", "id",
            postgresql_where=text("subscription_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    action: Mapped[AccessAction] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(64), default="", server_default="")
    telegram_id: Mapped[int | None] = telegram_id_column()
    user_id: Mapped[UserId | None]
    channel_id: Mapped[ChannelId | None]
    payment_id: Mapped[PaymentId | None]
    subscription_id: Mapped[SubscriptionId | None]
    created_at: Mapped[datetime]
