"""Sweeps through the people of a channel: what Telegram says of each is stored, and who should not be there gathered.

Nobody is removed while it looks. At the end the brake decides whether they are removed or a human is asked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, update

from lumenpay.access import repository, sweep_notices, sweep_repository
from lumenpay.access.joining import mark_joined
from lumenpay.access.passages import log_passage
from lumenpay.access.removal import record_place
from lumenpay.access.sweep_rules import (
    SHARE_PAUSE,
    SHARE_PEOPLE,
    decide_after_look,
    is_to_be_removed,
    sources_of,
)
from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.bots.repository import is_in_service
from lumenpay.channels.repository import get_channel
from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CloseSweep, SweepMembers
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.daily import is_daily_moment, next_daily_moment
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.access import AccessAction, ActualPlace, Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.ids import BotId, ChannelId
from lumenpay.models.sweeps import MembershipSweep, SweepStatus
from lumenpay.telegram.facts import BANNED_STATUS, MemberFacts

TOPIC = "membership_sweep"
FOUND = "found_by_sweep"
"""Why a coming or going is in the log that no update told of."""


@dataclass(frozen=True, slots=True)
class Share:
    """People to ask Telegram about, in one channel."""

    sweep: MembershipSweep
    channel: Channel
    people: Sequence[Membership]


@dataclass(frozen=True, slots=True)
class Look:
    """Where Telegram says that somebody is."""

    membership_id: UUID
    telegram_id: int
    facts: MemberFacts


async def plan_share(session: TenantSession, channel_id: UUID, *, now: datetime) -> bool:
    """Have the next share of a channel's people looked at whose moment has come; each moment counts once.

    A sweep begins at the channel's own moment of the day. One that waits for a human waits.
    """
    channel = await session.get(Channel, (session.tenant_id, channel_id), with_for_update=True, populate_existing=True)
    if channel is None or channel.next_sweep_at > now:
        return False
    due_at, channel.next_sweep_at = channel.next_sweep_at, next_daily_moment(channel_id, after=now)
    sweep = await sweep_repository.find_unfinished(session, channel_id)
    if not await is_in_service(session, channel.bot_id) or (sweep is None and not is_daily_moment(channel_id, due_at)):
        return False
    await _go_on(session, channel, sweep, now=now)
    return True


async def request_sweep(session: TenantSession, channel_id: UUID, *, actor: Actor, now: datetime) -> MembershipSweep:
    """Begin a sweep through a channel now; one that goes on, or waits for a human, is returned as it is.

    Raises:
        ChannelNotFoundError: Unknown to this tenant.
    """
    await get_channel(session, channel_id)
    channel = await session.get_one(
        Channel, (session.tenant_id, channel_id), with_for_update=True, populate_existing=True
    )  # fmt: skip
    sweep = await _go_on(session, channel, await sweep_repository.find_unfinished(session, channel_id), now=now)
    record(session, actor=actor, action="membership_sweep.started", subject_id=sweep.id, now=now)
    return sweep


async def _go_on(
    session: TenantSession, channel: Channel, sweep: MembershipSweep | None, *, now: datetime
) -> MembershipSweep:
    bot_id = BotId(channel.bot_id)
    if sweep is None:
        sweep = MembershipSweep(
            tenant_id=session.tenant_id, id=new_uuid7(), channel_id=ChannelId(channel.id), created_at=now,
            status=SweepStatus.LOOKING,
        )  # fmt: skip
        session.add(sweep)
        await session.flush()
    if sweep.status == SweepStatus.LOOKING:
        channel.next_sweep_at = now + SHARE_PAUSE
        await enqueue(session, SweepMembers(channel.id), now=now, bot_id=bot_id, dedupe_key=str(channel.id))
    elif sweep.status != SweepStatus.BRAKED:
        await enqueue(session, CloseSweep(sweep.id), now=now, bot_id=bot_id, dedupe_key=str(sweep.id))
    announce(session, TOPIC, sweep.id)
    return sweep


async def prepare_share(session: TenantSession, channel_id: UUID, *, now: datetime) -> Share | None:
    """Return whom to ask Telegram about next; None when no sweep looks through the channel."""
    sweep = await sweep_repository.find_unfinished(session, channel_id)
    if sweep is None or sweep.status != SweepStatus.LOOKING:
        return None
    channel = await get_channel(session, channel_id)
    return Share(sweep, channel, await sweep_repository.list_share(session, sweep, now=now))


async def is_ban_ours(session: TenantSession, membership: Membership, *, now: datetime) -> bool:
    """Tell whether a banned person is banned by the half of a removal of ours, and has paid since.

    Whom somebody else bans stays banned, whatever they have paid.
    """
    if membership.user_id is None or not await sweep_repository.was_removed_last(session, membership):
        return False
    return await repository.has_right_to_be_inside(
        session, channel_id=membership.channel_id, user_id=membership.user_id, now=now
    )


async def store_share(session: TenantSession, share: Share, looks: Sequence[Look], *, now: datetime) -> bool:
    """Store what Telegram said about a share; False when somebody else did it meanwhile. The last one ends the look."""
    sweep = await sweep_repository.get_sweep(session, share.sweep.id, is_locked=True)
    if sweep.status != SweepStatus.LOOKING or sweep.last_telegram_id != share.sweep.last_telegram_id:
        return False
    ids = [look.membership_id for look in looks]
    leaving = await sweep_repository.list_leaving(session, channel_id=sweep.channel_id, membership_ids=ids)
    for look in looks:
        await _store_look(session, sweep, share.channel, look, is_leaving=look.membership_id in leaving, now=now)
    sweep.looked_count += len(looks)
    if looks:
        sweep.last_telegram_id = looks[-1].telegram_id
    if len(share.people) < SHARE_PEOPLE:
        await _end_look(session, sweep, share.channel, now=now)
    announce(session, TOPIC, sweep.id)
    await session.flush()
    return True


async def _store_look(
    session: TenantSession, sweep: MembershipSweep, channel: Channel, look: Look, *, is_leaving: bool, now: datetime
) -> None:
    membership = await repository.find_membership(session, look.membership_id, is_locked=True)
    if membership is None:
        return
    was = membership.actual
    if look.facts.is_admin:
        if was != ActualPlace.ADMIN:
            await record_place(session, membership.id, look.facts, now=now)
        return
    membership.actual_seen_at = now
    membership.actual = ActualPlace.INSIDE if look.facts.is_inside else ActualPlace.OUTSIDE
    if not look.facts.is_inside:
        if was in (ActualPlace.INSIDE, ActualPlace.ADMIN):
            sweep.mended_count += 1
            await log_passage(session, membership, AccessAction.LEFT, reason=FOUND, now=now)
        return
    sweep.inside_count += 1
    standing = await repository.find_standing(session, channel, telegram_id=membership.telegram_id, now=now)
    if was in (ActualPlace.OUTSIDE, ActualPlace.UNKNOWN):
        sweep.mended_count += 1
        await log_passage(session, membership, AccessAction.JOINED, reason=FOUND, now=now)
    if standing.has_right:
        membership.wanted = WantedPlace.INSIDE
        if was != ActualPlace.INSIDE:
            await mark_joined(session, membership)
        return
    had_right = membership.user_id is not None and await repository.find_last_end(
        session, channel_id=channel.id, user_id=membership.user_id, now=now
    )
    if is_to_be_removed(
        standing, wanted=WantedPlace(membership.wanted), had_right=bool(had_right),
        removes_strangers=channel.removes_strangers, is_leaving=is_leaving,
    ):  # fmt: skip
        await sweep_repository.add_swept(session, sweep.id, membership.id)


async def _end_look(session: TenantSession, sweep: MembershipSweep, channel: Channel, *, now: datetime) -> None:
    sweep.to_remove_count = await sweep_repository.count_swept(session, sweep.id)
    status = decide_after_look(to_remove=sweep.to_remove_count, inside=sweep.inside_count)
    await session.flush()
    await move_sweep(session, sweep, status, now=now)
    row = await session.get_one(Channel, (session.tenant_id, channel.id), with_for_update=True, populate_existing=True)
    row.next_sweep_at = next_daily_moment(channel.id, after=now)
    if status is SweepStatus.BRAKED:
        details = {"channel_id": str(channel.id), "people": sweep.to_remove_count, "inside": sweep.inside_count}
        record(session, actor=SYSTEM, action="membership_sweep.braked", subject_id=sweep.id, now=now, details=details)
        await sweep_notices.request_notices(session, sweep, channel, now=now)
    elif status is SweepStatus.REMOVING:
        bot_id = BotId(channel.bot_id)
        await enqueue(session, CloseSweep(sweep.id), now=now, bot_id=bot_id, dedupe_key=str(sweep.id))


async def move_sweep(session: TenantSession, sweep: MembershipSweep, status: SweepStatus, *, now: datetime) -> bool:
    """Put a sweep into a state; False when the state that it has does not lead there."""
    is_over = status in (SweepStatus.DONE, SweepStatus.KEPT)
    result = await session.execute(
        update(MembershipSweep)
        .where(
            MembershipSweep.tenant_id == session.tenant_id,
            MembershipSweep.id == sweep.id,
            MembershipSweep.status.in_(sources_of(status)),
        )
        .values(status=status, finished_at=now if is_over else None)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(sweep)
    announce(session, TOPIC, sweep.id)
    return isinstance(result, CursorResult) and result.rowcount == 1


def is_banned(facts: MemberFacts) -> bool:
    """Tell whether a person cannot come back by any link."""
    return facts.status == BANNED_STATUS
