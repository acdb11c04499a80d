"""Keys with which programs of a tenant call the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant
from lumenpay.models.ids import AdminId


class ApiKey(TenantOwned, Base):
    """A key; its secret is shown once and only hashes of it are kept."""

    __tablename__ = "api_keys"
    __table_args__ = (
        unique_in_tenant("secret_hash"),
        Index(None, "tenant_id", "created_at"),
        Index("ix_api_keys_previous", "tenant_id", "previous_hash", postgresql_where=text("previous_hash IS NOT NULL")),
    )

    id: Mapped[UUID] = primary_id()
    name: Mapped[str] = mapped_column(String(128))
    prefix: Mapped[str] = mapped_column(String(16))
    """How the secret begins: enough to tell keys apart, too little to guess one."""
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The secret before the last rotation; it works until `previous_until_at`."""
    previous_until_at: Mapped[datetime | None]
    scopes: Mapped[list[Any]] = mapped_column(JSONB)
    """As in `payments:read`, sorted."""
    created_by: Mapped[AdminId | None] = mapped_column(ForeignKey("admins.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the hour: a call is no reason to write."""
    revoked_at: Mapped[datetime | None]
