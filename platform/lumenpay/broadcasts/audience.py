"""Whom a broadcast is for: a list of subscribers, as the page of subscribers narrows it, less those out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, literal, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.broadcasts.errors import BroadcastInvalidError
from lumenpay.broadcasts.readers_days import express_due_at
from lumenpay.db.counting import count_exactly
from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import (
    BroadcastCategory,
    BroadcastOptOut,
    BroadcastRecipient,
    RecipientState,
    ScheduledBroadcast,
)
from lumenpay.models.users import User
from lumenpay.subscriptions.extensions import FILTERS
from lumenpay.users.narrowing import UserFilters, narrow


@dataclass(frozen=True, slots=True)
class Segment:
    """A list of subscribers: its query string, as the page of subscribers shows it, and what that means."""

    query: str
    filters: UserFilters

    def dump(self) -> dict[str, Any]:
        """Return the segment as it is stored."""
        return {"query": self.query, "filters": FILTERS.dump_python(self.filters, mode="json")}


@dataclass(frozen=True, slots=True)
class AudienceFigures:
    """How many people would be written to, and how many of the list would not, because they cannot or want none."""

    reached: int
    blocked: int
    opted_out: int


def load_segment(stored: Mapping[str, Any]) -> Segment:
    """Return the segment that `Segment.dump` wrote; an empty one is everybody."""
    return Segment(str(stored.get("query", "")), FILTERS.validate_python(stored.get("filters", {})))


def within_bot(segment: Segment, bot_id: UUID) -> Segment:
    """Return the segment among the people of one bot.

    Raises:
        BroadcastInvalidError: It is of another bot's people.
    """
    if segment.filters.bot_id not in (None, bot_id):
        raise BroadcastInvalidError(fields={"query": "another_bot"})
    return replace(segment, filters=replace(segment.filters, bot_id=bot_id))


async def count_audience(
    session: TenantSession, filters: UserFilters, category: BroadcastCategory, *, now: datetime
) -> AudienceFigures:
    """Count whom a broadcast would reach if it began now, by the same conditions as when it does."""
    everybody = select(User.id).where(*narrow(session, filters, now=now))
    is_blocked, wants_none = User.blocked_bot_at.is_not(None), _wants_none(session, category)
    return AudienceFigures(
        reached=await count_exactly(session, everybody.where(~is_blocked, ~wants_none)),
        blocked=await count_exactly(session, everybody.where(is_blocked)),
        opted_out=await count_exactly(session, everybody.where(~is_blocked, wants_none)),
    )


async def write_down(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> int:
    """Write down whom a broadcast is for, in one statement; return how many they are. Safe to repeat."""
    columns = ["tenant_id", "broadcast_id", "user_id", "state", "changed_at", "due_at"]
    waiting, due_at = literal(RecipientState.WAITING.value), await express_due_at(session, broadcast, now=now)
    rows = select_audience(session, broadcast, now=now).with_only_columns(
        literal(session.tenant_id), literal(broadcast.id), User.id, waiting, literal(now), due_at
    )
    await session.execute(insert(BroadcastRecipient).from_select(columns, rows).on_conflict_do_nothing())
    written = select(BroadcastRecipient.user_id).where(
        BroadcastRecipient.tenant_id == session.tenant_id, BroadcastRecipient.broadcast_id == broadcast.id
    )
    return await count_exactly(session, written)


def select_audience(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> Select[Any]:
    """Return the query of the people whom a broadcast is for now."""
    filters = within_bot(load_segment(broadcast.segment), broadcast.bot_id).filters
    category = BroadcastCategory(broadcast.category)
    return select(User.id).where(
        *narrow(session, filters, now=now), User.blocked_bot_at.is_(None), ~_wants_none(session, category)
    )


def _wants_none(session: TenantSession, category: BroadcastCategory) -> ColumnElement[bool]:
    return exists().where(
        BroadcastOptOut.tenant_id == session.tenant_id, BroadcastOptOut.user_id == User.id,
        BroadcastOptOut.category == category,
    )  # fmt: skip
