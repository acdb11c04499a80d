"""Outgoing webhooks: one try of a delivery, and letters to owners when an endpoint was given up."""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID

from lumenpay.admins.letters import LetterKind
from lumenpay.db.session import TenantSession
from lumenpay.db.webhook_dispatch import list_lost_deliveries
from lumenpay.errors import NotFoundError
from lumenpay.jobs.catalogue import SendWebhook, TellWebhookDisabled
from lumenpay.jobs.errors import JobPostponed
from lumenpay.letters.rendering import render_letter
from lumenpay.tenants.owners import Way, find_owner
from lumenpay.webhooks.delivering import begin_attempt, find_rest, finish_attempt
from lumenpay.webhooks.lost import settle_lost
from lumenpay.webhooks.repository import get_endpoint
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling_owners import tell_owner_by

DUE_LIMIT = 200


async def send_webhook(ctx: JobContext, job: SendWebhook) -> None:
    """Tell an endpoint of an event, once; a failure is stored with the moment of the next try."""
    clock = ctx.worker.clock
    async with ctx.unit() as session:
        now = clock.now()
        rest = await find_rest(session, job.delivery_id, now=now)
        call = None if rest else await begin_attempt(session, job.delivery_id, ring=ctx.worker.ring, now=now)
    if rest is not None:
        raise JobPostponed("the endpoint asked for rest", retry_after_seconds=(rest - now).total_seconds())
    if call is None:
        return
    outcome = await ctx.worker.webhooks.post(call.url, body=call.body, headers=call.headers)
    jitter = random.random()  # noqa: S311 - spreads retries
    async with ctx.unit() as session:
        await finish_attempt(session, job.delivery_id, outcome, attempt=call.attempt, jitter=jitter, now=clock.now())


async def settle_lost_deliveries(ctx: WorkerContext, now: datetime) -> None:
    """Look after deliveries that wait for a job which is dead or gone."""

    async def settle(session: TenantSession, delivery_id: UUID) -> None:
        await settle_lost(session, delivery_id, now=now)

    await sweep(ctx, await list_lost_deliveries(ctx.database, now=now, limit=DUE_LIMIT), settle)


async def tell_webhook_disabled(ctx: JobContext, job: TellWebhookDisabled) -> None:
    """Write to one owner that an endpoint was given up; nothing where it is on again or gone, or they are no owner."""
    async with ctx.unit() as session:
        owner = await find_owner(session, job.admin_id)
        try:
            endpoint = await get_endpoint(session, job.endpoint_id)
        except NotFoundError:
            return
    if owner is None or owner.email is None or endpoint.disabled_because is None:
        return
    link = f"{ctx.worker.settings.public_url}/t/{ctx.tenant_id}/settings/api"
    text = render_letter(LetterKind.WEBHOOK_DISABLED, locale=owner.locale, url=endpoint.url, link=link)
    await tell_owner_by(ctx, Way.MAIL, text, user=None, address=owner.email)
