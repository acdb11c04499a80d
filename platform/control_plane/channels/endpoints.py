"""Channels: those that the bot was made admin of, and what it may do there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Output, PageOut, Search, Text, VersionIn
from lumenpay.bots.repository import get_bot
from lumenpay.bots.secrets import open_token
from lumenpay.channels import repository, service
from lumenpay.channels.errors import ChannelUnsuitableError
from lumenpay.channels.repository import ChannelFilters
from lumenpay.channels.rules import list_missing_rights
from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.channels import Channel, ChannelKind, ChannelStatus, EntryMode
from lumenpay.telegram.errors import TelegramChatGoneError

router = APIRouter(prefix="/tenants/{tenant_id}/channels", tags=["channels"])


class ChannelIn(Input):
    """A chat by its @name or numeric id; the bot must be an administrator there already."""

    bot_id: UUID
    chat: Annotated[Text, Field(min_length=2, max_length=64, pattern=r"^(@[A-Za-z0-9_]{4,32}|-?[0-9]{5,16})$")]


class ChannelChangeIn(Input):
    """How people get in, and whether strangers are taken out."""

    entry_mode: EntryMode
    removes_strangers: bool
    version: VersionIn = None


class ChannelOut(Output):
    """A channel; `missing_rights` names what the owner has to give the bot."""

    id: UUID
    bot_id: UUID
    chat_id: int
    kind: ChannelKind
    title: str
    username: str | None
    status: ChannelStatus
    missing_rights: list[str]
    entry_mode: EntryMode
    removes_strangers: bool
    rights_checked_at: Moment | None
    created_at: Moment
    version: str


@router.get("")
async def list_(
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    bot_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query(description="Channels that this plan opens.")] = None,
    status: Annotated[ChannelStatus | None, Query()] = None,
    search: Annotated[Search, Query(description="A part of the title or of the @name.")] = None,
) -> PageOut[ChannelOut]:
    """List channels."""
    filters = ChannelFilters(bot_id=bot_id, plan_id=plan_id, status=status, search=search, created=created)
    async with access.unit() as session:
        found = await repository.list_channels(session, filters, page)
    return PageOut(items=[_channel(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.post("", status_code=201, responses=documented(409))
async def add(body: ChannelIn, access: TenantDep) -> ChannelOut:
    """Add a channel by hand; usually it appears by itself when the bot is made an administrator."""
    async with access.unit() as session:
        bot = await get_bot(session, body.bot_id)
    token = open_token(access.services.ring, bot)
    telegram = access.services.telegram
    chat = await telegram.get_chat(token, chat=body.chat if body.chat.startswith("@") else int(body.chat))
    if chat.kind not in tuple(ChannelKind):
        raise ChannelUnsuitableError
    rights = await telegram.get_member(token, chat_id=chat.chat_id, telegram_id=bot.telegram_id or 0)
    async with access.unit() as session:
        channel = await service.record_bot_rights(
            session, bot_id=bot.id, chat=chat, rights=rights, now=access.now, actor=access.actor
        )
    if channel is None:
        raise TelegramChatGoneError
    return _channel(channel)


@router.get("/{channel_id}")
async def get(channel_id: UUID, access: TenantDep) -> ChannelOut:
    """Return a channel."""
    async with access.unit() as session:
        return _channel(await repository.get_channel(session, channel_id))


@router.patch("/{channel_id}", responses=documented(409))
async def change(channel_id: UUID, body: ChannelChangeIn, access: TenantDep) -> ChannelOut:
    """Change how people get in. With a `version`, only over what was read."""
    async with access.unit() as session:
        channel = await service.change_channel(
            session, channel_id, entry_mode=body.entry_mode, removes_strangers=body.removes_strangers,
            version=body.version, actor=access.actor, now=access.now,
        )  # fmt: skip
    return _channel(channel)


@router.post("/{channel_id}/check-rights", status_code=202)
async def check_rights(channel_id: UUID, access: TenantDep) -> ChannelOut:
    """Have Telegram asked which rights the bot has; the answer shows in the channel a moment later."""
    async with access.unit() as session:
        channel = await repository.get_channel(session, channel_id)
        key = str(channel.id)
        await enqueue(session, CheckChannelRights(channel.id), now=access.now, bot_id=channel.bot_id, dedupe_key=key)
    return _channel(channel)


def _channel(row: Channel) -> ChannelOut:
    return ChannelOut(
        id=row.id, bot_id=row.bot_id, chat_id=row.chat_id, kind=row.kind, title=row.title, username=row.username,
        status=row.status, entry_mode=row.entry_mode, removes_strangers=row.removes_strangers,
        rights_checked_at=row.rights_checked_at, created_at=row.created_at,
        version=service.version_of_channel(row),
        missing_rights=list_missing_rights(
            status=ChannelStatus(row.status), can_invite_users=row.can_invite_users,
            can_restrict_members=row.can_restrict_members,
        ),
    )  # fmt: skip
