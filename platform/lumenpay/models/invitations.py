"""Invitations to work for a tenant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id
from lumenpay.models.ids import AdminId, InvitationId
from lumenpay.models.tenants import Role


class Invitation(TenantOwned, Base):
    """A role that waits for whoever reads the letter; accepted once, until it ends or is taken back."""

    __tablename__ = "invitations"
    __table_args__ = (Index(None, "tenant_id", "created_at"),)

    id: Mapped[InvitationId] = primary_id()
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[Role] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """SHA-256 of the token in the newest letter; none before it is sent."""
    invited_by: Mapped[AdminId | None] = mapped_column(ForeignKey("admins.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
