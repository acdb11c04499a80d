"""Messages to many subscribers at a set time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, within_tenant
from lumenpay.models.ids import BotId


class BroadcastStatus(StrEnum):
    """Where a broadcast is in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class ScheduledBroadcast(TenantOwned, Base):
    """One text, to whom, and when."""

    __tablename__ = "scheduled_broadcasts"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        Index("ix_scheduled_broadcasts_due", "scheduled_at", postgresql_where=text("status = 'scheduled'")),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    title: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    segment: Mapped[dict[str, Any]]
    status: Mapped[BroadcastStatus] = status_column(BroadcastStatus.DRAFT)
    scheduled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
