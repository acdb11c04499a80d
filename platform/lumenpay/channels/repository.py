"""SQL of channels."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from lumenpay.channels.errors import ChannelNotFoundError
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.channels import Channel


async def get_channel(session: TenantSession, channel_id: UUID) -> Channel:
    """Return a channel.

    Raises:
        ChannelNotFoundError: Unknown to this tenant.
    """
    channel = await session.get(Channel, (session.tenant_id, channel_id))
    if channel is None:
        raise ChannelNotFoundError
    return channel


async def find_by_chat(session: TenantSession, *, bot_id: UUID, chat_id: int) -> Channel | None:
    """Return the channel that a bot knows under Telegram's id."""
    query = select(Channel).where(
        Channel.tenant_id == session.tenant_id, Channel.bot_id == bot_id, Channel.chat_id == chat_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_channels(session: TenantSession, page: PageRequest, *, bot_id: UUID | None = None) -> Page[Channel]:
    """Return the tenant's channels, oldest first."""
    where = [Channel.tenant_id == session.tenant_id]
    if bot_id is not None:
        where.append(Channel.bot_id == bot_id)
    total = (await session.execute(select(func.count()).select_from(Channel).where(*where))).scalar_one()
    rows = await session.execute(
        select(Channel).where(*where).order_by(Channel.id).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)
