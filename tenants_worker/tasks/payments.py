"""Opening orders at the gateway, and the tick that asks about them. No network call is made inside a transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.bots import service as bots
from lumenpay.bots.rules import KEYS_REFUSED, PAYMENTS_FORBIDDEN
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_payment_checks
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckPayment, OpenPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import BotId
from lumenpay.models.payments import OPEN_STATUSES, Payment, PaymentStatus
from lumenpay.payments import repository
from lumenpay.payments.checks import NEVER_CREATED
from lumenpay.payments.consents import give_up_saving
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayRefusedError,
    GatewayUnavailableError,
)
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.rules import is_key_usable, next_check_at
from lumenpay.payments.shops import find_shop_to_sell
from lumenpay.payments.terms import FREE
from lumenpay.payments.without_receipt import drop_receipt_of_order, is_about_receipt
from lumenpay.subscriptions.charges import find_obstacle
from lumenpay.subscriptions.settlement import abandon_payment, settle_free_order, settle_payment
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.payment_checks import find_at_gateway
from tenants_worker.tasks.payment_messages import show_link, tell_delay
from tenants_worker.tasks.stars import open_invoice
from tenants_worker.tasks.sweeping import sweep

POLL_LIMIT = 500
_log = get_logger(__name__)


async def open_payment(ctx: JobContext, job: OpenPayment) -> None:
    """Create the payment at the gateway with the stored key and body, and show the payer the link.

    An order whose shop does not sell any more is closed and its payer told: nobody has seen a link of it yet.
    """
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, job.payment_id)
        if payment.provider == FREE:
            await settle_free_order(session, payment_id=payment.id, now=now)
            return
        shop = await find_shop_to_sell(session, payment, ring=ctx.worker.ring)
    if payment.provider == STARS:
        await open_invoice(ctx, payment, now=now)
        return
    if payment.status == PaymentStatus.CREATED:
        if shop is None:
            await _abandon(ctx, payment, reason="shop_does_not_sell", now=now)
            return
        try:
            observed = await _create(ctx, payment, shop, now=now)
        except GatewayUnavailableError:
            await tell_delay(ctx, payment.id)
            raise
        if observed is None:
            return
        async with ctx.unit() as session:
            await settle_payment(session, payment_id=payment.id, observed=observed, now=now)
            await _plan_check(session, payment, now=now)
    await show_link(ctx, job.payment_id)


async def _create(ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime) -> GatewayPayment | None:
    if not is_key_usable(payment.key_first_sent_at, now=now):
        # The gateway would charge again under this key: the order is looked up, or given up.
        found = await find_at_gateway(ctx, payment, shop, now=now)
        if found is None:
            await _abandon(ctx, payment, reason=NEVER_CREATED, now=now)
        return found
    async with ctx.unit() as session:
        payment = await repository.get_payment(session, payment.id, is_locked=True)
        obstacle = await find_obstacle(session, payment) if payment.is_autopay else ""
        if not obstacle and payment.key_first_sent_at is None:
            payment.key_first_sent_at = now
            payment.next_check_at = next_check_at(created_at=now, checks_count=0, now=now)
    if obstacle:
        return await _drop_charge(ctx, payment, shop, obstacle, now=now)
    try:
        return await ctx.worker.yookassa.create_payment(
            shop, body=payment.request_body or {}, idempotence_key=payment.idempotence_key
        )
    except (GatewayCredentialsError, GatewayForbiddenError) as error:
        is_forbidden = isinstance(error, GatewayForbiddenError)
        if is_forbidden and (payment.saves_method or payment.is_autopay):
            return await _go_without_saving(ctx, payment, shop, now=now)
        # Of a shop that may make no payments at all, its sales stop as well: every buyer would meet the refusal.
        fault = PAYMENTS_FORBIDDEN if is_forbidden else KEYS_REFUSED
        async with ctx.unit() as session:
            await bots.mark_shop_rejected(session, payment.bot_id, shop_id=payment.shop_id, fault=fault, now=now)
        await _abandon(ctx, payment, reason="shop_rejected", now=now)
    except GatewayRefusedError as error:
        return await _go_on_after_refusal(ctx, payment, shop, error, now=now)
    return None


async def _go_on_after_refusal(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, error: GatewayRefusedError, *, now: datetime
) -> GatewayPayment | None:
    """Send an order again without what the gateway refused of it, or close it."""
    if payment.saves_method and error.parameter == "save_payment_method":
        return await _go_without_saving(ctx, payment, shop, now=now)
    if is_about_receipt(error, payment.request_body):
        return await _go_without_receipt(ctx, payment, shop, error, now=now)
    is_method_unknown = payment.is_autopay and error.parameter == "payment_method_id"
    _log.warning("payment_refused", payment_id=str(payment.id), reason=error.reason, parameter=error.parameter)
    reason = "method_unknown" if is_method_unknown else f"refused:{error.reason}"[:64]
    await _abandon(ctx, payment, reason=reason, now=now)
    return None


async def _drop_charge(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, obstacle: str, *, now: datetime
) -> GatewayPayment | None:
    """A charge that was never sent is closed; of one that may have been, only its outcome is looked for."""
    if payment.key_first_sent_at is not None:
        return await find_at_gateway(ctx, payment, shop, now=now)
    await _abandon(ctx, payment, reason=obstacle, now=now)
    return None


async def _go_without_saving(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, *, now: datetime
) -> GatewayPayment | None:
    """The shop may not do it: an order of a person is paid by an ordinary link, a charge is given up."""
    async with ctx.unit() as session:
        await bots.mark_recurring_refused(session, payment.bot_id, shop_id=payment.shop_id, now=now)
    if payment.is_autopay:
        await _abandon(ctx, payment, reason="shop_without_recurring", now=now)
        return None
    async with ctx.unit() as session:
        await give_up_saving(session, payment)
    async with ctx.unit() as session:
        fresh = await repository.get_payment(session, payment.id)
    if fresh.status != PaymentStatus.CREATED or fresh.saves_method:
        return None
    return await _create(ctx, fresh, shop, now=now)


async def _go_without_receipt(
    ctx: JobContext, payment: Payment, shop: ShopSecrets, error: GatewayRefusedError, *, now: datetime
) -> GatewayPayment | None:
    """A receipt that the gateway does not take keeps nobody from paying: it is caught up on after the payment."""
    _log.warning("receipt_refused", payment_id=str(payment.id), reason=error.reason, parameter=error.parameter)
    async with ctx.unit() as session:
        await drop_receipt_of_order(session, payment, error=error, now=now)
    async with ctx.unit() as session:
        fresh = await repository.get_payment(session, payment.id)
    if fresh.status != PaymentStatus.CREATED or "receipt" in (fresh.request_body or {}):
        return None
    return await _create(ctx, fresh, shop, now=now)


async def _abandon(ctx: JobContext, payment: Payment, *, reason: str, now: datetime) -> None:
    async with ctx.unit() as session:
        await abandon_payment(session, payment_id=payment.id, reason=reason, now=now)


async def _plan_check(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    fresh = await repository.get_payment(session, payment.id)
    if fresh.status in OPEN_STATUSES:
        fresh.next_check_at = next_check_at(created_at=fresh.created_at, checks_count=fresh.checks_count, now=now)


async def poll_due(ctx: WorkerContext, now: datetime) -> None:
    """Have the gateway asked about payments for which no notice came. Notices only make it faster."""

    async def ask(session: TenantSession, payment_id: UUID) -> None:
        payment = await repository.get_payment(session, payment_id, is_locked=True)
        if payment.next_check_at is None or payment.next_check_at > now:
            return
        payment.checks_count += 1
        payment.next_check_at = next_check_at(created_at=payment.created_at, checks_count=payment.checks_count, now=now)
        payload, key = CheckPayment(payment.id), str(payment.id)
        await enqueue(session, payload, now=now, bot_id=BotId(payment.bot_id), dedupe_key=key)

    await sweep(ctx, await list_due_payment_checks(ctx.database, now=now, limit=POLL_LIMIT), ask)
