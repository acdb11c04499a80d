"""Use cases of channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, Actor, record
from lumenpay.billing.limits import Limited, require_room
from lumenpay.bots.repository import is_in_service
from lumenpay.channels.errors import ChannelUnsuitableError
from lumenpay.channels.guarding import ChannelNews, request_notices
from lumenpay.channels.refusals import follow_refused_chat, forget_refused_chat
from lumenpay.channels.repository import find_by_chat, get_channel
from lumenpay.channels.rules import can_invite, can_remove, check_pause, decide_status
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.jobs.catalogue import (
    AnswerJoinRequest,
    CheckChannelRights,
    DeliverAccess,
    JudgeAddition,
    RemoveMember,
    RevokeEntryLink,
)
from lumenpay.jobs.outbox import enqueue
from lumenpay.jobs.repository import wake_jobs
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.channels import Channel, ChannelKind, ChannelStatus, EntryMode
from lumenpay.telegram.facts import ChatFacts, MemberFacts

TOLD_AFTER_REFUSAL: Final = timedelta(minutes=1)
_WAITING_FOR_RIGHTS = (DeliverAccess, AnswerJoinRequest, RemoveMember, JudgeAddition, RevokeEntryLink)


async def record_bot_rights(
    session: TenantSession, *, bot_id: UUID, chat: ChatFacts, rights: MemberFacts, now: datetime,
    actor: Actor = SYSTEM,
) -> Channel | None:  # fmt: skip
    """Store which rights a bot has in a chat; the first time, the chat becomes a channel of the tenant.

    A chat in which the bot never was an admin is not remembered.

    Raises:
        ChannelUnsuitableError: Neither a channel nor a supergroup.
        LimitReachedError: The tenant has as many channels as it may.
    """
    if chat.kind not in tuple(ChannelKind):
        raise ChannelUnsuitableError
    channel = await find_by_chat(session, bot_id=bot_id, chat_id=chat.chat_id)
    if channel is None:
        # It becomes a channel now, or is none of the bot's business any more.
        await forget_refused_chat(session, bot_id=bot_id, chat_id=chat.chat_id)
        if not rights.is_admin:
            return None
        await require_room(session, Limited.CHANNELS, now=now)
        channel = Channel(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, chat_id=chat.chat_id,
            kind=ChannelKind(chat.kind), title="", entry_mode=EntryMode.JOIN_REQUEST, removes_strangers=True,
            created_at=now,
        )  # fmt: skip
        session.add(channel)
        record(session, actor=actor, action="channel.connected", subject_id=channel.id, now=now)
    else:
        # Of two who learn of a change at once, the second finds it stored: it is told once.
        channel = await get_channel(session, channel.id, is_locked=True)
    if chat.title:
        channel.title, channel.username = chat.title[:256], chat.username
    await apply_rights(session, channel, rights=rights, now=now)
    await session.flush()
    return channel


async def apply_rights(session: TenantSession, channel: Channel, *, rights: MemberFacts, now: datetime) -> None:
    """Store the bot's rights in a locked channel; a change of what is possible is audited, and owners are told.

    Jobs that waited for rights which are there now are due at once.
    """
    could = (can_invite(channel), can_remove(channel), channel.status == ChannelStatus.ACTIVE)
    status = decide_status(
        is_admin=rights.is_admin,
        can_invite_users=rights.can_invite_users,
        can_restrict_members=rights.can_restrict_members,
    )
    channel.can_invite_users, channel.can_restrict_members = rights.can_invite_users, rights.can_restrict_members
    channel.rights_checked_at, channel.next_check_at = now, now + check_pause(status)
    if channel.status != status:
        before, channel.status = channel.status, status
        if before is not None:
            record(session, actor=SYSTEM, action=f"channel.{status.value}", subject_id=channel.id, now=now)
            if ChannelStatus.ACTIVE in (before, status):
                await request_notices(session, channel, _news(status), now=now)
    can = (can_invite(channel), can_remove(channel), channel.status == ChannelStatus.ACTIVE)
    if any(now_can and not before for now_can, before in zip(can, could, strict=True)):
        # What waits for another channel of the bot only looks, and waits on.
        await wake_jobs(session, bot_id=channel.bot_id, kinds=_WAITING_FOR_RIGHTS, now=now)


def _news(status: ChannelStatus) -> ChannelNews:
    return ChannelNews.BACK if status is ChannelStatus.ACTIVE else ChannelNews.LOST


async def plan_check(session: TenantSession, channel_id: UUID, *, now: datetime) -> None:
    """Have Telegram asked about the bot's rights in a channel whose time has come, and store when it comes again.

    Nobody is asked about a bot that is out of service.
    """
    channel = await get_channel(session, channel_id)
    if channel.next_check_at > now:
        return
    channel.next_check_at = now + check_pause(ChannelStatus(channel.status))
    if await is_in_service(session, channel.bot_id):
        payload, key = CheckChannelRights(channel.id), str(channel.id)
        await enqueue(session, payload, now=now, bot_id=channel.bot_id, dedupe_key=key)


def version_of_channel(channel: Channel) -> str:
    """Return the version of what people set in a channel; what Telegram tells of it makes no other one."""
    return version_of_facts(channel.entry_mode, channel.removes_strangers)


async def change_channel(
    session: TenantSession, channel_id: UUID, *, entry_mode: EntryMode, removes_strangers: bool,
    version: str | None = None, actor: Actor, now: datetime,
) -> Channel:  # fmt: skip
    """Store how people get into a channel; links of the other kind are replaced when they are asked for next.

    Args:
        version: Of the channel as it was read; without one, whatever is stored is replaced.

    Raises:
        ChannelNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: The channel has another version by now.
    """
    channel = await get_channel(session, channel_id, is_locked=True)
    require_version(version_of_channel(channel), version)
    channel.entry_mode, channel.removes_strangers = entry_mode, removes_strangers
    details = {"entry_mode": entry_mode.value, "removes_strangers": removes_strangers}
    record(session, actor=actor, action="channel.changed", subject_id=channel.id, now=now, details=details)
    await session.flush()
    return channel


async def mark_rights_missing(session: TenantSession, channel: Channel, *, now: datetime) -> None:
    """Store that Telegram refused a call for want of rights: sales of the channel pause until they return.

    Owners are told a little later, by when it is known which right is missing.
    """
    if channel.status == ChannelStatus.ACTIVE:
        channel.status = ChannelStatus.RIGHTS_MISSING
        record(session, actor=SYSTEM, action="channel.rights_missing", subject_id=channel.id, now=now)
        await request_notices(session, channel, ChannelNews.LOST, now=now, run_at=now + TOLD_AFTER_REFUSAL)


async def migrate_chat(session: TenantSession, *, bot_id: UUID, old_chat_id: int, new_chat_id: int) -> bool:
    """Follow a group that became a supergroup and has another id now. Safe to repeat.

    The id stands in this one place, to which everything else refers. False when the bot knows the new chat as another
    channel and still the old one: nothing was changed.
    """
    channel = await find_by_chat(session, bot_id=bot_id, chat_id=old_chat_id)
    if channel is None:
        await follow_refused_chat(session, bot_id=bot_id, old_chat_id=old_chat_id, new_chat_id=new_chat_id)
        return True
    if await find_by_chat(session, bot_id=bot_id, chat_id=new_chat_id) is not None:
        return False
    channel.chat_id, channel.kind = new_chat_id, ChannelKind.SUPERGROUP
    await session.flush()
    return True
