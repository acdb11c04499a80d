"""Who changed what: written in the transaction of the change, never changed, never deleted, and chained by hashes.

The database makes the chains itself: a trigger adds the link of an event when its transaction is committed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base, TenantOwned, primary_id, unique_in_tenant, within_tenant


class AuditEvent(TenantOwned, Base):
    """One change by a person or by the system."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "tenant_id", "created_at"),
        Index(None, "tenant_id", "subject_id", "created_at"),
        Index(None, "tenant_id", "action", "created_at", "id"),
        # What people did, among the many events of the system.
        Index(
            "ix_audit_events_people", "tenant_id", "actor_kind", "created_at", "id",
            postgresql_where=text("actor_kind <> 'system'"),
        ),
        Index("ix_audit_events_actor", "actor_id", "created_at", "id", postgresql_where=text("actor_id IS NOT NULL")),
        # The console looks at every tenant at once.
        Index(None, "created_at", "id"),
        Index(None, "action", "created_at", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    actor_kind: Mapped[str] = mapped_column(String(16))
    """`admin`, `staff` (of the platform), `user` (a subscriber) or `system`."""
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    """Noun and past participle: `bot.connected`, `payment.succeeded`."""
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class AuditLink(TenantOwned, Base):
    """The place of an event in its tenant's chain; `hash` covers the event and the hash before it."""

    __tablename__ = "audit_links"
    __table_args__ = (within_tenant("event_id", "audit_events"), unique_in_tenant("event_id"))

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class PlatformEvent(Base):
    """What staff did that concerns no single tenant; the row carries its own link of the platform's chain."""

    __tablename__ = "platform_events"
    __table_args__ = (UniqueConstraint("position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    actor_kind: Mapped[str] = mapped_column(String(16))
    """`staff`, or `operator`: a person at the command line."""
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    """Set by the database, as is `hash`."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
