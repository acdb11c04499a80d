"""Writes jobs in the caller's transaction: they exist exactly if what made them necessary was committed."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import JobPayload, Queue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId
from lumenpay.models.jobs import Job

RUNG_QUEUES = "rung_queues"
"""Key in `session.info`: the queues whose doorbell the door rings after the commit."""


async def enqueue(
    session: TenantSession,
    payload: JobPayload,
    *,
    now: datetime,
    bot_id: BotId | None = None,
    target_id: UUID | None = None,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Record a job to be done at `run_at` (now, unless told), once the transaction is committed.

    Safe to repeat with a `dedupe_key`: while one such job waits untouched, no second one is made. A job that is already
    being worked on does not count, so work asked for meanwhile is not lost.

    Args:
        target_id: What is called: a job of the queue `webhooks` is never claimed without one.
    """
    statement = (
        insert(Job)
        .values(
            tenant_id=session.tenant_id,
            id=new_uuid7(),
            queue=payload.queue.value,
            kind=payload.kind,
            payload=dump_payload(payload),
            payload_version=payload.version,
            dedupe_key=dedupe_key,
            bot_id=bot_id,
            target_id=target_id,
            # Jobs are due by the database's clock: one that runs ahead must not keep waiting what can be done at once.
            run_at=run_at or func.least(literal(now), func.clock_timestamp()),
            created_at=now,
        )
        .on_conflict_do_nothing()
    )
    await session.execute(statement)
    if run_at is None or run_at <= now:
        ring_after_commit(session, payload.queue)


def ring_after_commit(session: TenantSession, queue: Queue) -> None:
    """Have the door ring a queue's doorbell once the transaction is committed."""
    session.info.setdefault(RUNG_QUEUES, set()).add(queue)


def dump_payload(payload: JobPayload) -> dict[str, Any]:
    """Return the payload as JSON values."""
    values = {field.name: getattr(payload, field.name) for field in fields(payload)}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items()}


def load_payload(kind: type[JobPayload], values: dict[str, Any]) -> JobPayload:
    """Return the payload that `dump_payload` wrote; fields that this version does not know are left out.

    Raises:
        KeyError: A field is missing.
        ValueError: A field is of the wrong form.
    """
    loaded = {
        field.name: UUID(values[field.name]) if field.type in ("UUID", UUID) else values[field.name]
        for field in fields(kind)
    }
    return kind(**loaded)
