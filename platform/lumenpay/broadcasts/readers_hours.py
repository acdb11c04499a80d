"""Broadcasts at an hour of each reader's own day: when the first begins, and who still waits for theirs.

One begins as soon as the clock of anybody in its audience shows the hour: it is looked for them at the moment of each
zone. Whose hour is over already when it begins gets it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import String, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from lumenpay.broadcasts.audience import select_audience
from lumenpay.broadcasts.readers_days import keeps_readers_days
from lumenpay.broadcasts.zones import ZONES, express_moment
from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import BroadcastRecipient, RecipientState, ScheduledBroadcast
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant

_EACH: Final = func.unnest(literal(list(ZONES), ARRAY(String()))).column_valued("zone")


@dataclass(frozen=True, slots=True)
class LaterFigures:
    """How many people wait for their hour, and when it is that of the next and of the last of them."""

    count: int
    next_at: datetime
    last_at: datetime


async def set_time(session: TenantSession, broadcast: ScheduledBroadcast, at: datetime, *, now: datetime) -> None:
    """Have a locked broadcast that waits go out at a moment; at that hour of each reader's day, if it is such a one."""
    broadcast.scheduled_at = broadcast.next_step_at = at
    if broadcast.readers_hour_at is not None:
        broadcast.readers_hour_at = at
        first, *_ = await _list_moments(session, at)
        broadcast.next_step_at = max(first, now)


async def is_too_early(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> bool:
    """Tell whether it is the hour of a locked broadcast for nobody of its audience, and have it wait for the next zone.

    With the last zone it begins, whoever is there.
    """
    if broadcast.readers_hour_at is None:
        return False
    time_zone = (await get_own_tenant(session)).time_zone
    moment = express_moment(User.time_zone, at=broadcast.readers_hour_at, time_zone=time_zone)
    due = select_audience(session, broadcast, now=now).where(moment <= now).limit(1)
    if (await session.execute(due)).first() is not None:
        return False
    later = [one for one in await _list_moments(session, broadcast.readers_hour_at) if one > now]
    if not later:
        return False
    broadcast.next_step_at = later[0]
    return True


async def find_later(
    session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime
) -> LaterFigures | None:  # fmt: skip
    """Return who waits for their hour, or for their morning; nothing where nobody does."""
    if not keeps_readers_days(broadcast):
        return None
    row = BroadcastRecipient
    query = select(func.count(), func.min(row.due_at), func.max(row.due_at)).where(
        row.tenant_id == session.tenant_id, row.broadcast_id == broadcast.id, row.state == RecipientState.WAITING,
        row.due_at > now,
    )  # fmt: skip
    count, next_at, last_at = (await session.execute(query)).one()
    return None if next_at is None or last_at is None else LaterFigures(count, next_at, last_at)


async def _list_moments(session: TenantSession, at: datetime) -> list[datetime]:
    """Return when it is the hour of a moment in the zones that can be chosen and in the tenant's, earliest first."""
    time_zone = (await get_own_tenant(session)).time_zone
    moments = select(express_moment(_EACH, at=at, time_zone=time_zone))
    return sorted({at, *(await session.execute(moments)).scalars()})
