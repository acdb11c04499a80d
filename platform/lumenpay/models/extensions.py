"""Extensions: days that many subscriptions get together, and those that still wait for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import AdminId, SubscriptionId


class ExtensionStatus(StrEnum):
    """Where an extension is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody stopped it; who had got the days by then keeps them."""


class Extension(TenantOwned, Base):
    """So many days for the running subscriptions of everybody on a list, as the list was when it was asked for."""

    __tablename__ = "extensions"
    __table_args__ = (
        unique_in_tenant("idempotence_key"),
        CheckConstraint("days > 0", "days_positive"),
        Index(None, "tenant_id", "created_at"),
        Index(
            "uq_extensions_unfinished", "tenant_id", unique=True,
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = primary_id()
    days: Mapped[int] = mapped_column(Integer)
    filters: Mapped[dict[str, Any]]
    """Which subscribers, as `lumenpay.users.narrowing.UserFilters`."""
    idempotence_key: Mapped[str] = mapped_column(String(64))
    status: Mapped[ExtensionStatus] = status_column(ExtensionStatus.QUEUED)
    total_count: Mapped[int | None] = mapped_column(Integer)
    """Empty until the subscriptions are written down."""
    done_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    passed_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Those that had ended, or were made endless, before their turn came."""
    requested_by: Mapped[AdminId | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ExtensionItem(TenantOwned, Base):
    """A subscription that waits for the days; it goes in the transaction that gives them."""

    __tablename__ = "extension_items"
    __table_args__ = (within_tenant("extension_id", "extensions", ondelete="CASCADE"),)

    extension_id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[SubscriptionId] = mapped_column(primary_key=True)
