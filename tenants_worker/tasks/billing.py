"""The platform's own bill: asking Stripe about a tenant, by event or by the clock, and writing to its owners."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.admins.letters import LetterKind
from lumenpay.billing import refunds, service
from lumenpay.billing.errors import StripeRefusedError
from lumenpay.billing.refund_rules import RefundState
from lumenpay.billing.repository import find_subscription, list_owners
from lumenpay.billing.rules import LIVE
from lumenpay.db.dispatch import list_due_billings
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckBilling, RefundPlatformInvoice, SendBillingLetter
from lumenpay.letters.rendering import render_letter
from lumenpay.tenants.owners import Way
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling_owners import tell_owner_by

DUE_LIMIT = 500


async def check_billing(ctx: JobContext, _job: CheckBilling) -> None:
    """Fetch what the tenant's customer has and owes at Stripe, and store it with what follows."""
    gateway, asked_at = ctx.worker.stripe, ctx.worker.clock.now()
    async with ctx.unit() as session:
        row = await find_subscription(session)
    if gateway is None or row is None or row.stripe_customer_id is None:
        return
    seen, unpaid_since_at = await gateway.find_subscription(row.stripe_customer_id), None
    if seen is not None and seen.status in LIVE:
        unpaid_since_at = await gateway.find_debt(row.stripe_customer_id, seen.id)
    async with ctx.unit() as session:
        await service.store_seen(
            session, seen, unpaid_since_at=unpaid_since_at, asked_at=asked_at, now=ctx.worker.clock.now()
        )
        looked_at = [(row.id, row.stripe_refund_id) for row in await refunds.list_looked_at(session, now=asked_at)]
    for refund_id, stripe_refund_id in looked_at:
        found = await gateway.find_refund(stripe_refund_id or "")
        async with ctx.unit() as session:
            await refunds.store_refund_seen(session, refund_id, found, now=ctx.worker.clock.now())


async def refund_invoice(ctx: JobContext, job: RefundPlatformInvoice) -> None:
    """Have Stripe give money of an invoice back, with a key that makes a repeated call the same; keep what it says."""
    gateway = ctx.worker.stripe
    async with ctx.unit() as session:
        row = await refunds.find_refund(session, job.refund_id)
    if gateway is None or row is None or refunds.state_of(row) is not RefundState.ASKED:
        return
    try:
        seen = await gateway.refund(
            row.id, payment_intent_id=row.stripe_payment_intent_id, amount_minor=row.amount_minor
        )
    except StripeRefusedError as error:
        async with ctx.unit() as session:
            failure = error.fields.get("stripe", error.code)
            await refunds.store_refusal(session, row.id, failure, now=ctx.worker.clock.now())
        return
    async with ctx.unit() as session:
        await refunds.store_refund_seen(session, row.id, seen, now=ctx.worker.clock.now())


async def send_letter(ctx: JobContext, job: SendBillingLetter) -> None:
    """Write to one owner; nothing where it is not so any more, or where they are no owner any more."""
    async with ctx.unit() as session:
        owner = next((one for one in await list_owners(session) if one.id == job.admin_id), None)
        is_still_so, tenant = await service.is_still_so(session, job.notice), await get_own_tenant(session)
    if owner is None or owner.email is None or not is_still_so:
        return
    link = f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/settings/billing"
    text = render_letter(LetterKind(job.notice), locale=owner.locale, tenant=tenant.name, link=link)
    await tell_owner_by(ctx, Way.MAIL, text, user=None, address=owner.email)


async def look_due(ctx: WorkerContext, now: datetime) -> None:
    """Have Stripe asked about every tenant whose moment has come, so that a lost event costs nothing."""

    async def look(session: TenantSession, row_id: UUID) -> None:
        await service.look_again(session, row_id, is_billed=ctx.stripe is not None, now=now)

    await sweep(ctx, await list_due_billings(ctx.database, now=now, limit=DUE_LIMIT), look)
