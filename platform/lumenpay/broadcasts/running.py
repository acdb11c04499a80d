"""What people do with a broadcast: send it, schedule it, pause it, stop it, and send again what did not arrive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.billing.limits import require_broadcasting, require_writing
from lumenpay.broadcasts.errors import (
    BroadcastInvalidError,
    BroadcastNotTestedError,
    BroadcastStateError,
)
from lumenpay.broadcasts.ledger import find_left, move_recipients
from lumenpay.broadcasts.readers_hours import set_time
from lumenpay.broadcasts.repeating import write_next
from lumenpay.broadcasts.repository import get_broadcast, get_recipient
from lumenpay.broadcasts.rules import LOOKED_AFTER_EVERY, Action
from lumenpay.broadcasts.service import get_for, version_of_draft
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version
from lumenpay.features.service import require_on
from lumenpay.jobs.catalogue import SendBroadcast
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.broadcasts import BroadcastStatus, PauseReason, RecipientState, ScheduledBroadcast
from lumenpay.models.features import Feature
from lumenpay.models.ids import AdminId


async def start_broadcast(
    session: TenantSession, broadcast_id: UUID, *, version: str | None, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Have a broadcast begin now. Safe to repeat, by anybody: one that runs or has ended stays as it is.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastNotTestedError: Nobody looked at it in Telegram since it was changed.
        ChangedMeanwhileError: It has another version by now.
        TenantSuspendedError: The tenant writes to nobody now.
        LimitReachedError: It had as many this month as its plan allows.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.started_at is not None:
        return broadcast
    broadcast = await _ready(session, broadcast_id, Action.START, version=version, now=now)
    # Whoever sends it now has it repeat from now on.
    broadcast.scheduled_at = broadcast.repeats_since_at = broadcast.readers_hour_at = None
    await begin(session, broadcast, now=now)
    broadcast.started_by = AdminId(actor.id) if actor.id else None
    await write_next(session, broadcast, now=now)
    record(session, actor=actor, action="broadcast.started", subject_id=broadcast.id, now=now)
    return broadcast


async def schedule_broadcast(
    session: TenantSession, broadcast_id: UUID, *, at: datetime, version: str | None, actor: Actor, now: datetime,
    in_readers_zones: bool = False,
) -> ScheduledBroadcast:  # fmt: skip
    """Have a broadcast begin by itself at a moment; scheduled anew, the new moment counts.

    Args:
        in_readers_zones: Each reader gets it when their own clock shows what the tenant's shows at the moment, and at
            once if that is over when it begins.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It has begun.
        BroadcastInvalidError: The moment is over, or each reader has one of their own by its trigger.
        BroadcastNotTestedError: Nobody looked at it in Telegram since it was changed.
        ChangedMeanwhileError: It has another version by now.
        TenantSuspendedError: The tenant writes to nobody now.
        LimitReachedError: It had as many this month as its plan allows.
    """
    broadcast = await _ready(session, broadcast_id, Action.SCHEDULE, version=version, now=now)
    if at <= now:
        raise BroadcastInvalidError(fields={"at": "in_the_past"})
    if in_readers_zones and broadcast.trigger is not None:
        raise BroadcastInvalidError(fields={"in_readers_zones": "not_with_trigger"})
    broadcast.status, broadcast.readers_hour_at = BroadcastStatus.SCHEDULED, at if in_readers_zones else None
    await set_time(session, broadcast, at, now=now)
    broadcast.repeats_since_at = at if broadcast.repeats else None
    broadcast.started_by = AdminId(actor.id) if actor.id else None
    record(session, actor=actor, action="broadcast.scheduled", subject_id=broadcast.id, now=now)
    await session.flush()
    return broadcast


async def unschedule_broadcast(
    session: TenantSession, broadcast_id: UUID, *, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Make a draft again of a broadcast that waits for its time.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It waits for no time, or has begun.
    """
    broadcast = await get_for(session, broadcast_id, Action.UNSCHEDULE)
    broadcast.status, broadcast.scheduled_at, broadcast.next_step_at = BroadcastStatus.DRAFT, None, None
    broadcast.readers_hour_at = None
    record(session, actor=actor, action="broadcast.unscheduled", subject_id=broadcast.id, now=now)
    await session.flush()
    return broadcast


async def pause_broadcast(
    session: TenantSession, broadcast_id: UUID, *, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Take nobody further in hand until it is resumed; what is on its way arrives. Safe to repeat.

    One that a debt has paused does not go on by itself then.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It does not run.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.status == BroadcastStatus.PAUSED and broadcast.paused_because != PauseReason.SUSPENDED:
        return broadcast
    if broadcast.status != BroadcastStatus.PAUSED:
        broadcast = await get_for(session, broadcast_id, Action.PAUSE)
    set_paused(broadcast, PauseReason.ASKED)
    record(session, actor=actor, action="broadcast.paused", subject_id=broadcast.id, now=now)
    await session.flush()
    return broadcast


def set_paused(broadcast: ScheduledBroadcast, reason: PauseReason, *, looked_after_at: datetime | None = None) -> None:
    """Leave a locked broadcast paused, for a reason.

    Args:
        looked_after_at: When the clock looks whether the reason is gone; without it, only people resume it.
    """
    broadcast.status, broadcast.paused_because = BroadcastStatus.PAUSED, reason
    broadcast.next_step_at, broadcast.scheduled_at, broadcast.rate_per_minute = looked_after_at, None, 0


async def resume_broadcast(
    session: TenantSession, broadcast_id: UUID, *, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Have a paused broadcast go on where it was. Safe to repeat.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It is not paused.
        TenantSuspendedError: The tenant writes to nobody now.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.status == BroadcastStatus.RUNNING:
        return broadcast
    broadcast = await get_for(session, broadcast_id, Action.RESUME)
    await require_writing(session)
    await begin(session, broadcast, now=now)
    record(session, actor=actor, action="broadcast.resumed", subject_id=broadcast.id, now=now)
    return broadcast


async def stop_broadcast(
    session: TenantSession, broadcast_id: UUID, *, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Take nobody further in hand, for good; what is on its way arrives, everybody else is left out. Safe to repeat.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It has not begun, or has ended.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.status == BroadcastStatus.STOPPED:
        return broadcast
    broadcast = await get_for(session, broadcast_id, Action.STOP)
    broadcast.status, broadcast.finished_at, broadcast.rate_per_minute = BroadcastStatus.STOPPED, now, 0
    broadcast.paused_because, broadcast.scheduled_at = None, None
    # Its job puts away who is left; should that be lost, the clock sees to it.
    await look_after(session, broadcast, now=now)
    record(session, actor=actor, action="broadcast.stopped", subject_id=broadcast.id, now=now)
    return broadcast


async def send_again(
    session: TenantSession, broadcast_id: UUID, state: RecipientState, *, actor: Actor, now: datetime,
    user_id: UUID | None = None,
) -> ScheduledBroadcast:  # fmt: skip
    """Write anew to everybody whose message failed, or of whom it is uncertain; nobody, where there are none.

    Who is written to although it was uncertain may get the message twice: only people decide that.

    Args:
        user_id: Only to this person.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        BroadcastStateError: It has not begun, or was stopped and goes by itself or its people are still being put away.
        TenantSuspendedError: The tenant writes to nobody now.
    """
    assert state in (RecipientState.FAILED, RecipientState.UNCERTAIN)  # noqa: S101 - the two that can be repeated
    broadcast = await get_for(session, broadcast_id, Action.RETRY)
    await require_writing(session)
    is_over = broadcast.status == BroadcastStatus.STOPPED
    # One that goes by itself would go on to everybody who comes.
    if is_over and (broadcast.trigger is not None or any(await find_left(session, broadcast_id))):
        raise BroadcastStateError(fields={"status": BroadcastStatus.STOPPED.value})
    count = await move_recipients(
        session, broadcast_id, old=state, new=RecipientState.WAITING, user_id=user_id, now=now
    )
    await session.refresh(broadcast)
    if count:
        # It may be night where they are by now.
        broadcast.hours_kept_at = None
        if broadcast.status in (BroadcastStatus.FINISHED, BroadcastStatus.STOPPED):
            await begin(session, broadcast, now=now)
        elif broadcast.status == BroadcastStatus.RUNNING and broadcast.readers_hour_at is not None:
            # Without a job, it waits for somebody's hour.
            await look_after(session, broadcast, now=now)
        details = {"state": state.value, "people": count} | ({"user_id": str(user_id)} if user_id else {})
        record(session, actor=actor, action="broadcast.sent_again", subject_id=broadcast.id, now=now, details=details)
    return broadcast


async def send_again_to(
    session: TenantSession, broadcast_id: UUID, user_id: UUID, *, actor: Actor, now: datetime
) -> ScheduledBroadcast:
    """Write anew to one person whose message failed or may have arrived; to nobody, if it is neither.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        RecipientNotFoundError: Not one of its audience.
        BroadcastStateError: As for everybody.
        TenantSuspendedError: The tenant writes to nobody now.
    """
    recipient = await get_recipient(session, broadcast_id, user_id)
    if recipient.state not in (RecipientState.FAILED, RecipientState.UNCERTAIN):
        return await get_broadcast(session, broadcast_id)
    state = RecipientState(recipient.state)
    return await send_again(session, broadcast_id, state, actor=actor, now=now, user_id=user_id)


async def _ready(
    session: TenantSession, broadcast_id: UUID, action: Action, *, version: str | None, now: datetime
) -> ScheduledBroadcast:
    broadcast = await get_for(session, broadcast_id, action)
    require_version(version_of_draft(broadcast), version)
    if broadcast.tested_at is None:
        raise BroadcastNotTestedError
    if broadcast.trigger is not None:
        await require_on(session, Feature.TRIGGERS)
    # One that waits for its time is counted already.
    await (require_writing(session) if broadcast.scheduled_at else require_broadcasting(session, now=now))
    return broadcast


async def begin(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Have a locked broadcast run from here on, or go on."""
    broadcast.status, broadcast.paused_because, broadcast.finished_at = BroadcastStatus.RUNNING, None, None
    broadcast.started_at = broadcast.started_at or now
    if broadcast.trigger is not None:
        # Its audience is not written down as a whole: it comes by and by.
        broadcast.total_count = broadcast.total_count or 0
    await look_after(session, broadcast, now=now)


async def look_after(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    """Give a locked broadcast a job, and have the clock look after it."""
    broadcast.next_step_at = now + LOOKED_AFTER_EVERY
    await session.flush()
    await enqueue(
        session, SendBroadcast(broadcast.id), now=now, bot_id=broadcast.bot_id, dedupe_key=str(broadcast.id)
    )  # fmt: skip
