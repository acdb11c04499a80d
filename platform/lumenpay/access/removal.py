"""Taking a person out: the right to stay is looked at again, under lock, immediately before the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.access import repository
from lumenpay.access.passages import log_passage
from lumenpay.access.rules import RemovalDecision, decide_removal
from lumenpay.channels.repository import get_channel
from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessAction, ActualPlace, WantedPlace
from lumenpay.models.channels import ChannelStatus
from lumenpay.telegram.facts import MemberFacts


@dataclass(frozen=True, slots=True)
class Removal:
    """What the door needs to take somebody out."""

    decision: RemovalDecision
    chat_id: int
    telegram_id: int
    is_channel_ready: bool


async def decide_membership_removal(session: TenantSession, membership_id: UUID, *, now: datetime) -> Removal | None:
    """Return whether a person is taken out now, by the rights of this moment; None for an unknown row."""
    membership = await repository.find_membership(session, membership_id, is_locked=True)
    if membership is None:
        return None
    channel = await get_channel(session, membership.channel_id)
    standing = await repository.find_standing(session, channel, telegram_id=membership.telegram_id, now=now)
    decision = decide_removal(standing, wanted=WantedPlace(membership.wanted), actual=ActualPlace(membership.actual))
    if decision is RemovalDecision.KEEP_PAID and membership.wanted != WantedPlace.UNMANAGED:
        membership.wanted = WantedPlace.INSIDE
    elif decision in (RemovalDecision.REMOVE, RemovalDecision.ALREADY_OUTSIDE):
        membership.wanted = WantedPlace.OUTSIDE
    await session.flush()
    return Removal(decision, channel.chat_id, membership.telegram_id, channel.status == ChannelStatus.ACTIVE)


async def record_place(session: TenantSession, membership_id: UUID, facts: MemberFacts, *, now: datetime) -> None:
    """Store where Telegram says that the person is; an admin is never ours to move."""
    membership = await repository.find_membership(session, membership_id, is_locked=True)
    if membership is None:
        return
    membership.actual_seen_at = now
    if facts.is_admin:
        membership.actual, membership.wanted = ActualPlace.ADMIN, WantedPlace.UNMANAGED
        await log_passage(session, membership, AccessAction.REMOVAL_SKIPPED, reason="admin", now=now)
    else:
        membership.actual = ActualPlace.INSIDE if facts.is_inside else ActualPlace.OUTSIDE


async def record_admin(session: TenantSession, membership_id: UUID, *, now: datetime) -> None:
    """Store that Telegram refused the removal because the person runs the chat."""
    facts = MemberFacts(
        "administrator", is_inside=True, is_admin=True, can_invite_users=False, can_restrict_members=False
    )
    await record_place(session, membership_id, facts, now=now)


async def record_removed(session: TenantSession, membership_id: UUID, *, now: datetime) -> bool:
    """Store that the person was taken out; True when they have the right to be inside again and must be let in."""
    membership = await repository.find_membership(session, membership_id, is_locked=True)
    if membership is None:
        return False
    membership.actual, membership.actual_seen_at = ActualPlace.OUTSIDE, now
    await log_passage(session, membership, AccessAction.REMOVED, now=now)
    if membership.user_id is None:
        return False
    return await repository.has_right_to_be_inside(
        session, channel_id=membership.channel_id, user_id=membership.user_id, now=now
    )
