"""How a bot's shop is: every owner is told once when it can sell nothing, and once when it sells again."""

from __future__ import annotations

from datetime import datetime

from lumenpay.bots.health import BotNotice, find_notice
from lumenpay.bots.repository import find_any_bot
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellOwnerOfShop, TellShopHealth
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ids import BotId
from lumenpay.tenants.owners import Way, list_owners


async def note_shop_fault(session: TenantSession, bot: Bot, fault: str, *, now: datetime) -> None:
    """Store what is wrong with the shop of a locked bot, empty for nothing, and have owners told where it is news."""
    if bot.shop_fault == fault:
        return
    bot.shop_fault = fault
    if fault != bot.shop_told_fault:
        key = f"{bot.id}:{fault}"
        await enqueue(session, TellShopHealth(bot.id, fault), now=now, bot_id=BotId(bot.id), dedupe_key=key)


def forget_shop_fault(bot: Bot) -> None:
    """Know of no fault, since the bot has no shop any more: there is nothing to be told of."""
    bot.shop_fault = bot.shop_told_fault = ""


async def request_shop_notices(session: TenantSession, job: TellShopHealth, *, now: datetime) -> None:
    """Have every owner told how a shop is, by mail and by a bot; nothing where it is not so any more, or they know."""
    bot = await find_any_bot(session, job.bot_id, is_locked=True)
    if bot is None or bot.status == BotStatus.DELETED or bot.shop_fault != job.fault:
        return
    if bot.shop_told_fault == job.fault:
        return
    bot.shop_told_fault = job.fault
    for admin_id in await list_owners(session):
        for way in Way:
            await enqueue(
                session, TellOwnerOfShop(bot.id, admin_id, job.fault, way.value), now=now, bot_id=BotId(bot.id),
                dedupe_key=f"{bot.id}:{admin_id}:{way}:{job.fault}",
            )  # fmt: skip


async def load_shop_notice(session: TenantSession, job: TellOwnerOfShop) -> BotNotice | None:
    """Return what an owner is to be told; nothing where other news came after it, or they are no owner any more."""
    notice = await find_notice(session, bot_id=job.bot_id, admin_id=job.admin_id)
    return notice if notice is not None and notice.bot.shop_told_fault == job.fault else None
