"""SQL of broadcasts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.bots.repository import find_any_bot
from lumenpay.broadcasts.errors import BroadcastNotFoundError, RecipientNotFoundError
from lumenpay.db.cursors import Cursor, CursorPage, CursorRequest, cut_page
from lumenpay.db.narrowing import after_cursor
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.bots import BotStatus
from lumenpay.models.broadcasts import (
    BroadcastRecipient,
    BroadcastStatus,
    PauseReason,
    RecipientState,
    ScheduledBroadcast,
)
from lumenpay.models.users import User


async def get_broadcast(session: TenantSession, broadcast_id: UUID, *, is_locked: bool = False) -> ScheduledBroadcast:
    """Return a broadcast.

    Args:
        is_locked: Read it anew and let nobody else change it until the end of the transaction.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
    """
    found = await session.get(
        ScheduledBroadcast, (session.tenant_id, broadcast_id), populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if found is None:
        raise BroadcastNotFoundError
    return found


async def is_bot_gone(session: TenantSession, broadcast: ScheduledBroadcast) -> bool:
    """Tell whether the bot of a broadcast was deleted; one that is paused is there."""
    bot = await find_any_bot(session, broadcast.bot_id)
    return bot is None or bot.status == BotStatus.DELETED


async def find_by_key(session: TenantSession, key: str) -> ScheduledBroadcast | None:
    """Return the broadcast that was made with an idempotence key."""
    query = select(ScheduledBroadcast).where(
        ScheduledBroadcast.tenant_id == session.tenant_id, ScheduledBroadcast.idempotence_key == key
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_broadcasts(
    session: TenantSession, page: PageRequest, *, statuses: Sequence[BroadcastStatus] = ()
) -> Page[ScheduledBroadcast]:
    """Return broadcasts, newest first; without statuses all of them."""
    where = [ScheduledBroadcast.tenant_id == session.tenant_id]
    if statuses:
        where.append(ScheduledBroadcast.status.in_(statuses))
    total = (await session.execute(select(func.count()).select_from(ScheduledBroadcast).where(*where))).scalar_one()
    rows = await session.execute(
        select(ScheduledBroadcast).where(*where)
        .order_by(ScheduledBroadcast.created_at.desc(), ScheduledBroadcast.id.desc())
        .limit(page.size).offset(page.offset)
    )  # fmt: skip
    return Page(list(rows.scalars()), total)


async def get_recipient(session: TenantSession, broadcast_id: UUID, user_id: UUID) -> BroadcastRecipient:
    """Return one person of an audience.

    Raises:
        BroadcastNotFoundError: No such broadcast.
        RecipientNotFoundError: The person is not of its audience.
    """
    await get_broadcast(session, broadcast_id)
    found = await session.get(BroadcastRecipient, (session.tenant_id, broadcast_id, user_id))
    if found is None:
        raise RecipientNotFoundError
    return found


async def list_held(session: TenantSession) -> list[UUID]:
    """Return the broadcasts that stand still because the tenant might write to nobody."""
    query = select(ScheduledBroadcast.id).where(
        ScheduledBroadcast.tenant_id == session.tenant_id, ScheduledBroadcast.status == BroadcastStatus.PAUSED,
        ScheduledBroadcast.paused_because == PauseReason.SUSPENDED,
    )  # fmt: skip
    return list((await session.execute(query.order_by(ScheduledBroadcast.id))).scalars())


async def list_recipients(
    session: TenantSession, broadcast_id: UUID, page: CursorRequest, *, state: RecipientState | None = None
) -> CursorPage[tuple[BroadcastRecipient, User]]:
    """Return people of a broadcast's audience, whose state changed last first."""
    row = BroadcastRecipient
    query = (
        select(row, User)
        .join(User, (User.tenant_id == row.tenant_id) & (User.id == row.user_id))
        .where(
            row.tenant_id == session.tenant_id, row.broadcast_id == broadcast_id,
            *after_cursor(row.changed_at, row.user_id, page.after),
        )
        .order_by(row.changed_at.desc(), row.user_id.desc())
        .limit(page.size + 1)
    )  # fmt: skip
    if state is not None:
        query = query.where(row.state == state)
    found = [(recipient, user) for recipient, user in await session.execute(query)]
    return cut_page(found, page, lambda pair: Cursor(pair[0].changed_at, str(pair[0].user_id)))
