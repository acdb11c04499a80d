"""Which kinds of broadcasts a person wants none of."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastOptOut


async def list_unwanted(session: TenantSession, user_id: UUID) -> set[BroadcastCategory]:
    """Return the kinds that a person wants none of."""
    query = select(BroadcastOptOut.category).where(
        BroadcastOptOut.tenant_id == session.tenant_id, BroadcastOptOut.user_id == user_id
    )
    return {BroadcastCategory(category) for category in (await session.execute(query)).scalars()}


async def set_wanted(
    session: TenantSession, user_id: UUID, category: BroadcastCategory, *, is_wanted: bool, now: datetime
) -> None:
    """Send a person a kind of broadcasts, or none of it any more, one that runs included. Safe to repeat."""
    if is_wanted:
        change = delete(BroadcastOptOut).where(
            BroadcastOptOut.tenant_id == session.tenant_id, BroadcastOptOut.user_id == user_id,
            BroadcastOptOut.category == category,
        )  # fmt: skip
        done = await session.execute(change)
    else:
        values = {"tenant_id": session.tenant_id, "user_id": user_id, "category": category, "created_at": now}
        done = await session.execute(insert(BroadcastOptOut).values(**values).on_conflict_do_nothing())
    if cast("CursorResult[object]", done).rowcount:
        action = "broadcast.opted_in" if is_wanted else "broadcast.opted_out"
        record(
            session, actor=Actor("user", user_id), action=action, subject_id=user_id, now=now,
            details={"category": category.value},
        )  # fmt: skip
