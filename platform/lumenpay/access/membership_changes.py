"""What Telegram's `chat_member` updates mean: somebody came in, left, or became an admin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.access import repository
from lumenpay.access.joining import mark_joined
from lumenpay.access.passages import log_passage
from lumenpay.access.rules import Adder, JoinMeaning, decide_join
from lumenpay.channels.repository import find_by_chat, get_channel
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import JudgeAddition, RemoveMember, RevokeEntryLink
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.access import AccessAction, ActualPlace, EntryLinkStatus, Membership, WantedPlace
from lumenpay.models.channels import Channel, ChannelKind, EntryMode
from lumenpay.models.ids import BotId
from lumenpay.telegram.facts import ANONYMOUS_ADMIN_ID
from lumenpay.users.repository import find_by_telegram_id


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One change of one person's place in a chat."""

    chat_id: int
    telegram_id: int
    was_inside: bool
    is_inside: bool
    is_admin: bool
    invite_url: str | None
    adder_telegram_id: int | None = None
    """Who added the person; None for one who came by themselves."""

    def adder(self, channel: Channel) -> Adder:
        """Return what is known at once of who added the person."""
        if self.adder_telegram_id is None:
            return Adder.NOBODY
        # To a channel nobody else can add people, and in the name of the group nobody else can do anything.
        is_admin = channel.kind == ChannelKind.CHANNEL or self.adder_telegram_id == ANONYMOUS_ADMIN_ID
        return Adder.ADMIN if is_admin else Adder.SOMEBODY


async def record_member_change(session: TenantSession, change: MemberChange, *, bot_id: UUID, now: datetime) -> None:
    """Store where a person is now, and have strangers taken out and used links revoked. Safe to repeat."""
    channel = await find_by_chat(session, bot_id=bot_id, chat_id=change.chat_id)
    if channel is None:
        return
    user = await find_by_telegram_id(session, bot_id=bot_id, telegram_id=change.telegram_id)
    membership = await repository.ensure_membership(
        session,
        channel_id=channel.id,
        telegram_id=change.telegram_id,
        user_id=user.id if user else None,
        now=now,
    )
    membership.actual_seen_at = now
    if change.is_admin:
        membership.actual, membership.wanted = ActualPlace.ADMIN, WantedPlace.UNMANAGED
    elif change.is_inside and not change.was_inside:
        await _record_entry(session, channel, membership, change, now=now)
    elif change.is_inside:
        membership.actual = ActualPlace.INSIDE
    else:
        await _record_exit(session, membership, now=now)
    await session.flush()


async def _record_entry(
    session: TenantSession, channel: Channel, membership: Membership, change: MemberChange, *, now: datetime
) -> None:
    is_repeated = membership.actual == ActualPlace.INSIDE and membership.joined_at is not None
    membership.actual, membership.joined_at = ActualPlace.INSIDE, now
    if change.invite_url:
        await _use_up_link(session, channel, url=change.invite_url, now=now)
    standing = await repository.find_standing(session, channel, telegram_id=change.telegram_id, now=now)
    meaning = decide_join(standing, adder=change.adder(channel))
    if meaning is JoinMeaning.ADDED_BY_SOMEBODY:
        await _have_judged(session, channel, membership, change, now=now)
    else:
        await _place(session, channel, membership, meaning, now=now)
    if not is_repeated:
        await log_passage(session, membership, AccessAction.JOINED, reason=meaning.value, now=now)


async def _place(
    session: TenantSession, channel: Channel, membership: Membership, meaning: JoinMeaning, *, now: datetime
) -> None:
    is_ours = membership.wanted != WantedPlace.UNMANAGED
    if meaning is JoinMeaning.PAYER:
        if is_ours:
            membership.wanted = WantedPlace.INSIDE
        await mark_joined(session, membership)
    elif meaning is JoinMeaning.WHITELISTED and is_ours:
        membership.wanted = WantedPlace.INSIDE
    elif meaning is JoinMeaning.INVITED_BY_OWNER:
        membership.wanted = WantedPlace.UNMANAGED
    elif meaning is JoinMeaning.STRANGER and is_ours:
        membership.wanted = WantedPlace.OUTSIDE
        if channel.removes_strangers:
            payload, key = RemoveMember(membership.id), str(membership.id)
            await enqueue(session, payload, now=now, bot_id=BotId(channel.bot_id), dedupe_key=key)


async def _have_judged(
    session: TenantSession, channel: Channel, membership: Membership, change: MemberChange, *, now: datetime
) -> None:
    """Leave the person alone, and have it learned whether whoever added them runs the group."""
    if membership.wanted == WantedPlace.UNMANAGED or change.adder_telegram_id is None:
        return
    # Nobody moves them until it is known: were they an admin's guest, they would be thrown out wrongly.
    membership.wanted = WantedPlace.UNMANAGED
    job = JudgeAddition(membership.id, change.adder_telegram_id, now.isoformat())
    await enqueue(session, job, now=now, bot_id=BotId(channel.bot_id), dedupe_key=f"{membership.id}:{job.joined_at}")


async def find_unjudged(session: TenantSession, job: JudgeAddition) -> Channel | None:
    """Return the group to which a person was added about whom it is open still whether they may stay."""
    membership = await repository.find_membership(session, job.membership_id)
    if membership is None or not _is_open(membership, job):
        return None
    return await get_channel(session, membership.channel_id)


async def record_adder(session: TenantSession, job: JudgeAddition, *, adder: Adder, now: datetime) -> None:
    """Store who added a person: a guest of those who run the group stays, another is like any foreign joiner.

    Safe to repeat.
    """
    membership = await repository.find_membership(session, job.membership_id, is_locked=True)
    if membership is None or not _is_open(membership, job) or adder is Adder.ADMIN:
        return
    channel = await get_channel(session, membership.channel_id)
    standing = await repository.find_standing(session, channel, telegram_id=membership.telegram_id, now=now)
    # Only as long as the answer was open the person was not ours to move.
    membership.wanted = WantedPlace.OUTSIDE
    await _place(session, channel, membership, decide_join(standing, adder=adder), now=now)
    await session.flush()


def _is_open(membership: Membership, job: JudgeAddition) -> bool:
    is_same = membership.joined_at == datetime.fromisoformat(job.joined_at)
    return is_same and membership.actual == ActualPlace.INSIDE and membership.wanted == WantedPlace.UNMANAGED


async def _use_up_link(session: TenantSession, channel: Channel, *, url: str, now: datetime) -> None:
    link = await repository.find_link_by_url(session, channel_id=channel.id, url=url)
    if link is None:
        return
    await repository.mark_link_opened(session, link, now=now)
    # A link for one member opens again when that member leaves: it is revoked on its first use, whoever used it.
    if link.mode == EntryMode.SINGLE_USE_LINK and link.status == EntryLinkStatus.ACTIVE:
        bot_id = BotId(channel.bot_id)
        await enqueue(session, RevokeEntryLink(link.id), now=now, bot_id=bot_id, dedupe_key=str(link.id))


async def _record_exit(session: TenantSession, membership: Membership, *, now: datetime) -> None:
    was_inside = membership.actual in (ActualPlace.INSIDE, ActualPlace.ADMIN)
    membership.actual = ActualPlace.OUTSIDE
    if membership.wanted == WantedPlace.UNMANAGED:
        # Whoever left of their own accord comes back like everybody else.
        membership.wanted = WantedPlace.OUTSIDE
    if was_inside:
        await log_passage(session, membership, AccessAction.LEFT, now=now)
