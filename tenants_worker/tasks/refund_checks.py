"""Refunds that somebody else told us of, or that nobody did: fetched with the shop's keys, then settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import update

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import BotNotFoundError, ShopNotConnectedError
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_refund_sweeps
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SweepRefunds
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.logs import get_logger
from lumenpay.models.bots import Bot, BotStatus, ShopStatus
from lumenpay.models.ids import BotId
from lumenpay.models.inbox import PaymentNotice
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.payments import repository as payments
from lumenpay.payments.errors import GatewayCredentialsError, GatewayForbiddenError, GatewayNotFoundError
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.payments.shops import open_shop_of
from lumenpay.payments.terms import YOOKASSA
from lumenpay.refunds import repository
from lumenpay.refunds.settlement import settle_refund
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.noticed import NOT_OURS, settle_noticed, write_moment
from tenants_worker.tasks.sweeping import sweep

SWEEP_EVERY = timedelta(hours=1)
SWEEP_LIMIT = 500
_log = get_logger(__name__)
_OVERLAP = timedelta(hours=1)
"""The gateway's clock need not agree with ours, and a refund may show in its list a little after it was made."""


async def look_into(ctx: JobContext, shop: ShopSecrets, refund_id: str, *, now: datetime) -> str:
    """Fetch a refund with a shop's keys and settle what the gateway says of it; return what came of it."""
    observed = await ctx.worker.yookassa.get_refund(shop, refund_id)
    return await settle_observed(ctx, shop, observed, now=now)


async def settle_observed(ctx: JobContext, shop: ShopSecrets, observed: GatewayRefund, *, now: datetime) -> str:
    """Settle what the gateway said of a refund, and of its payment before, where that is not settled yet."""
    async with ctx.unit() as session:
        payment = await _find_payment(session, observed)
    if payment is None or payment.status != PaymentStatus.SUCCEEDED:
        try:
            of_payment = await ctx.worker.yookassa.get_payment(shop, observed.payment_id)
        except GatewayNotFoundError:
            return NOT_OURS
        async with ctx.unit() as session:
            await settle_noticed(session, of_payment, now=now)
            payment = await _find_payment(session, observed)
    if payment is None:
        return NOT_OURS
    async with ctx.unit() as session:
        outcome = await settle_refund(
            session, payment_id=payment.id, observed=observed, asked_shop_id=shop.shop_id, now=now
        )
    return str(outcome)


async def open_shop_of_notice(ctx: JobContext, session: TenantSession, notice: PaymentNotice) -> ShopSecrets:
    """Return the keys to ask with about a refund that a notice names.

    The body is not believed: it only says which shop of the bot is asked, this one or one before it.

    Raises:
        ShopNotConnectedError: There are none.
        BotNotFoundError: The bot was deleted.
    """
    known = await repository.find_by_provider_id(session, notice.object_id)
    payment = await repository.get_payment_of(session, known) if known is not None else None
    if payment is None and (named := _read_payment_id(notice.body)):
        payment = await payments.find_by_provider_id(session, provider=YOOKASSA, provider_payment_id=named)
    if payment is not None and payment.bot_id == notice.bot_id:
        return await open_shop_of(session, payment, ring=ctx.worker.ring)
    return bot_secrets.open_shop(ctx.worker.ring, await bots.get_bot(session, notice.bot_id))


async def sweep_due(ctx: WorkerContext, now: datetime) -> None:
    """Have every shop asked, once an hour, for refunds that nobody told us of."""

    async def ask(session: TenantSession, bot_id: UUID) -> None:
        await enqueue(session, SweepRefunds(bot_id), now=now, bot_id=BotId(bot_id), dedupe_key=str(bot_id))

    await sweep(ctx, await list_due_refund_sweeps(ctx.database, before=now - SWEEP_EVERY, limit=SWEEP_LIMIT), ask)


async def sweep_refunds(ctx: JobContext, job: SweepRefunds) -> None:
    """Go through the refunds of a bot's shop since the last time, and settle those that are not known here."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        bot = await find_any_bot(session, job.bot_id)
        if bot is None or bot.status == BotStatus.DELETED or bot.shop_status != ShopStatus.ACTIVE:
            return
        try:
            shop = bot_secrets.open_shop(ctx.worker.ring, bot)
        except (ShopNotConnectedError, BotNotFoundError):
            return
    query = {"created_at.gte": write_moment(bot.refunds_swept_at - _OVERLAP), "limit": "100"}
    try:
        while True:
            page, cursor = await ctx.worker.yookassa.list_refunds(shop, query=query)
            await _settle_unknown(ctx, shop, page, now=now)
            if not cursor:
                break
            query["cursor"] = cursor
    except GatewayForbiddenError:
        # It may not look at refunds, or at their payments: it sells on, and is asked again in an hour.
        _log.info("refunds_not_swept", bot_id=str(job.bot_id))
        return
    except GatewayCredentialsError:
        async with ctx.unit() as session:
            await bots.mark_shop_rejected(session, job.bot_id, shop_id=shop.shop_id, now=now)
        return
    async with ctx.unit() as session:
        await session.execute(
            update(Bot)
            .where(Bot.tenant_id == ctx.tenant_id, Bot.id == job.bot_id, Bot.refunds_swept_at < now)
            .values(refunds_swept_at=now)
        )


async def _settle_unknown(ctx: JobContext, shop: ShopSecrets, page: list[GatewayRefund], *, now: datetime) -> None:
    async with ctx.unit() as session:
        known = await repository.list_known(session, [refund.id for refund in page])
    for observed in page:
        if observed.id not in known:
            await settle_observed(ctx, shop, observed, now=now)


async def _find_payment(session: TenantSession, observed: GatewayRefund) -> Payment | None:
    return await payments.find_by_provider_id(session, provider=YOOKASSA, provider_payment_id=observed.payment_id)


def _read_payment_id(body: bytes) -> str:
    try:
        named = orjson.loads(body)["object"]["payment_id"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    is_id = isinstance(named, str) and named.isascii() and named.isprintable()
    return named[:64] if is_id else ""
