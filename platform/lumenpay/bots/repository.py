"""SQL of bots."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update

from lumenpay.bots.errors import BotNotFoundError
from lumenpay.db.session import TenantSession
from lumenpay.kit.daily import next_daily_moment
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.bots import Bot, BotStatus


async def get_bot(session: TenantSession, bot_id: UUID, *, is_locked: bool = False) -> Bot:
    """Return a bot that was not deleted.

    Raises:
        BotNotFoundError: Unknown to this tenant, or deleted.
    """
    query = select(Bot).where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id, Bot.status != BotStatus.DELETED)
    bot = (await session.execute(query.with_for_update() if is_locked else query)).scalar_one_or_none()
    if bot is None:
        raise BotNotFoundError
    return bot


async def is_in_service(session: TenantSession, bot_id: UUID) -> bool:
    """Tell whether a bot answers; one that was deleted does not."""
    bot = await session.get(Bot, (session.tenant_id, bot_id))
    return bot is not None and bot.status == BotStatus.ACTIVE


async def find_deleted_bot(session: TenantSession, bot_id: UUID) -> Bot | None:
    """Return a deleted bot whose secrets may still have to be destroyed."""
    query = select(Bot).where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id, Bot.status == BotStatus.DELETED)
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def find_former_bot(session: TenantSession, telegram_id: int) -> Bot | None:
    """Return the row, locked, that a bot had in this tenant until it was deleted."""
    query = (
        select(Bot)
        .where(
            Bot.tenant_id == session.tenant_id, Bot.status == BotStatus.DELETED,
            or_(Bot.telegram_id == telegram_id, Bot.former_telegram_id == telegram_id),
        )
        .order_by(Bot.created_at.desc())
        .limit(1)
    )  # fmt: skip
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def read_usernames(session: TenantSession, bot_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the usernames of bots, of deleted ones too."""
    query = select(Bot.id, Bot.username).where(Bot.tenant_id == session.tenant_id, Bot.id.in_(bot_ids))
    return {row.id: row.username for row in await session.execute(query)}


async def find_any_bot(session: TenantSession, bot_id: UUID, *, is_locked: bool = False) -> Bot | None:
    """Return a bot, deleted or not."""
    query = select(Bot).where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id)
    return (await session.execute(query.with_for_update() if is_locked else query)).scalar_one_or_none()


async def plan_star_reconciliation(session: TenantSession, bot_id: UUID, *, now: datetime) -> None:
    """Have what Telegram lists of a bot's Stars compared daily from now on. Safe to repeat; a planned moment stays."""
    await session.execute(
        update(Bot)
        .where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id, Bot.stars_reconcile_at.is_(None))
        .values(stars_reconcile_at=next_daily_moment(bot_id, after=now))
        .execution_options(synchronize_session=False)
    )


async def list_bots(session: TenantSession, page: PageRequest) -> Page[Bot]:
    """Return the tenant's bots, oldest first, without the deleted ones."""
    where = (Bot.tenant_id == session.tenant_id, Bot.status != BotStatus.DELETED)
    total = (await session.execute(select(func.count()).select_from(Bot).where(*where))).scalar_one()
    rows = await session.execute(select(Bot).where(*where).order_by(Bot.id).limit(page.size).offset(page.offset))
    return Page(list(rows.scalars()), total)
