"""Test drives: an owner tries the own bot out in the sandbox, on a copy that is removed afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, telegram_id_column, within_tenant
from lumenpay.models.ids import AdminId, BotId, TenantId


class TestDriveEnd(StrEnum):
    """Why a test drive ended."""

    STOPPED = "stopped"
    TIME_OVER = "time_over"
    FAILED = "failed"
    """The sandbox could not be set up."""


class TestDrive(TenantOwned, Base):
    """One person's test drive of one bot; the copy that it runs on is the tenant `drive_tenant_id`."""

    __tablename__ = "test_drives"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        Index(
            "uq_test_drives_running", "tenant_id", "admin_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_test_drives_next_step_at", "next_step_at"),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    """The bot that is tried out."""
    admin_id: Mapped[AdminId]
    drive_tenant_id: Mapped[TenantId]
    locale: Mapped[str] = mapped_column(String(8))
    telegram_bot_id: Mapped[int] = telegram_id_column()
    telegram_user_id: Mapped[int] = telegram_id_column()
    """The person at the phone."""
    telegram_owner_id: Mapped[int] = telegram_id_column()
    """Owns the bot and the channels in the sandbox: erasing it there erases them."""
    shop_id: Mapped[str] = mapped_column(String(64), default="", server_default="")
    actions_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[TestDriveEnd | None] = mapped_column(String(16))
    ends_at: Mapped[datetime]
    next_step_at: Mapped[datetime]
    """When the drive is to be ended; once it is, when its copy is to be removed."""
    created_at: Mapped[datetime]
