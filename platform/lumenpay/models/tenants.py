"""Tenants, which people work for them, and when staff of the platform looked at them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base, TenantOwned, primary_id, status_column
from lumenpay.models.ids import FIRST_DRIVE_TENANT, AdminId, TenantId


class TenantStatus(StrEnum):
    """Whether the tenant may work."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """The portal only reads and the bots sell nothing; who paid keeps access until it ends."""


class Role(StrEnum):
    """What a person may do inside a tenant."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPPORT = "support"
    ANALYST = "analyst"


class Tenant(Base):
    """An owner of paid channels. Its own row-level-security policy compares `id`."""

    __tablename__ = "tenants"
    __table_args__ = (
        Index(None, "analytics_due_at"),
        Index(None, "access_log_due_at"),
        Index("ix_tenants_removal_at", "removal_at", postgresql_where=text("removal_at IS NOT NULL")),
        CheckConstraint(f"(test_drive_of IS NOT NULL) = (id >= '{FIRST_DRIVE_TENANT}'::uuid)", "test_drive_range"),
        Index("ix_tenants_test_drive_of", "test_drive_of", postgresql_where=text("test_drive_of IS NOT NULL")),
    )

    id: Mapped[TenantId] = mapped_column(primary_key=True, default=new_uuid7)
    name: Mapped[str] = mapped_column(String(128))
    status: Mapped[TenantStatus] = status_column(TenantStatus.ACTIVE)
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Moscow", server_default="Europe/Moscow")
    locale: Mapped[str] = mapped_column(String(8), default="ru", server_default="ru")
    reminder_offsets_seconds: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), default=lambda: [259_200, 86_400, 7_200], server_default=text("'{259200,86400,7200}'")
    )
    """How long before the end a subscriber is reminded, in seconds."""
    grace_seconds: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How long access outlives the paid period."""
    support_contact: Mapped[str] = mapped_column(String(128), default="", server_default="")
    """Whom subscribers write to about payments, as /paysupport names it."""
    analytics_due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When the days that are over are added up next."""
    analytics_closed_on: Mapped[date | None]
    """The last local day that is added up; empty before the first."""
    analytics_time_zone: Mapped[str | None] = mapped_column(String(64))
    """Whose days these are; when it is not `time_zone` any more, they are added up anew."""
    access_log_due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When lines of the access log that are kept no longer are looked for next."""
    test_drive_of: Mapped[TenantId | None] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    """The tenant that this one copies for a test drive; such a tenant shows nowhere and is removed after it."""
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str] = mapped_column(String(256), default="", server_default="")
    """What staff tells the tenant; empty unless suspended."""
    sales_paused_at: Mapped[datetime | None]
    """Since when nothing is sold and nobody is written to at once, because the platform is not paid; who paid keeps
    access until it ends."""
    closing_asked_at: Mapped[datetime | None]
    """Since when the tenant leaves: its bots are gone, and it changes nothing but its mind."""
    removal_at: Mapped[datetime | None]
    """When everything of it is removed."""
    max_bots: Mapped[int] = mapped_column(Integer, default=50, server_default="50")
    max_channels: Mapped[int] = mapped_column(Integer, default=500, server_default="500")
    max_subscribers: Mapped[int | None]
    """People with a running subscription; empty for no limit."""
    created_at: Mapped[datetime]


class TenantMember(TenantOwned, Base):
    """A person who works for a tenant, with a role."""

    __tablename__ = "tenant_members"

    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(String(16))
    created_at: Mapped[datetime]


class Impersonation(TenantOwned, Base):
    """A member of staff looks at the tenant, reading only, for a stated reason and at most an hour."""

    __tablename__ = "impersonations"
    __table_args__ = (Index("ix_impersonations_open", "ends_at", postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[UUID] = primary_id()
    staff_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id"))
    staff_name: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(512))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
