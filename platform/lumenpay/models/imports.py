"""Imports: lists of subscribers from elsewhere, line by line, and what became of each line."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import (
    Base,
    TenantOwned,
    primary_id,
    status_column,
    telegram_id_column,
    unique_in_tenant,
    within_tenant,
)
from lumenpay.models.ids import AdminId, BotId, PlanId, UserId


class ImportKind(StrEnum):
    """What the file was."""

    CSV = "csv"
    TELEGRAM = "telegram"
    """`result.json` that Telegram Desktop writes of one chat."""


class ImportField(StrEnum):
    """What a column of a CSV can say."""

    TELEGRAM_ID = "telegram_id"
    USERNAME = "username"
    NAME = "name"
    ENDS_AT = "ends_at"
    NOTE = "note"
    TAG = "tag"


class ImportStatus(StrEnum):
    """Where an import is in its life. Legal moves stand in `lumenpay.imports.rules`."""

    CHECKED = "checked"
    """The file was read; nobody has got anything."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """Somebody stopped it, or threw it away before it began; who had got access by then keeps it."""


class ImportOutcome(StrEnum):
    """What becomes of a line; a forecast until its turn has come."""

    CREATED = "created"
    EXTENDED = "extended"
    ALREADY = "already"
    """The person has it as long or longer, or had it before and the file names no later date."""
    CLAIM = "claim"
    """Nobody of that username is known to the bot: a claim link waits for them."""
    CLAIMED = "claimed"
    HELD = "held"
    """Held back: access for somebody new, for whom there is no room. It can be given once there is some."""
    REPEATED = "repeated"
    """The same person stands further up in the file."""
    WRONG = "wrong"


class Import(TenantOwned, Base):
    """One file for one plan; started once at most."""

    __tablename__ = "imports"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        within_tenant("plan_id", "plans"),
        unique_in_tenant("idempotence_key"),
        Index(None, "tenant_id", "created_at"),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    plan_id: Mapped[PlanId]
    kind: Mapped[ImportKind] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(128))
    file_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file and of what was said of its columns: tells a repeated request from another of its key."""
    columns: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    """Of a CSV, where it said what: `column` counted from 1, `heading` (empty where it had none) and `field`."""
    grace_days: Mapped[int] = mapped_column(Integer)
    grace_ends_at: Mapped[datetime | None]
    """Counted from the last start; empty before the first, and without grace."""
    forgotten_at: Mapped[datetime | None]
    """Since when its lines say no more whom they were about."""
    idempotence_key: Mapped[str] = mapped_column(String(64))
    status: Mapped[ImportStatus] = status_column(ImportStatus.CHECKED)
    requested_by: Mapped[AdminId | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportRow(TenantOwned, Base):
    """A line of the file. Its key is the line, so that a line gives access once."""

    __tablename__ = "import_rows"
    __table_args__ = (
        within_tenant("import_id", "imports", ondelete="CASCADE"),
        within_tenant("user_id", "users"),
        unique_in_tenant("claim_token"),
        Index("ix_import_rows_waiting", "tenant_id", "import_id", "line", postgresql_where=text("NOT is_done")),
        Index(
            "ix_import_rows_claims", "tenant_id", "username",
            postgresql_where=text("is_done AND outcome = 'claim'"),
        ),
    )  # fmt: skip

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Counted from 1, as an editor shows it; of a Telegram export the number of the person."""
    telegram_id: Mapped[int | None] = telegram_id_column()
    username: Mapped[str | None] = mapped_column(String(64))
    """In lower case, without @."""
    name: Mapped[str] = mapped_column(String(128), default="", server_default="")
    until_at: Mapped[datetime | None]
    """The end that the file names."""
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    tag: Mapped[str] = mapped_column(String(32), default="", server_default="")
    outcome: Mapped[ImportOutcome] = mapped_column(String(16))
    problem: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Why the line is wrong or held back; of a claim link, why it could not be used when its person came."""
    is_done: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    user_id: Mapped[UserId | None]
    claim_token: Mapped[str | None] = mapped_column(String(32))
