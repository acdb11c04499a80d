"""Files that people asked for: what is in them, how far the writing got, and the written parts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, within_tenant
from lumenpay.models.ids import AdminId


class ExportKind(StrEnum):
    """Which list is written, or all of them."""

    SUBSCRIBERS = "subscribers"
    PAYMENTS = "payments"
    WHOLE = "whole"
    """Everything that the tenant owns, as an archive of lists."""


class ExportFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    CSV_SEMICOLON = "csv_semicolon"
    """With `;` and a decimal comma, as a Russian Excel reads it."""
    XLSX = "xlsx"


class ExportStatus(StrEnum):
    """Where an export is in its life. Legal moves stand in `lumenpay.exports.rules`."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELED = "canceled"
    FAILED = "failed"


class Export(TenantOwned, Base):
    """One file."""

    __tablename__ = "exports"
    __table_args__ = (Index(None, "tenant_id", "created_at"), Index(None, "expires_at"))

    id: Mapped[UUID] = primary_id()
    kind: Mapped[ExportKind] = mapped_column(String(16))
    format: Mapped[ExportFormat] = mapped_column(String(16))
    filters: Mapped[dict[str, Any]]
    columns: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    time_zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(8))
    status: Mapped[ExportStatus] = status_column(ExportStatus.QUEUED)
    rows_done: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rows_total: Mapped[int | None] = mapped_column(Integer)
    """Empty until they are counted."""
    last_row_id: Mapped[UUID | None]
    """After which row the writing goes on."""
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Of a whole export: what is in the archive so far, and where the writing goes on."""
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    problem: Mapped[str] = mapped_column(String(64), default="", server_default="")
    requested_by: Mapped[AdminId | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class ExportPart(TenantOwned, Base):
    """A piece of an export: of the finished file, or rows that wait to be put into one."""

    __tablename__ = "export_parts"
    __table_args__ = (within_tenant("export_id", "exports", ondelete="CASCADE"),)

    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_file: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
