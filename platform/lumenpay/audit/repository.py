"""SQL of audit events: a tenant's list, and the chains as they stand in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.audit.rules import PLATFORM, Link
from lumenpay.db.cursors import Cursor, CursorPage, CursorRequest, cut_page
from lumenpay.db.narrowing import ANY_TIME, Span, after_cursor, equal, within
from lumenpay.models.admins import Admin
from lumenpay.models.api_keys import ApiKey
from lumenpay.models.audit import AuditEvent, AuditLink, PlatformEvent
from lumenpay.models.ids import TenantId

_Kind = type[AuditEvent] | type[PlatformEvent]
_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US'
_READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class EventFilters:
    """What narrows a list of events; empty means any."""

    actor_kind: str | None = None
    actor_id: UUID | None = None
    action: str | None = None
    """A whole action, or with a dot at the end all of a noun: `bot.`."""
    subject_id: UUID | None = None
    created: Span = ANY_TIME


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event, and the name of the admin or member of staff who acted; empty for anybody else."""

    event: AuditEvent | PlatformEvent
    actor_name: str


async def list_events(
    session: AsyncSession, filters: EventFilters, page: CursorRequest, *, tenant_id: TenantId | None
) -> CursorPage[NamedEvent]:
    """Return what happened in a tenant, newest first; without one, in every tenant that the session sees."""
    where = [] if tenant_id is None else [AuditEvent.tenant_id == tenant_id]
    return await _list(session, AuditEvent, filters, page, where)


async def list_platform_events(
    session: AsyncSession, filters: EventFilters, page: CursorRequest
) -> CursorPage[NamedEvent]:
    """Return what happened to the platform as a whole, newest first."""
    return await _list(session, PlatformEvent, filters, page, [])


async def _list(
    session: AsyncSession, kind: _Kind, filters: EventFilters, page: CursorRequest, where: list[ColumnElement[bool]]
) -> CursorPage[NamedEvent]:
    narrowed = [*where, *_narrow(kind, filters), *after_cursor(kind.created_at, kind.id, page.after)]
    order, limit = (kind.created_at.desc(), kind.id.desc()), page.size + 1
    query: Select[*tuple[Any, ...]] = select(kind, func.coalesce(Admin.name, _name_of_key(kind), "")).outerjoin(
        Admin, Admin.id == kind.actor_id
    )
    if filters.action is not None and filters.action.endswith("."):
        actions = await _list_actions(session, kind, filters.action, where)
        if not actions:
            return CursorPage([], None)
        # A few of each action, each out of the index: together they hold the newest of all.
        each = [
            select(kind.id).where(*narrowed, kind.action == action).order_by(*order).limit(limit) for action in actions
        ]
        narrowed = [*where, kind.id.in_(union_all(*(select(one.subquery().c.id) for one in each)))]
    query = query.where(*narrowed).order_by(*order).limit(limit)
    rows = [NamedEvent(row[0], row[1]) for row in await session.execute(query)]
    return cut_page(rows, page, lambda row: Cursor(row.event.created_at, str(row.event.id)))


def _name_of_key(kind: _Kind) -> Any:  # noqa: ANN401 - a part of a statement
    if kind is not AuditEvent:
        return null()
    its_id = (ApiKey.tenant_id == AuditEvent.tenant_id) & (ApiKey.id == AuditEvent.actor_id)
    return select(ApiKey.name).where(its_id).correlate(AuditEvent).scalar_subquery()


async def _list_actions(session: AsyncSession, kind: _Kind, noun: str, where: list[ColumnElement[bool]]) -> list[str]:
    """Return the actions of a noun that there are: the index is asked for the next one again and again."""
    first = select(func.min(kind.action).label("action")).where(*where).cte(recursive=True)
    following = select(func.min(kind.action)).where(*where, kind.action > first.c.action).scalar_subquery()
    found = first.union_all(select(following).where(first.c.action.is_not(None)))
    actions = (await session.execute(select(found.c.action))).scalars()
    return [action for action in actions if action is not None and action.startswith(noun)]


def _narrow(kind: _Kind, filters: EventFilters) -> list[ColumnElement[bool]]:
    conditions = [
        *equal({kind.actor_id: filters.actor_id, kind.subject_id: filters.subject_id}),
        *within(kind.created_at, filters.created),
    ]
    if filters.actor_kind is not None:
        # Said in the statement itself, so that the index of people's own events, without the system's many, is used.
        conditions.append(kind.actor_kind == literal(filters.actor_kind, literal_execute=True))
    if filters.action is not None and not filters.action.endswith("."):
        conditions.append(kind.action == filters.action)
    return conditions


async def read_chains(session: AsyncSession) -> AsyncIterator[Link]:
    """Yield every link of every tenant that the session sees, chain by chain and in order."""
    event = AuditEvent
    query = (
        select(AuditLink.tenant_id, AuditLink.position, AuditLink.hash, AuditLink.event_id, event.id, *_parts(event))
        .outerjoin(event, (event.tenant_id == AuditLink.tenant_id) & (event.id == AuditLink.event_id))
        .order_by(AuditLink.tenant_id, AuditLink.position)
    )
    async for row in await session.stream(query.execution_options(yield_per=_READ_AT_ONCE)):
        parts = None if row[4] is None else (str(row[0]), *row[5:])
        yield Link(str(row[0]), row[1], row[2], str(row[3]), parts)


async def read_platform_chain(session: AsyncSession) -> AsyncIterator[Link]:
    """Yield every link of the platform's chain, in order."""
    kind = PlatformEvent
    query = select(kind.position, kind.hash, kind.id, *_parts(kind)).order_by(kind.position)
    async for row in await session.stream(query.execution_options(yield_per=_READ_AT_ONCE)):
        yield Link(PLATFORM, row[0], row[1], str(row[2]), ("", *row[3:]))


async def list_unchained(session: AsyncSession, *, limit: int) -> list[tuple[TenantId, UUID]]:
    """Return events that have no place in their chain; there should be none."""
    query = (
        select(AuditEvent.tenant_id, AuditEvent.id)
        .outerjoin(AuditLink, (AuditLink.tenant_id == AuditEvent.tenant_id) & (AuditLink.event_id == AuditEvent.id))
        .where(AuditLink.event_id.is_(None))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


def _parts(kind: _Kind) -> tuple[Any, ...]:
    """Return the covered columns after the tenant, as the text that the database hashed."""
    covered = (
        cast(kind.id, Text),
        kind.actor_kind,
        func.coalesce(cast(kind.actor_id, Text), ""),
        kind.action,
        func.coalesce(cast(kind.subject_id, Text), ""),
        cast(kind.details, Text),
        func.to_char(func.timezone("UTC", kind.created_at), _MOMENT),
    )
    return tuple(column.label(f"part_{number}") for number, column in enumerate(covered))
