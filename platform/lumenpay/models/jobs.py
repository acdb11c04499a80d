"""Work to be done later, and the ticks of the clock that were taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, within_tenant
from lumenpay.models.ids import BotId, JobId, LeaseId


class JobStatus(StrEnum):
    """Where a job is in its life. A ready job with a live lease is being worked on."""

    READY = "ready"
    DONE = "done"
    DEAD = "dead"
    """Tried too often or failed for good; waits for a human to replay it."""


class Job(TenantOwned, Base):
    """One piece of work, recorded in the transaction that made it necessary."""

    __tablename__ = "jobs"
    __table_args__ = (
        within_tenant("bot_id", "bots"),
        Index("ix_jobs_ready", "queue", "tenant_id", "run_at", postgresql_where=text("status = 'ready'")),
        Index(
            "uq_jobs_dedupe",
            "tenant_id",
            "kind",
            "dedupe_key",
            unique=True,
            postgresql_where=text("status = 'ready' AND lease_id IS NULL AND dedupe_key IS NOT NULL"),
        ),
        Index(
            "ix_jobs_targets", "queue", "tenant_id", "target_id", "run_at",
            postgresql_where=text("status = 'ready' AND target_id IS NOT NULL"),
        ),
        # Whether a delivery that waits has a job that will make it.
        Index(
            "ix_jobs_deliveries", "tenant_id", "dedupe_key",
            postgresql_where=text("status = 'ready' AND kind = 'webhooks.send'"),
        ),
        Index("ix_jobs_dead", "tenant_id", "finished_at", postgresql_where=text("status = 'dead'")),
        Index("ix_jobs_done", "finished_at", postgresql_where=text("status = 'done'")),
    )  # fmt: skip

    id: Mapped[JobId] = primary_id()
    queue: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(48))
    payload: Mapped[dict[str, Any]]
    """Ids only; `payload_version` says of which shape."""
    payload_version: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    dedupe_key: Mapped[str | None] = mapped_column(String(128))
    """Two waiting jobs of one kind cannot carry the same key; one that is already being worked on does not count."""
    bot_id: Mapped[BotId | None]
    target_id: Mapped[UUID | None]
    """What is called, where only a few jobs of one are done at a time (`Queue.WEBHOOKS`)."""
    status: Mapped[JobStatus] = status_column(JobStatus.READY)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    lease_id: Mapped[LeaseId | None]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="", server_default="")
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ScheduledTick(Base):
    """One moment of one periodic job: whoever inserts the row runs it, so many schedulers are harmless."""

    __tablename__ = "scheduled_ticks"

    job: Mapped[str] = mapped_column(String(48), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime | None]
    position: Mapped[UUID | None]
    """How far a run that goes through many rows has come; the next one goes on from there."""
