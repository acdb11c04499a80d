"""SQL of channels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.channels.errors import ChannelNotFoundError
from lumenpay.db.narrowing import ANY_TIME, Span, containing, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.plans import PlanChannel


@dataclass(frozen=True, slots=True)
class ChannelFilters:
    """Which channels a list shows; an empty field does not filter. `search` is a part of the title or @name."""

    bot_id: UUID | None = None
    plan_id: UUID | None = None
    status: ChannelStatus | None = None
    search: str | None = None
    created: Span = ANY_TIME


async def get_channel(session: TenantSession, channel_id: UUID, *, is_locked: bool = False) -> Channel:
    """Return a channel.

    Args:
        is_locked: Read it anew and let nobody else change it until the end of the transaction.

    Raises:
        ChannelNotFoundError: Unknown to this tenant.
    """
    channel = await session.get(
        Channel, (session.tenant_id, channel_id), populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if channel is None:
        raise ChannelNotFoundError
    return channel


async def find_by_chat(session: TenantSession, *, bot_id: UUID, chat_id: int) -> Channel | None:
    """Return the channel that a bot knows under Telegram's id."""
    query = select(Channel).where(
        Channel.tenant_id == session.tenant_id, Channel.bot_id == bot_id, Channel.chat_id == chat_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_channels(session: TenantSession, filters: ChannelFilters, page: PageRequest) -> Page[Channel]:
    """Return the tenant's channels, oldest first."""
    where = [
        Channel.tenant_id == session.tenant_id,
        *equal({Channel.bot_id: filters.bot_id, Channel.status: filters.status}),
        *containing((filters.search or "").lstrip("@"), Channel.title, Channel.username),
        *within(Channel.created_at, filters.created),
    ]
    if filters.plan_id is not None:
        opened = select(PlanChannel.channel_id).where(
            PlanChannel.tenant_id == session.tenant_id, PlanChannel.plan_id == filters.plan_id
        )
        where.append(Channel.id.in_(opened))
    total = (await session.execute(select(func.count()).select_from(Channel).where(*where))).scalar_one()
    rows = await session.execute(
        select(Channel).where(*where).order_by(Channel.id).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)
