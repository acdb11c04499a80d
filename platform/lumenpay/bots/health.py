"""How a bot is: every owner is told once of a fault, and once when it is over, however often somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lumenpay.bots.health_words import WORDS
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.rules import decide_patience, is_health_news
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellBotHealth, TellOwnerOfBot
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.admins import Admin
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ids import BotId
from lumenpay.models.users import User
from lumenpay.tenants.owners import Way, find_owner, find_telegram_id, list_owners


@dataclass(frozen=True, slots=True)
class BotNotice:
    """What one owner is told now: of which bot, in which language, and where they are reached."""

    bot: Bot
    locale: str
    address: str | None
    user: User | None
    """The owner as a bot of the tenant's knows them that can speak: this one, or another; nothing where none does."""


async def note_health(session: TenantSession, bot: Bot, code: str, *, now: datetime) -> None:
    """Store what is wrong with a locked bot, empty for nothing, and have its owners told where that is news to them."""
    if bot.health_code == code:
        return
    bot.health_code, bot.health_changed_at = code, now
    if is_health_news(code, told_code=bot.health_told_code):
        patience = decide_patience(code, told_code=bot.health_told_code)
        await enqueue(
            session, TellBotHealth(bot.id, code), now=now, run_at=now + patience if patience else None,
            bot_id=BotId(bot.id), dedupe_key=f"{bot.id}:{code}",
        )  # fmt: skip


async def request_notices(session: TenantSession, job: TellBotHealth, *, now: datetime) -> timedelta | None:
    """Have every owner told how a bot is, by mail and by a bot; return how long to wait where it is too early.

    Nothing happens where it is not so any more, or they know. What they are told is stored with it: it is said once.
    """
    bot = await find_any_bot(session, job.bot_id, is_locked=True)
    if bot is None or bot.status == BotStatus.DELETED or bot.health_code != job.code:
        return None
    if not is_health_news(job.code, told_code=bot.health_told_code):
        return None
    early = decide_patience(job.code, told_code=bot.health_told_code) - (now - (bot.health_changed_at or now))
    if early > timedelta():
        return early
    bot.health_told_code, bot.health_told_at = job.code, now
    for admin_id in await list_owners(session):
        for way in Way:
            await enqueue(
                session, TellOwnerOfBot(bot.id, admin_id, job.code, way.value), now=now, bot_id=BotId(bot.id),
                dedupe_key=f"{bot.id}:{admin_id}:{way}:{job.code}",
            )  # fmt: skip
    return None


async def load_notice(session: TenantSession, job: TellOwnerOfBot) -> BotNotice | None:
    """Return what an owner is to be told; nothing where other news came after it, or they are no owner any more."""
    notice = await find_notice(session, bot_id=job.bot_id, admin_id=job.admin_id)
    return notice if notice is not None and notice.bot.health_told_code == job.code else None


async def find_notice(session: TenantSession, *, bot_id: UUID, admin_id: UUID) -> BotNotice | None:
    """Return how an owner is told of a bot; nothing where it is deleted, or they are no owner any more."""
    bot = await find_any_bot(session, bot_id)
    admin = await find_owner(session, admin_id)
    if bot is None or bot.status == BotStatus.DELETED or admin is None:
        return None
    locale = admin.locale if admin.locale in WORDS else "ru"
    return BotNotice(bot, locale, admin.email, await find_speaker(session, admin, bot))


async def find_speaker(session: TenantSession, admin: Admin, bot: Bot) -> User | None:
    """Return an owner as one of the tenant's bots that can speak knows them, this one before others; or None."""
    telegram_id = await find_telegram_id(session, admin)
    if telegram_id is None:
        return None
    # A bot whose token was revoked cannot say so: another one of the tenant's can.
    query = (
        select(User)
        .join(Bot, (Bot.tenant_id == User.tenant_id) & (Bot.id == User.bot_id))
        .where(
            User.tenant_id == session.tenant_id, User.telegram_id == telegram_id, User.blocked_bot_at.is_(None),
            Bot.status == BotStatus.ACTIVE,
        )
        .order_by((User.bot_id != bot.id), User.created_at)
        .limit(1)
    )  # fmt: skip
    return (await session.execute(query)).scalar_one_or_none()
