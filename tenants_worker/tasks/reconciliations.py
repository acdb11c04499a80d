"""Comparing a shop's list at the gateway with our payments, page by page; and the tick that begins it daily.

No network call is made inside a transaction, and a killed run goes on at the page where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots import service as bots
from lumenpay.bots.errors import ShopNotConnectedError
from lumenpay.bots.repository import find_any_bot
from lumenpay.bots.secrets import ShopSecrets
from lumenpay.db.dispatch import list_due_reconciliations
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ReconcilePayments
from lumenpay.kit.crypto import SealBrokenError
from lumenpay.models.payments import Payment
from lumenpay.models.reconciliations import Reconciliation, ReconciliationStage, ReconciliationStatus
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayNotFoundError,
    GatewayRefusedError,
)
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.reconciliations import service, walking
from lumenpay.reconciliations.rules import Verdict
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.reconciling import walk_run
from tenants_worker.tasks.sweeping import sweep

DUE_LIMIT = 500
_PROBLEMS: Final[dict[type[Exception], str]] = {
    GatewayCredentialsError: "keys_refused",
    GatewayForbiddenError: "forbidden",
    GatewayRefusedError: "refused_by_the_gateway",
    ShopNotConnectedError: "keys_gone",
    SealBrokenError: "keys_do_not_open",
}
"""What ends a run for good; while the gateway is away, the job comes back."""
_ENDLESS = "list_does_not_end"


async def reconcile_payments(ctx: JobContext, job: ReconcilePayments) -> None:
    """Do the next pages of a run; what is left when the time is over goes on in a further job."""
    await walk_run(ctx, job, do_page=_do_page, problems=_PROBLEMS, give_up=_give_up)


async def _do_page(ctx: JobContext, run: Reconciliation) -> None:
    shop = await _open_shop(ctx, run)
    if run.stage == ReconciliationStage.GATEWAY:
        await _do_gateway_page(ctx, run, shop)
    else:
        await _do_own_page(ctx, run, shop)


async def _do_gateway_page(ctx: JobContext, run: Reconciliation, shop: ShopSecrets) -> None:
    page = await ctx.worker.yookassa.read_list(shop, query=walking.write_query(run))
    if page.next_cursor and page.next_cursor == run.cursor:
        raise GatewayRefusedError(_ENDLESS)
    async with ctx.unit() as session:
        pairs = await walking.match_page(session, page.payments)
    for observed, payment in pairs:
        await _act(ctx, run, observed, payment)
    async with ctx.unit() as session:
        await walking.finish_gateway_page(
            session, run, pairs=pairs, listed=len(page.payments) + page.unread_count, next_cursor=page.next_cursor,
            now=ctx.worker.clock.now(),
        )  # fmt: skip


async def _act(ctx: JobContext, run: Reconciliation, observed: GatewayPayment, payment: Payment | None) -> None:
    now = ctx.worker.clock.now()
    if payment is not None and walking.compare(payment, observed).verdict is Verdict.ALIKE:
        return
    async with ctx.unit() as session:
        if payment is None:
            await walking.show_unknown(session, run, observed, now=now)
        else:
            await walking.take_over(session, run, payment_id=payment.id, observed=observed, now=now)


async def _do_own_page(ctx: JobContext, run: Reconciliation, shop: ShopSecrets) -> None:
    async with ctx.unit() as session:
        page, unseen = await walking.list_unseen(session, run)
    alike = await _ask_about(ctx, run, shop, unseen)
    async with ctx.unit() as session:
        await walking.finish_own_page(session, run, page=page, alike=alike, now=ctx.worker.clock.now())


async def _ask_about(
    ctx: JobContext, run: Reconciliation, shop: ShopSecrets, unseen: Sequence[Payment]
) -> list[str]:  # fmt: skip
    """Ask about each payment that the list did not show, by its id; return those in which both sides agree."""
    alike = []
    for payment in unseen:
        gateway_id = payment.provider_payment_id or ""
        try:
            observed = await ctx.worker.yookassa.get_payment(shop, gateway_id)
        except GatewayNotFoundError:
            async with ctx.unit() as session:
                await walking.show_unlisted(session, run, payment_id=payment.id, now=ctx.worker.clock.now())
            continue
        if walking.compare(payment, observed).verdict is Verdict.ALIKE:
            alike.append(gateway_id)
        await _act(ctx, run, observed, payment)
    return alike


async def _open_shop(ctx: JobContext, run: Reconciliation) -> ShopSecrets:
    async with ctx.unit() as session:
        bot = await find_any_bot(session, run.bot_id)
    if bot is None:
        raise ShopNotConnectedError
    return bot_secrets.open_shop_by_id(ctx.worker.ring, bot, run.shop_id)


async def _give_up(ctx: JobContext, run: Reconciliation, error: Exception) -> None:
    now = ctx.worker.clock.now()
    problem = next(text for kind, text in _PROBLEMS.items() if isinstance(error, kind))
    if isinstance(error, GatewayRefusedError) and error.reason == _ENDLESS:
        problem = _ENDLESS
    async with ctx.unit() as session:
        if isinstance(error, GatewayCredentialsError):
            await bots.mark_shop_rejected(session, run.bot_id, shop_id=run.shop_id, now=now)
        await service.close_run(session, run.id, status=ReconciliationStatus.FAILED, problem=problem, now=now)


async def start_due(ctx: WorkerContext, now: datetime) -> None:
    """Start the daily run over every shop whose moment has come; each moment is taken once, whoever sees it."""

    async def start(session: TenantSession, bot_id: UUID) -> None:
        await service.start_daily(session, bot_id, now=now)

    await sweep(ctx, await list_due_reconciliations(ctx.database, now=now, limit=DUE_LIMIT), start)
