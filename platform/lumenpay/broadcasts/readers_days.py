"""Broadcasts that keep to each reader's own day: when each can be written to, and putting off who cannot be any more.

Those at an hour of each reader's own day do, and those that go to each by themselves: their hours of sending are those
of the reader's day. One that people send, or schedule for a moment, keeps to the tenant's day, as they see it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, DateTime, and_, func, literal, or_, select, update

from lumenpay.broadcasts.rules import ALWAYS, SendingHours, has_closed
from lumenpay.broadcasts.zones import ZONES, express_moment, express_opening
from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import BroadcastRecipient, RecipientState, ScheduledBroadcast
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant

MOST_PUT_OFF: Final = 100_000
"""A few seconds' work for the database."""
_MOMENT: Final = DateTime(timezone=True)
_LOOKED_AT_EVERY: Final = timedelta(minutes=10)
"""Hours close at known moments; in between it is looked all the same, lest somebody came among the others meanwhile."""


def keeps_readers_days(broadcast: ScheduledBroadcast) -> bool:
    """Tell whether each reader of a broadcast has a moment of their own."""
    return broadcast.readers_hour_at is not None or broadcast.trigger is not None


async def express_due_at(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> ColumnElement[Any]:
    """Return the SQL of when each user can be written to, within the hours of their day; nothing means at once."""
    hours = SendingHours(broadcast.from_hour, broadcast.until_hour)
    if broadcast.readers_hour_at is None and (broadcast.trigger is None or hours == ALWAYS):
        return literal(None, _MOMENT)
    time_zone = (await get_own_tenant(session)).time_zone
    moment: ColumnElement[Any] = literal(now, _MOMENT)
    if broadcast.readers_hour_at is not None:
        moment = express_moment(User.time_zone, at=broadcast.readers_hour_at, time_zone=time_zone)
    if hours == ALWAYS:
        return moment
    return express_opening(func.coalesce(User.time_zone, time_zone), moment, hours=hours)


async def put_off_closed(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> bool:
    """Have everybody wait for their morning whose turn in a locked broadcast has come and whose hours are over.

    It is looked at people only after the hours of a zone have closed, and once in a while: not with every slice.

    Returns:
        Whether that is all of them: of very many, some are left to the next call, before anybody is written to.
    """
    hours = SendingHours(broadcast.from_hour, broadcast.until_hour)
    if not keeps_readers_days(broadcast) or hours == ALWAYS:
        return True
    time_zone, since = (await get_own_tenant(session)).time_zone, broadcast.hours_kept_at
    is_fresh = since is not None and now - since < _LOOKED_AT_EVERY
    if since is not None and is_fresh and not has_closed(hours, (time_zone, *ZONES), since=since, now=now):
        return True
    row, moment = BroadcastRecipient, literal(now, _MOMENT)
    opening = express_opening(func.coalesce(User.time_zone, time_zone), moment, hours=hours)
    waiting = (
        row.tenant_id == session.tenant_id, row.broadcast_id == broadcast.id, row.state == RecipientState.WAITING,
    )  # fmt: skip
    closed = (
        select(row.user_id.label("id"), opening.label("opening"))
        .join(User, and_(User.tenant_id == row.tenant_id, User.id == row.user_id))
        .where(*waiting, or_(row.due_at.is_(None), row.due_at <= now), opening > moment)
        .limit(MOST_PUT_OFF)
        .cte("closed")
    )
    put_off = update(row).where(*waiting, row.user_id == closed.c.id).values(due_at=closed.c.opening)
    done = await session.execute(put_off.execution_options(synchronize_session=False))
    if cast("CursorResult[object]", done).rowcount >= MOST_PUT_OFF:
        return False
    broadcast.hours_kept_at = now
    return True
