"""Shapes of audit events, in a tenant and in the console."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query

from control_plane.schemas import (
    CreatedFrom,
    CreatedUntil,
    CursorPageOut,
    Moment,
    Output,
    Text,
    read_created,
    show_cursor_page,
)
from lumenpay.audit.repository import EventFilters, NamedEvent
from lumenpay.db.cursors import CursorPage

ActorKind = Literal["admin", "staff", "user", "system", "operator", "api_key"]
Action = Annotated[
    Text | None,
    Query(
        max_length=64, pattern=r"^[a-z0-9_]+\.[a-z0-9_]*$", description="An action, or with a dot at the end its noun."
    ),
]


class ActorOut(Output):
    """Who acted. `name` is that of an admin or of a member of the platform's staff, and empty for others."""

    kind: str
    id: UUID | None
    name: str


class EventOut(Output):
    """Who did what, to what, and when; `details` depend on the action."""

    id: UUID
    actor: ActorOut
    action: str
    subject_id: UUID | None
    details: dict[str, Any]
    created_at: Moment


def read_filters(
    actor_kind: Annotated[ActorKind | None, Query()] = None,
    actor_id: Annotated[UUID | None, Query()] = None,
    action: Action = None,
    subject_id: Annotated[UUID | None, Query(description="What it was done to.")] = None,
    created_from: CreatedFrom = None,
    created_until: CreatedUntil = None,
) -> EventFilters:
    """Return which events are asked for."""
    return EventFilters(
        actor_kind=actor_kind, actor_id=actor_id, action=action, subject_id=subject_id,
        created=read_created(created_from, created_until),
    )  # fmt: skip


FiltersDep = Annotated[EventFilters, Depends(read_filters)]


def show_event(named: NamedEvent) -> EventOut:
    """Return an event as it is shown."""
    event = named.event
    return EventOut(
        id=event.id, actor=ActorOut(kind=event.actor_kind, id=event.actor_id, name=named.actor_name),
        action=event.action, subject_id=event.subject_id, details=event.details, created_at=event.created_at,
    )  # fmt: skip


def show_events(found: CursorPage[NamedEvent]) -> CursorPageOut[EventOut]:
    """Return a page of events as it is shown."""
    return show_cursor_page(found, [show_event(named) for named in found.items])
