"""People who log in to the portal, their sessions, and which of them are staff. No tenant owns them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base
from lumenpay.models.ids import AdminId, TenantId


class Admin(Base):
    """A person. An e-mail stands here, normalised and in lower case, only once a letter to it has proved it."""

    __tablename__ = "admins"

    id: Mapped[AdminId] = mapped_column(primary_key=True, default=new_uuid7)
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(256))
    """Nothing: the person logs in with another service's account only."""
    name: Mapped[str] = mapped_column(String(128))
    locale: Mapped[str] = mapped_column(String(8), default="ru", server_default="ru")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class AdminSession(Base):
    """A browser that is logged in; only the SHA-256 of its token is stored."""

    __tablename__ = "admin_sessions"
    __table_args__ = (Index(None, "admin_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_agent: Mapped[str] = mapped_column(String(256), default="", server_default="")
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Where the login came from."""
    proved_at: Mapped[datetime | None]
    """When the person last proved who they are; dangerous changes need it to be fresh."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    mfa_at: Mapped[datetime | None]
    """When a second factor was shown in this session."""
    impersonation_id: Mapped[UUID | None]
    """A member of staff looks at one tenant through this session, reading only, until `impersonation_ends_at`."""
    impersonated_tenant_id: Mapped[TenantId | None]
    impersonation_ends_at: Mapped[datetime | None]


class StaffMember(Base):
    """A person who runs the platform. The application may only read this: `lumenpay staff` writes it."""

    __tablename__ = "staff_members"

    admin_id: Mapped[AdminId] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime]
