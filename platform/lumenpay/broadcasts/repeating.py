"""Broadcasts that repeat: each begins with writing down the next one, which waits for its time like any other."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import has_room_among_waiting, is_selling
from lumenpay.broadcasts.readers_hours import set_time
from lumenpay.broadcasts.repository import is_bot_gone
from lumenpay.broadcasts.rules import find_next_time
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.broadcasts import BroadcastStatus, Repeats, ScheduledBroadcast
from lumenpay.tenants.repository import get_own_tenant

_SAME: Final = (
    "tenant_id", "bot_id", "title", "text", "segment", "category", "medium_kind", "medium", "buttons", "name_fallback",
    "plan_fallback", "paid_until_fallback", "from_hour", "until_hour", "repeats", "repeats_since_at", "tested_at",
    "started_by",
)  # fmt: skip


async def write_next(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Have the next of a repeating broadcast wait for its time; to be called once, when this one begins."""
    if broadcast.repeats is None or await is_bot_gone(session, broadcast):
        return
    broadcast.repeats_since_at = broadcast.repeats_since_at or now
    at = await _find_next(session, broadcast, now=now)
    following = ScheduledBroadcast(
        **{name: getattr(broadcast, name) for name in _SAME}, id=new_uuid7(), status=BroadcastStatus.SCHEDULED,
        readers_hour_at=broadcast.readers_hour_at, idempotence_key=f"repeat:{broadcast.id}", created_at=now,
    )  # fmt: skip
    await set_time(session, following, at, now=now)
    session.add(following)
    details = {"after": str(broadcast.id)}
    record(session, actor=SYSTEM, action="broadcast.scheduled", subject_id=following.id, now=now, details=details)
    await session.flush()


async def is_passed_over(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> bool:
    """Tell whether a repetition cannot go out at its time, and have it wait for its next one then.

    What a debt or a limit has held back does not go out all at once when they are over.
    """
    is_repetition = broadcast.repeats_since_at is not None and broadcast.repeats_since_at != broadcast.scheduled_at
    if broadcast.repeats is None or not is_repetition:
        return False
    if is_selling(await get_own_tenant(session)) and await has_room_among_waiting(session, now=now):
        return False
    await set_time(session, broadcast, await _find_next(session, broadcast, now=now), now=now)
    record(session, actor=SYSTEM, action="broadcast.passed_over", subject_id=broadcast.id, now=now)
    await session.flush()
    return True


async def _find_next(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> datetime:
    assert broadcast.repeats is not None  # noqa: S101 - its callers have looked
    assert broadcast.repeats_since_at is not None  # noqa: S101 - set with the first of them
    zone = (await get_own_tenant(session)).time_zone
    after = max(now, broadcast.scheduled_at or now)
    return find_next_time(broadcast.repeats_since_at, Repeats(broadcast.repeats), time_zone=zone, after=after)
