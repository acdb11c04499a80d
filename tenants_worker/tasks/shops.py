"""Shops that can sell nothing: their owners are told, and refused keys are tried again by and by."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.admins.letters import LetterKind
from lumenpay.audit.service import SYSTEM
from lumenpay.bots import service as bots
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.secrets import open_shop
from lumenpay.bots.shop_health import load_shop_notice, request_shop_notices
from lumenpay.bots.shop_words import SHOP_WORDS
from lumenpay.db.dispatch import list_due_shop_checks
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckShop, TellOwnerOfShop, TellShopHealth
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.bots import BotStatus, ShopStatus
from lumenpay.models.ids import BotId, is_drive_tenant
from lumenpay.payments.errors import GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError
from lumenpay.tenants.owners import Way
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling_owners import tell_how_it_is

CHECK_EVERY = timedelta(minutes=30)
CHECK_LIMIT = 200


async def check_due(ctx: WorkerContext, now: datetime) -> None:
    """Have keys that the gateway refused tried again, each twice an hour."""

    async def check(session: TenantSession, bot_id: UUID) -> None:
        await enqueue(session, CheckShop(bot_id), now=now, bot_id=BotId(bot_id), dedupe_key=str(bot_id))

    await sweep(ctx, await list_due_shop_checks(ctx.database, before=now - CHECK_EVERY, limit=CHECK_LIMIT), check)


async def check_shop(ctx: JobContext, job: CheckShop) -> None:
    """Ask the gateway whether it accepts the keys of a rejected shop, which sells again where it does."""
    async with ctx.unit() as session:
        bot = await find_any_bot(session, job.bot_id)
    if bot is None or bot.status == BotStatus.DELETED or bot.shop_status != ShopStatus.REJECTED:
        return
    is_test: bool | None = None
    # The keys of a test drive are good for the sandbox only: they are not shown to the gateway.
    if bot.shop_sealed is not None and not is_drive_tenant(ctx.tenant_id):
        shop = open_shop(ctx.worker.ring, bot)
        try:
            is_test = await ctx.worker.yookassa.check_keys(shop_id=shop.shop_id, secret_key=shop.secret_key)
        except (GatewayCredentialsError, GatewayForbiddenError, GatewayRefusedError):
            is_test = None
    async with ctx.unit() as session:
        await bots.record_shop_check(session, bot, is_test=is_test, actor=SYSTEM, now=ctx.worker.clock.now())


async def tell_shop_health(ctx: JobContext, job: TellShopHealth) -> None:
    """Have every owner told how a shop is."""
    async with ctx.unit() as session:
        await request_shop_notices(session, job, now=ctx.worker.clock.now())


async def tell_owner_of_shop(ctx: JobContext, job: TellOwnerOfShop) -> None:
    """Tell an owner; nothing where other news came after it, or where they cannot be reached this way."""
    async with ctx.unit() as session:
        notice = await load_shop_notice(session, job)
    if notice is None:
        return
    words = SHOP_WORDS[notice.locale][job.fault] if job.fault else None
    await tell_how_it_is(ctx, Way(job.way), notice, words, well=LetterKind.SHOP_WELL, path="settings/shop")
