"""What the clock does with broadcasts: begins them, adds to their audience, gives them jobs, resumes what was held."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import is_selling
from lumenpay.broadcasts.errors import BroadcastNotFoundError
from lumenpay.broadcasts.ledger import is_anybody_due
from lumenpay.broadcasts.readers_hours import is_too_early
from lumenpay.broadcasts.repeating import is_passed_over, write_next
from lumenpay.broadcasts.repository import get_broadcast, is_bot_gone, list_held
from lumenpay.broadcasts.rules import LOOKED_AFTER_EVERY
from lumenpay.broadcasts.running import begin, look_after
from lumenpay.broadcasts.triggers import LOOKS_EVERY, add_due
from lumenpay.db.session import TenantSession
from lumenpay.features.service import is_on
from lumenpay.jobs.catalogue import SendBroadcast
from lumenpay.jobs.repository import is_put_off
from lumenpay.models.broadcasts import BroadcastStatus, PauseReason, ScheduledBroadcast
from lumenpay.models.features import Feature
from lumenpay.tenants.repository import get_own_tenant


async def take_due_step(session: TenantSession, broadcast_id: UUID, *, now: datetime) -> None:
    """Begin a broadcast whose time has come, and give one that runs a job, should it have none. Safe to repeat."""
    try:
        broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    except BroadcastNotFoundError:
        return
    if broadcast.next_step_at is None or broadcast.next_step_at > now:
        return
    if broadcast.status == BroadcastStatus.SCHEDULED:
        await _begin_in_time(session, broadcast, now=now)
    elif broadcast.status in (BroadcastStatus.RUNNING, BroadcastStatus.STOPPED):
        await _keep_going(session, broadcast, now=now)
    elif broadcast.paused_because == PauseReason.SUSPENDED:
        # The job that resumes it may have come before the worker paused it.
        await _resume_if_selling(session, broadcast, now=now)
    else:
        broadcast.next_step_at = None
    await session.flush()


async def resume_held(session: TenantSession, *, now: datetime) -> None:
    """Have every broadcast go on that stood still because the tenant might write to nobody, if it may by now."""
    for broadcast_id in await list_held(session):
        broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
        if broadcast.paused_because == PauseReason.SUSPENDED:
            await _resume_if_selling(session, broadcast, now=now)


async def _begin_in_time(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    is_first = broadcast.started_at is None
    if is_first and await is_too_early(session, broadcast, now=now):
        return
    if is_first and await is_passed_over(session, broadcast, now=now):
        return
    await begin(session, broadcast, now=now)
    if is_first:
        await write_next(session, broadcast, now=now)
        record(session, actor=SYSTEM, action="broadcast.started", subject_id=broadcast.id, now=now)


async def _keep_going(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    is_by_itself = broadcast.trigger is not None and broadcast.status == BroadcastStatus.RUNNING
    # That of a deleted bot is stopped by its job.
    if is_by_itself and not await is_on(session, Feature.TRIGGERS):
        broadcast.next_step_at = now + LOOKED_AFTER_EVERY
        return
    if is_by_itself and not await is_bot_gone(session, broadcast):
        await add_due(session, broadcast, now=now)
        if not await is_anybody_due(session, broadcast.id, now=now):
            broadcast.next_step_at = now + LOOKS_EVERY
            return
    if await is_put_off(session, SendBroadcast(broadcast.id), dedupe_key=str(broadcast.id)):
        broadcast.next_step_at = now + LOOKED_AFTER_EVERY
    else:
        await look_after(session, broadcast, now=now)


async def _resume_if_selling(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    if not is_selling(await get_own_tenant(session)):
        broadcast.next_step_at = now + LOOKED_AFTER_EVERY
        return
    await begin(session, broadcast, now=now)
    record(session, actor=SYSTEM, action="broadcast.resumed", subject_id=broadcast.id, now=now)
