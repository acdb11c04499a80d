"""Giving money back: the refund is made at the gateway once, followed until it is over, and its payer told.

No network call is made inside a transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from lumenpay.bots import service as bots
from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_refund_checks
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import MakeRefund, TellRefunded
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.logs import get_logger
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_money, format_until
from lumenpay.messages.service import render
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import OPEN_REFUNDS, Refund, RefundStatus
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.payments import checks
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayNotFoundError,
    GatewayRefusedError,
)
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.rules import is_key_usable
from lumenpay.payments.shops import open_shop_of
from lumenpay.payments.without_receipt import drop_receipt_of_refund, is_about_receipt
from lumenpay.plans.repository import get_plan
from lumenpay.refunds import repository
from lumenpay.refunds.rules import next_check_at
from lumenpay.refunds.settlement import cancel_refund
from lumenpay.subscriptions.repository import find_of_plan
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.noticed import write_moment
from tenants_worker.tasks.refund_checks import settle_observed
from tenants_worker.tasks.stars import make_star_refund
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

POLL_LIMIT = 500
_log = get_logger(__name__)


async def make_refund(ctx: JobContext, job: MakeRefund) -> None:
    """Have the gateway give the money back with the stored key and body, or ask how far it got; settle its answer."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        refund = await repository.get_refund(session, job.refund_id)
        payment = await repository.get_payment_of(session, refund)
        if refund.status not in OPEN_REFUNDS:
            return
    if payment.provider == STARS:
        await make_star_refund(ctx, refund, payment, now=now)
        return
    async with ctx.unit() as session:
        try:
            shop = await open_shop_of(session, payment, ring=ctx.worker.ring)
        except ShopNotConnectedError:
            (await repository.get_refund(session, refund.id)).check_result = checks.KEYS_GONE
            return
    try:
        observed = await _ask(ctx, refund, shop, now=now)
        if observed is not None:
            await settle_observed(ctx, shop, observed, now=now)
    except GatewayCredentialsError:
        # An earlier call may have worked: the refund stays open until better keys, or the gateway's list, tell.
        async with ctx.unit() as session:
            await bots.mark_shop_rejected(session, payment.bot_id, shop_id=payment.shop_id, now=now)
        await _note(ctx, refund, checks.KEYS_REFUSED)
    except GatewayForbiddenError:
        # The shop sells on: it may only not look at refunds, and whether this one was made shows when it may.
        await _note(ctx, refund, checks.FORBIDDEN)


async def _ask(ctx: JobContext, refund: Refund, shop: ShopSecrets, *, now: datetime) -> GatewayRefund | None:
    if refund.provider_refund_id is not None:
        try:
            return await ctx.worker.yookassa.get_refund(shop, refund.provider_refund_id)
        except (GatewayNotFoundError, GatewayRefusedError):
            await _note(ctx, refund, checks.UNKNOWN_TO_GATEWAY)
            return None
    if not is_key_usable(refund.key_first_sent_at, now=now):
        # The gateway would give the money back once more under this key: the refund is looked up, or given up.
        found = await _find_at_gateway(ctx, refund, shop)
        if found is None:
            await _cancel(ctx, refund, reason=checks.NEVER_CREATED, now=now)
        return found
    return await _create(ctx, refund, shop, now=now)


async def _create(ctx: JobContext, refund: Refund, shop: ShopSecrets, *, now: datetime) -> GatewayRefund | None:
    async with ctx.unit() as session:
        await session.execute(
            update(Refund)
            .where(Refund.tenant_id == ctx.tenant_id, Refund.id == refund.id, Refund.key_first_sent_at.is_(None))
            .values(key_first_sent_at=now)
        )
    try:
        return await ctx.worker.yookassa.create_refund(
            shop, body=refund.request_body or {}, idempotence_key=refund.idempotence_key or ""
        )
    except (GatewayRefusedError, GatewayNotFoundError, GatewayForbiddenError) as error:
        if isinstance(error, GatewayRefusedError) and is_about_receipt(error, refund.request_body):
            return await _go_without_receipt(ctx, refund, shop, error, now=now)
        reason = f"refused:{error.reason}" if isinstance(error, GatewayRefusedError) else "refused:not_found"
        if isinstance(error, GatewayForbiddenError):
            reason = checks.FORBIDDEN
        _log.warning("refund_refused", refund_id=str(refund.id), reason=reason)
        # The same key and body would have given the refund itself if an earlier call had made one.
        await _cancel(ctx, refund, reason=reason, now=now)
    return None


async def _go_without_receipt(
    ctx: JobContext, refund: Refund, shop: ShopSecrets, error: GatewayRefusedError, *, now: datetime
) -> GatewayRefund | None:
    """A receipt that the gateway does not take keeps no money from going back."""
    async with ctx.unit() as session:
        payment = await repository.get_payment_of(session, refund)
        await drop_receipt_of_refund(session, payment, refund, error=error, now=now)
    async with ctx.unit() as session:
        fresh = await repository.get_refund(session, refund.id)
    if fresh.status != RefundStatus.CREATED or "receipt" in (fresh.request_body or {}):
        return None
    return await _create(ctx, fresh, shop, now=now)


async def _find_at_gateway(ctx: JobContext, refund: Refund, shop: ShopSecrets) -> GatewayRefund | None:
    """Return the gateway's refund that names this one, from the list of its payment; the key is not sent."""
    query = {
        "payment_id": str((refund.request_body or {}).get("payment_id", "")),
        "created_at.gte": write_moment(refund.created_at - timedelta(minutes=5)), "limit": "100",
    }  # fmt: skip
    while True:
        page, cursor = await ctx.worker.yookassa.list_refunds(shop, query=query)
        for item in page:
            if item.metadata.get("refund_id") == str(refund.id):
                return item
        if not cursor:
            return None
        query["cursor"] = cursor


async def _cancel(ctx: JobContext, refund: Refund, *, reason: str, now: datetime) -> None:
    async with ctx.unit() as session:
        await cancel_refund(session, refund_id=refund.id, reason=reason, now=now)


async def _note(ctx: JobContext, refund: Refund, result: str) -> None:
    async with ctx.unit() as session:
        (await repository.get_refund(session, refund.id, is_locked=True)).check_result = result


async def poll_due(ctx: WorkerContext, now: datetime) -> None:
    """Have the gateway asked about refunds that are on their way. Notices only make it faster."""

    async def ask(session: TenantSession, refund_id: UUID) -> None:
        refund = await repository.get_refund(session, refund_id, is_locked=True)
        if refund.next_check_at is None or refund.next_check_at > now:
            return
        payment = await repository.get_payment_of(session, refund)
        refund.checks_count += 1
        refund.next_check_at = next_check_at(created_at=refund.created_at, now=now)
        bot_id = BotId(payment.bot_id)
        await enqueue(session, MakeRefund(refund.id), now=now, bot_id=bot_id, dedupe_key=str(refund.id))

    await sweep(ctx, await list_due_refund_checks(ctx.database, now=now, limit=POLL_LIMIT), ask)


async def tell_refunded(ctx: JobContext, job: TellRefunded) -> None:
    """Tell the payer that money went back, and until when access is open; said once."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        refund = await repository.get_refund(session, job.refund_id)
        payment = await repository.get_payment_of(session, refund)
        if refund.status != RefundStatus.SUCCEEDED or refund.told_at is not None:
            return
        user = await get_user(session, payment.user_id)
        html = await _write(session, payment, refund, locale=user.locale, now=now)
    await tell_user(ctx, user=user, html=html, is_owed=True)
    async with ctx.unit() as session:
        (await repository.get_refund(session, job.refund_id, is_locked=True)).told_at = now


async def _write(session: TenantSession, payment: Payment, refund: Refund, *, locale: str, now: datetime) -> str:
    plan, tenant = await get_plan(session, payment.plan_id), await get_own_tenant(session)
    subscription = await find_of_plan(session, user_id=payment.user_id, plan_id=payment.plan_id)
    is_open = subscription is not None and subscription.status == SubscriptionStatus.ACTIVE
    ends_at = subscription.ends_at if subscription is not None else now
    variables = {
        "plan": plan.title,
        "amount": format_money(refund.amount_minor, refund.currency, locale=locale),
        "paid_until": format_until(ends_at, time_zone=tenant.time_zone, locale=locale),
    }
    key = MessageKey.REFUNDED if is_open else MessageKey.REFUNDED_CLOSED
    if payment.is_gift:
        key = MessageKey.GIFT_REFUNDED
    return await render(session, bot_id=payment.bot_id, key=key, locale=locale, variables=variables)
