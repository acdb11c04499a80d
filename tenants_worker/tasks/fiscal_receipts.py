"""Following fiscal receipts: one that failed is sent once more, one that is pending is asked about.

No network call is made inside a transaction, and nothing here keeps anybody's access waiting.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_fiscal_receipts
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts import repository
from lumenpay.fiscal_receipts.following import REGISTRATIONS, note_paid, note_refunded, record_observed, take_due_step
from lumenpay.jobs.catalogue import FollowReceipt
from lumenpay.kit.logs import get_logger
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptState
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import Refund
from lumenpay.payments import checks
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayNotFoundError,
    GatewayRefusedError,
)
from lumenpay.payments.providers.protocol import GatewayReceipt
from lumenpay.payments.repository import get_payment
from lumenpay.payments.rules import is_key_usable
from lumenpay.payments.shops import open_shop_of
from lumenpay.refunds.repository import get_refund
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep

POLL_LIMIT = 500
_log = get_logger(__name__)


async def follow_receipt(ctx: JobContext, job: FollowReceipt) -> None:
    """Have a pending receipt sent, with the stored key and body, or ask the gateway how far it is; keep its answer."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        receipt = await repository.get_receipt(session, job.receipt_id)
        if receipt.state != ReceiptState.PENDING:
            return
        payment = await get_payment(session, receipt.payment_id)
        refund = None if receipt.refund_id is None else await get_refund(session, receipt.refund_id)
        try:
            shop = await open_shop_of(session, payment, ring=ctx.worker.ring)
        except ShopNotConnectedError:
            await _fail(session, receipt, checks.KEYS_GONE, now=now)
            return
    if receipt.idempotence_key is None:
        await _ask_along(ctx, shop, payment, refund, now=now)
        return
    try:
        observed = await _send_or_ask(ctx, shop, receipt, now=now)
        failure = "" if observed is not None else checks.NEVER_CREATED
    except (GatewayCredentialsError, GatewayForbiddenError):
        # Wrong keys, or a shop that sends no receipts through the gateway.
        observed, failure = None, checks.KEYS_REFUSED
    except GatewayNotFoundError:
        observed, failure = None, checks.UNKNOWN_TO_GATEWAY
    except GatewayRefusedError as error:
        observed, failure = None, f"refused:{error.reason} {error.parameter}".strip()
    async with ctx.unit() as session:
        if observed is None:
            await _fail(session, receipt, failure, now=now)
        else:
            state, own_id = REGISTRATIONS[observed.status], observed.id
            await record_observed(session, receipt, state=state, provider_receipt_id=own_id, now=now)


async def _ask_along(
    ctx: JobContext, shop: ShopSecrets, payment: Payment, refund: Refund | None, *, now: datetime
) -> None:
    """Ask how far the receipt is that went along with its payment or refund; where nobody may, it is asked again."""
    try:
        if refund is None:
            of_payment = await ctx.worker.yookassa.get_payment(shop, payment.provider_payment_id or "")
        else:
            of_refund = await ctx.worker.yookassa.get_refund(shop, refund.provider_refund_id or "")
    except (GatewayCredentialsError, GatewayForbiddenError, GatewayNotFoundError, GatewayRefusedError) as error:
        _log.warning("receipt_not_asked_about", payment_id=str(payment.id), error=type(error).__name__)
        return
    if refund is None:
        async with ctx.unit() as session:
            fresh = await get_payment(session, payment.id, is_locked=True)
            await note_paid(session, fresh, registration=of_payment.receipt_registration, now=now)
        return
    async with ctx.unit() as session:
        fresh = await get_payment(session, payment.id, is_locked=True)
        own = await get_refund(session, refund.id, is_locked=True)
        await note_refunded(session, fresh, own, registration=of_refund.receipt_registration, now=now)


async def _send_or_ask(
    ctx: JobContext, shop: ShopSecrets, receipt: FiscalReceipt, *, now: datetime
) -> GatewayReceipt | None:
    if receipt.provider_receipt_id is not None:
        return await ctx.worker.yookassa.get_receipt(shop, receipt.provider_receipt_id)
    is_fresh = receipt.key_first_sent_at is None
    if is_fresh or not is_key_usable(receipt.key_first_sent_at, now=now):
        # Before anything is sent: somebody may have registered it by hand. Afterwards, once the gateway has forgotten
        # the key and would make another receipt under it: an earlier call may have made one.
        found = await _find_at_gateway(ctx, shop, receipt)
        if found is not None or not is_fresh:
            return found
    async with ctx.unit() as session:
        await session.execute(
            update(FiscalReceipt)
            .where(
                FiscalReceipt.tenant_id == ctx.tenant_id, FiscalReceipt.id == receipt.id,
                FiscalReceipt.key_first_sent_at.is_(None),
            )
            .values(key_first_sent_at=now)
        )  # fmt: skip
    return await ctx.worker.yookassa.create_receipt(
        shop, body=receipt.request_body or {}, idempotence_key=receipt.idempotence_key or ""
    )


async def _find_at_gateway(ctx: JobContext, shop: ShopSecrets, receipt: FiscalReceipt) -> GatewayReceipt | None:
    """Return a receipt that the gateway has for the same payment or refund, and that did not fail."""
    name = f"{receipt.kind}_id"
    listed = await ctx.worker.yookassa.list_receipts(
        shop, query={name: str((receipt.request_body or {}).get(name, ""))}
    )
    good = [found for found in listed if found.kind == receipt.kind and found.status != "canceled"]
    return next((found for found in good if found.status == "succeeded"), good[0] if good else None)


async def _fail(session: TenantSession, receipt: FiscalReceipt, failure: str, *, now: datetime) -> None:
    await record_observed(session, receipt, state=ReceiptState.FAILED, failure=failure, now=now)


async def step_due(ctx: WorkerContext, now: datetime) -> None:
    """Have pending receipts asked about, and failed ones tried again, whose moment has come."""

    async def step(session: TenantSession, receipt_id: UUID) -> None:
        await take_due_step(session, receipt_id, now=now)

    await sweep(ctx, await list_due_fiscal_receipts(ctx.database, now=now, limit=POLL_LIMIT), step)
