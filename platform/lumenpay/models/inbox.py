"""What came from outside, stored raw before it is acknowledged: Telegram updates and payment notices."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import BotId, LeaseId, NoticeId

FAST_LANE = 0
"""Updates that somebody at a door waits for: join requests."""
NORMAL_LANE = 1
CHECKOUT_LANE = 2
"""Telegram's questions before a payment, which it forgets after ten seconds: no crowd at a door keeps them waiting."""


class InboxStatus(StrEnum):
    """Whether a stored event still has to be acted on."""

    NEW = "new"
    HANDLED = "handled"
    QUARANTINED = "quarantined"


class TelegramUpdate(TenantOwned, Base):
    """One raw update; (bot, update_id) makes a repeated delivery harmless."""

    __tablename__ = "telegram_updates"
    __table_args__ = (
        within_tenant("bot_id", "bots", ondelete="CASCADE"),
        Index(
            "ix_telegram_updates_new",
            "tenant_id", "bot_id", "lane", "update_id",
            postgresql_where=text("status = 'new'"),
        ),
        Index(
            "ix_telegram_updates_quarantined",
            "tenant_id", "bot_id", "update_id",
            postgresql_where=text("status = 'quarantined'"),
        ),
        Index("ix_telegram_updates_received_at", "received_at"),
    )  # fmt: skip

    bot_id: Mapped[BotId] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lane: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[InboxStatus] = status_column(InboxStatus.NEW, length=16)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    retry_at: Mapped[datetime | None]
    """After a failure: its chat is left alone until then, by the database's clock."""
    received_at: Mapped[datetime]


class BotInbox(TenantOwned, Base):
    """One lane of one bot's inbox: since when it waits, and which worker holds it."""

    __tablename__ = "bot_inboxes"
    __table_args__ = (
        within_tenant("bot_id", "bots", ondelete="CASCADE"),
        Index("ix_bot_inboxes_waiting", "lane", "waiting_since", postgresql_where=text("waiting_since IS NOT NULL")),
    )

    bot_id: Mapped[BotId] = mapped_column(primary_key=True)
    lane: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    waiting_since: Mapped[datetime | None]
    """Empty when there is nothing to do; set anew after each turn, which makes the turns of bots round-robin."""
    lease_id: Mapped[LeaseId | None]
    leased_until: Mapped[datetime | None]


class PaymentNotice(TenantOwned, Base):
    """One raw notice of a gateway, known by event and object. Its body is never believed."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("bot_id", "event", "object_id"),
        Index(None, "tenant_id", "received_at"),
        Index(None, "received_at"),
        Index(
            "ix_payment_notices_quarantined",
            "tenant_id",
            "received_at",
            postgresql_where=text("status = 'quarantined'"),
        ),
    )

    id: Mapped[NoticeId] = primary_id()
    bot_id: Mapped[BotId]
    event: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[InboxStatus] = status_column(InboxStatus.NEW, length=16)
    arrivals: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    """How often it came; a notice that comes again while it is looked into is looked into again."""
    reason: Mapped[str] = mapped_column(String(128), default="", server_default="")
    received_at: Mapped[datetime]
