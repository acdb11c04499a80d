"""Messages to many subscribers, the ledger of who was written to, and who wants none of a kind."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, SmallInteger, String, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant
from lumenpay.models.ids import AdminId, BotId, JobId, LeaseId, UserId

# As PostgreSQL writes it out.
_DUE_AT: Final = """(
CASE
    WHEN due_at IS NULL THEN '-infinity'::timestamp with time zone
    ELSE due_at
END)"""


class BroadcastStatus(StrEnum):
    """Where a broadcast is in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """It waits for `scheduled_at`; one that has begun waits so for the hours in which people are written to."""
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


class BroadcastCategory(StrEnum):
    """What a broadcast is about; a person can want none of a kind."""

    NEWS = "news"
    OFFERS = "offers"
    EVENTS = "events"


class MediumKind(StrEnum):
    """What stands above a text that is a caption."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


class Repeats(StrEnum):
    """How often a broadcast goes out again, at the same time of the tenant's day."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class BroadcastTrigger(StrEnum):
    """What has a broadcast go to a person by itself, once."""

    WELCOME = "welcome"
    """They have come to the bot."""
    UNFINISHED_PURCHASE = "unfinished_purchase"
    """They have left an order unpaid, and have no access."""
    EXPIRED = "expired"
    """Their last access has ended by itself, and they have none."""


class PauseReason(StrEnum):
    """Why a broadcast does not go on by itself."""

    ASKED = "asked"
    SUSPENDED = "suspended"
    """The tenant may not write to anybody."""
    REFUSED = "refused"
    """Telegram refused the message to each of the first people."""


class RecipientState(StrEnum):
    """What became of one person's message."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """A worker has it in hand: it may be on its way."""
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    """The person cannot be written to: blocked the bot, deleted the account, or never wrote to it."""
    UNCERTAIN = "uncertain"
    """It may have arrived; nobody sends it again unless asked to."""
    SKIPPED = "skipped"
    """Left out on purpose: they wanted none meanwhile, or the broadcast was stopped."""


class ScheduledBroadcast(TenantOwned, Base):
    """One text, to whom, and when; and how far it has come."""

    __tablename__ = "scheduled_broadcasts"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        unique_in_tenant("idempotence_key"),
        CheckConstraint("from_hour >= 0 AND from_hour < until_hour AND until_hour <= 24", "hours"),
        Index(None, "tenant_id", "created_at"),
        Index(None, "next_step_at", postgresql_where=sql("next_step_at IS NOT NULL")),
    )

    id: Mapped[UUID] = primary_id()
    bot_id: Mapped[BotId]
    title: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    segment: Mapped[dict[str, Any]]
    """`query`, as the list of subscribers shows it in its address, and the `filters` that it means; empty: all."""
    status: Mapped[BroadcastStatus] = status_column(BroadcastStatus.DRAFT)
    scheduled_at: Mapped[datetime | None]
    readers_hour_at: Mapped[datetime | None]
    """With one, each reader gets it when their own clock shows what the tenant's shows then."""
    category: Mapped[BroadcastCategory] = mapped_column(
        String(16), default=BroadcastCategory.NEWS, server_default=BroadcastCategory.NEWS.value
    )
    medium_kind: Mapped[MediumKind | None] = mapped_column(String(16))
    medium: Mapped[str | None] = mapped_column(String(512))
    """Telegram's file id, or an https address until the first test told the id."""
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    name_fallback: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What stands for `{name}` where a person has none."""
    plan_fallback: Mapped[str] = mapped_column(String(64), default="", server_default="")
    paid_until_fallback: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The same for `{plan}` and `{paid_until}`, where a person has no running subscription."""
    from_hour: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    until_hour: Mapped[int] = mapped_column(SmallInteger, default=24, server_default="24")
    """Nobody is written to from this hour of the day on: of the reader's, where each has a moment of their own."""
    hours_kept_at: Mapped[datetime | None]
    """When it was looked last whose day was over, and they were put off."""
    repeats: Mapped[Repeats | None] = mapped_column(String(16))
    repeats_since_at: Mapped[datetime | None]
    """When the first of those that repeat began, or is to begin: the others are counted from it."""
    trigger: Mapped[BroadcastTrigger | None] = mapped_column(String(32))
    """With one it runs until it is stopped, and its audience grows."""
    delay_minutes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How long after that somebody is written to."""
    idempotence_key: Mapped[str | None] = mapped_column(String(64))
    tested_at: Mapped[datetime | None]
    """When Telegram took the message as it stands now."""
    started_at: Mapped[datetime | None]
    started_by: Mapped[AdminId | None]
    finished_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    """When Telegram last took the message for somebody; a test is nobody's."""
    paused_because: Mapped[PauseReason | None] = mapped_column(String(16))
    total_count: Mapped[int | None]
    """People of the audience; empty until it is written down."""
    sent_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    failed_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    blocked_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    uncertain_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    skipped_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    rate_per_minute: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Messages that went out lately."""
    next_step_at: Mapped[datetime | None]
    """When the clock looks after it: at its time, and while it runs, should its job be lost."""
    created_at: Mapped[datetime]


class BroadcastRecipient(TenantOwned, Base):
    """One person of an audience, as it was when the broadcast began, and what became of their message."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        within_tenant("broadcast_id", "scheduled_broadcasts", ondelete="CASCADE"),
        within_tenant("user_id", "users", ondelete="CASCADE"),
        Index(None, "tenant_id", "broadcast_id", "state", "user_id"),
        Index(
            "ix_broadcast_recipients_due", "tenant_id", "broadcast_id", sql(_DUE_AT), "user_id",
            postgresql_where=sql("state = 'waiting'"),
        ),
        Index(None, "tenant_id", "user_id"),
    )  # fmt: skip

    broadcast_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    state: Mapped[RecipientState] = status_column(RecipientState.WAITING, length=16)
    due_at: Mapped[datetime | None]
    """Nobody takes them in hand before; without it, at once."""
    job_id: Mapped[JobId | None]
    lease_id: Mapped[LeaseId | None]
    """Of the job that had it in hand last: only under it an outcome is stored."""
    reason: Mapped[str] = mapped_column(String(256), default="", server_default="")
    """Telegram's words for one that failed, a code for the others."""
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]


class BroadcastOptOut(TenantOwned, Base):
    """A person who wants no broadcasts of a kind any more."""

    __tablename__ = "broadcast_opt_outs"
    __table_args__ = (within_tenant("user_id", "users", ondelete="CASCADE"),)

    user_id: Mapped[UserId] = mapped_column(primary_key=True)
    category: Mapped[BroadcastCategory] = mapped_column(String(16), primary_key=True)
    created_at: Mapped[datetime]
