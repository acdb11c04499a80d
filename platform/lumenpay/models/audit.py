"""Who changed what: written in the transaction of the change, never changed, never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id


class AuditEvent(TenantOwned, Base):
    """One change by a person or by the system."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "tenant_id", "created_at"), Index(None, "tenant_id", "subject_id", "created_at"))

    id: Mapped[UUID] = primary_id()
    actor_kind: Mapped[str] = mapped_column(String(16))
    """`admin`, `user` (a subscriber) or `system`."""
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    """Noun and past participle: `bot.connected`, `payment.succeeded`."""
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
