"""The platform's own bill: asking Stripe about a tenant, by event or by the clock, and writing to its owners."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.admins.letters import LetterKind
from lumenpay.billing import service
from lumenpay.billing.repository import find_subscription, list_owners
from lumenpay.billing.rules import LIVE
from lumenpay.db.dispatch import list_due_billings
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import CheckBilling, SendBillingLetter
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
