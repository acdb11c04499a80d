"""A worker's side of a broadcast: what a slice of it begins with, storing what was sent, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.billing.limits import is_selling
from lumenpay.bots.repository import find_any_bot
from lumenpay.broadcasts.audience import write_down
from lumenpay.broadcasts.errors import BroadcastNotFoundError
from lumenpay.broadcasts.ledger import (
    TOPIC,
    Outcomes,
    count_due,
    find_left,
    find_next_due,
    mark_unreachable,
    move_recipients,
    record_outcomes,
    recover_claimed,
)
from lumenpay.broadcasts.message import Template, load_template
from lumenpay.broadcasts.readers_days import keeps_readers_days, put_off_closed
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.rules import LOOKED_AFTER_EVERY, SendingHours, find_opening, is_refused_by_all
from lumenpay.broadcasts.running import look_after, set_paused
from lumenpay.broadcasts.triggers import LOOKS_EVERY, leave_out_buyers
from lumenpay.db.changes import announce
from lumenpay.db.session import Database, TenantSession
from lumenpay.jobs.catalogue import SendBroadcast
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.broadcasts import BroadcastStatus, PauseReason, RecipientState, ScheduledBroadcast
from lumenpay.models.ids import LeaseId, TenantId
from lumenpay.models.tenants import Tenant
from lumenpay.tenants.repository import get_own_tenant

Unit = Callable[[], AbstractAsyncContextManager[TenantSession]]
_PUT_AWAY_AT_ONCE: Final = 5_000
_MOST_DUE: Final = 10_000
"""More than that no slice writes to."""
_OTHERS_SECONDS: Final = 3
"""So much later it is looked again whether those in another worker's hands are dealt with."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What a worker has to know to write to people."""

    broadcast_id: UUID
    bot: Bot
    telegram_bot_id: int
    template: Template
    left: int
    """How many people are still to be written to, those in other hands included; whose hour comes later are not."""


async def begin_slice(session: TenantSession, broadcast_id: UUID, *, now: datetime) -> Slice | None:
    """Return what to send, with the audience written down; nothing where nobody is to be written to now.

    Whoever is left of a worker that died is uncertain from here on; who is left of a stopped broadcast is put away.
    """
    try:
        broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    except BroadcastNotFoundError:
        return None
    if await recover_claimed(session, broadcast_id, now=now):
        await session.refresh(broadcast)
        announce(session, TOPIC, broadcast_id)
    bot = await find_any_bot(session, broadcast.bot_id)
    if (bot is None or bot.status == BotStatus.DELETED) and broadcast.status == BroadcastStatus.RUNNING:
        broadcast.status, broadcast.finished_at = BroadcastStatus.STOPPED, now
        record(session, actor=SYSTEM, action="broadcast.stopped", subject_id=broadcast_id, now=now)
    if broadcast.status == BroadcastStatus.STOPPED:
        await _put_away(session, broadcast, now=now)
        return None
    # Read once: what follows finds it in the session.
    tenant = await get_own_tenant(session)
    if (
        broadcast.status != BroadcastStatus.RUNNING
        or bot is None
        or await _is_held(session, broadcast, tenant, now=now)
    ):
        return None
    if broadcast.total_count is None:
        broadcast.total_count = await write_down(session, broadcast, now=now)
        announce(session, TOPIC, broadcast_id)
    await leave_out_buyers(session, broadcast, now=now)
    if not await put_off_closed(session, broadcast, now=now):
        # The evening of very many has come: nobody is written to before all of them are put off.
        await look_after(session, broadcast, now=now)
        return None
    broadcast.next_step_at = now + LOOKED_AFTER_EVERY
    template = await load_template(session, broadcast, bot)
    await session.flush()
    assert bot.telegram_id is not None  # noqa: S101 - one that is not deleted has it
    left = count_left(broadcast)
    if keeps_readers_days(broadcast):
        left = await count_due(session, broadcast_id, now=now, limit=_MOST_DUE)
    return Slice(broadcast_id, bot, bot.telegram_id, template, left)


async def store_outcomes(
    database: Database, tenant_id: TenantId, unit: Unit, broadcast_id: UUID, outcomes: Outcomes, *, lease_id: LeaseId,
    now: datetime, rate_per_minute: int | None = None,
) -> None:  # fmt: skip
    """Store what became of messages; a broadcast that Telegram refuses to everybody is paused.

    Args:
        unit: Opens a transaction in the tenant, for what is not the same each time.
        rate_per_minute: Given once in a while: it is stored, and those who watch are told.
    """
    standing = await record_outcomes(
        database, tenant_id, broadcast_id, outcomes, lease_id=lease_id, now=now, rate_per_minute=rate_per_minute
    )
    blocked = [user_id for user_id, outcome in outcomes.items() if outcome.state is RecipientState.BLOCKED]
    is_refused = (
        standing is not None
        and standing.status is BroadcastStatus.RUNNING
        and is_refused_by_all(sent=standing.sent, failed=standing.failed)
    )
    if not (blocked or is_refused):
        return
    async with unit() as session:
        await mark_unreachable(session, blocked, now=now)
        if is_refused:
            await _pause_refused(session, broadcast_id, now=now)


async def _pause_refused(session: TenantSession, broadcast_id: UUID, *, now: datetime) -> None:
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.status == BroadcastStatus.RUNNING:
        set_paused(broadcast, PauseReason.REFUSED)
        announce(session, TOPIC, broadcast_id)
        details = {"reason": PauseReason.REFUSED.value}
        record(session, actor=SYSTEM, action="broadcast.paused", subject_id=broadcast_id, now=now, details=details)


async def end_slice(session: TenantSession, broadcast_id: UUID, *, now: datetime) -> None:
    """Leave a further job behind where anybody is left, or the broadcast finished, unless people come by and by.

    Where everybody who is left waits for their own hour, the clock looks after it at that of the next.
    """
    broadcast = await get_broadcast(session, broadcast_id, is_locked=True)
    if broadcast.status != BroadcastStatus.RUNNING:
        return
    is_waiting, is_claimed = await find_left(session, broadcast_id)
    if is_waiting or is_claimed:
        due_at = await find_next_due(session, broadcast_id, now=now)
        if due_at is not None and not is_claimed:
            # Others may come by themselves before.
            look_at = due_at if broadcast.trigger is None else min(due_at, now + LOOKS_EVERY)
            broadcast.next_step_at, broadcast.rate_per_minute = look_at, 0
            announce(session, TOPIC, broadcast_id)
            return
        is_anybody_due = is_waiting and due_at is None
        later = None if is_anybody_due else now + timedelta(seconds=_OTHERS_SECONDS)
        broadcast.next_step_at = now + LOOKED_AFTER_EVERY
        await enqueue(
            session, SendBroadcast(broadcast_id), now=now, bot_id=broadcast.bot_id, dedupe_key=str(broadcast_id),
            run_at=later,
        )  # fmt: skip
        return
    if broadcast.trigger is not None:
        broadcast.next_step_at, broadcast.rate_per_minute = now + LOOKS_EVERY, 0
        return
    broadcast.status, broadcast.finished_at = BroadcastStatus.FINISHED, now
    broadcast.next_step_at, broadcast.rate_per_minute = None, 0
    record(session, actor=SYSTEM, action="broadcast.finished", subject_id=broadcast_id, now=now)


def count_left(broadcast: ScheduledBroadcast) -> int:
    """Return how many people of the audience have no outcome yet; none before it is written down."""
    done = broadcast.sent_count + broadcast.failed_count + broadcast.blocked_count
    return (broadcast.total_count or 0) - done - broadcast.uncertain_count - broadcast.skipped_count


async def _is_held(session: TenantSession, broadcast: ScheduledBroadcast, tenant: Tenant, *, now: datetime) -> bool:
    """Tell whether nobody may be written to now: it is put to sleep until morning, or paused with the tenant."""
    if not is_selling(tenant):
        set_paused(broadcast, PauseReason.SUSPENDED, looked_after_at=now + LOOKED_AFTER_EVERY)
        details = {"reason": PauseReason.SUSPENDED.value}
        record(session, actor=SYSTEM, action="broadcast.paused", subject_id=broadcast.id, now=now, details=details)
        return True
    if keeps_readers_days(broadcast):
        return False
    hours = SendingHours(broadcast.from_hour, broadcast.until_hour)
    opening = find_opening(now, hours=hours, time_zone=tenant.time_zone)
    if opening is None:
        return False
    broadcast.status, broadcast.scheduled_at, broadcast.next_step_at = BroadcastStatus.SCHEDULED, opening, opening
    broadcast.rate_per_minute = 0
    announce(session, TOPIC, broadcast.id)
    await session.flush()
    return True


async def _put_away(session: TenantSession, broadcast: ScheduledBroadcast, *, now: datetime) -> None:
    moved = await move_recipients(
        session, broadcast.id, old=RecipientState.WAITING, new=RecipientState.SKIPPED, now=now,
        limit=_PUT_AWAY_AT_ONCE, reason="stopped",
    )  # fmt: skip
    announce(session, TOPIC, broadcast.id)
    if moved < _PUT_AWAY_AT_ONCE and not any(await find_left(session, broadcast.id)):
        broadcast.next_step_at = None
        await session.flush()
        return
    await enqueue(
        session, SendBroadcast(broadcast.id), now=now, bot_id=broadcast.bot_id, dedupe_key=str(broadcast.id),
        run_at=None if moved == _PUT_AWAY_AT_ONCE else now + timedelta(seconds=_OTHERS_SECONDS),
    )  # fmt: skip
