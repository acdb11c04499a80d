"""SQL of the console over what waits for a human in any tenant: updates, notices, dead jobs. Newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from lumenpay.db.cursors import Cursor, CursorPage, CursorRequest, cut_page
from lumenpay.db.narrowing import after_cursor
from lumenpay.models.bots import Bot
from lumenpay.models.inbox import InboxStatus, PaymentNotice, TelegramUpdate
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.tenants import Tenant


@dataclass(frozen=True, slots=True)
class SetAsideUpdate:
    """A Telegram update that could not be handled. What it says is hidden from staff's role."""

    tenant_id: UUID
    tenant_name: str
    bot_id: UUID
    bot_username: str
    update_id: int
    reason: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SetAsideNotice:
    """A gateway's notice that does not match what was asked for."""

    tenant_id: UUID
    tenant_name: str
    id: UUID
    bot_id: UUID
    event: str
    object_id: str
    reason: str
    arrivals: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job whose tries are used up."""

    tenant_id: UUID
    tenant_name: str
    id: UUID
    queue: str
    kind: str
    attempts: int
    last_error: str
    created_at: datetime
    finished_at: datetime


async def list_set_aside_updates(
    session: AsyncSession, page: CursorRequest, *, tenant_id: UUID | None
) -> CursorPage[SetAsideUpdate]:
    """Return quarantined updates of every tenant, or of one."""
    table = TelegramUpdate
    name = cast(table.bot_id, Text) + literal("/") + cast(table.update_id, Text)
    query = (
        select(
            table.tenant_id, Tenant.name, table.bot_id, Bot.username, table.update_id, table.error, table.attempts,
            table.received_at,
        )
        .join(Tenant, Tenant.id == table.tenant_id)
        .join(Bot, and_(Bot.tenant_id == table.tenant_id, Bot.id == table.bot_id))
        .where(table.status == InboxStatus.QUARANTINED)
    )  # fmt: skip
    if page.after is not None:
        # An update has no id of its own: it is told apart by its bot and number, compared as text.
        same = and_(table.received_at == page.after.at, name < page.after.key)
        query = query.where(or_(table.received_at < page.after.at, same))
    rows = await _rows(session, query, table.tenant_id, tenant_id, (table.received_at.desc(), name.desc()), page)
    found = [SetAsideUpdate(*row) for row in rows]
    return cut_page(found, page, lambda row: Cursor(row.received_at, f"{row.bot_id}/{row.update_id}"))


async def list_set_aside_notices(
    session: AsyncSession, page: CursorRequest, *, tenant_id: UUID | None
) -> CursorPage[SetAsideNotice]:
    """Return quarantined notices of every tenant, or of one."""
    table = PaymentNotice
    query = (
        select(
            table.tenant_id, Tenant.name, table.id, table.bot_id, table.event, table.object_id, table.reason,
            table.arrivals, table.received_at,
        )
        .join(Tenant, Tenant.id == table.tenant_id)
        .where(table.status == InboxStatus.QUARANTINED, *after_cursor(table.received_at, table.id, page.after))
    )  # fmt: skip
    rows = await _rows(session, query, table.tenant_id, tenant_id, (table.received_at.desc(), table.id.desc()), page)
    found = [SetAsideNotice(*row) for row in rows]
    return cut_page(found, page, lambda row: Cursor(row.received_at, str(row.id)))


async def list_dead_jobs(session: AsyncSession, page: CursorRequest, *, tenant_id: UUID | None) -> CursorPage[DeadJob]:
    """Return dead jobs of every tenant, or of one."""
    query = (
        select(
            Job.tenant_id, Tenant.name, Job.id, Job.queue, Job.kind, Job.attempts, Job.last_error, Job.created_at,
            Job.finished_at,
        )
        .join(Tenant, Tenant.id == Job.tenant_id)
        .where(Job.status == JobStatus.DEAD, *after_cursor(Job.finished_at, Job.id, page.after))
    )  # fmt: skip
    rows = await _rows(session, query, Job.tenant_id, tenant_id, (Job.finished_at.desc(), Job.id.desc()), page)
    found = [DeadJob(*row) for row in rows]
    return cut_page(found, page, lambda row: Cursor(row.finished_at, str(row.id)))


async def _rows(
    session: AsyncSession, query: Select[*tuple[Any, ...]], owner: InstrumentedAttribute[Any], tenant_id: UUID | None,
    order: tuple[Any, Any], page: CursorRequest,
) -> list[Any]:  # fmt: skip
    if tenant_id is not None:
        query = query.where(owner == tenant_id)
    return list(await session.execute(query.order_by(*order).limit(page.size + 1)))
