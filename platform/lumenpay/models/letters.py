"""Letters to people, written in the transaction that makes them necessary and sent by workers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.base import Base, status_column
from lumenpay.models.ids import AdminId


class LetterStatus(StrEnum):
    """Where a letter is in its life."""

    READY = "ready"
    SENT = "sent"
    DEAD = "dead"
    """Tried too often, or the mail server refused it for good."""


class Letter(Base):
    """A letter to be sent. What its link needs is made when it is sent, so no token waits in the database."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_ready", "run_at", postgresql_where=text("status = 'ready'")),
        Index(None, "admin_id"),
        Index(None, "sign_up_id"),
        Index(None, "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_uuid7)
    kind: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(320))
    locale: Mapped[str] = mapped_column(String(8))
    """Used when the address is nobody's yet."""
    admin_id: Mapped[AdminId | None] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"))
    sign_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="CASCADE"))
    details: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """What its text names of what may be gone by the time it is sent; `path` is where its link leads."""
    status: Mapped[LetterStatus] = status_column(LetterStatus.READY)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
