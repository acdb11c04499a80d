"""Outgoing webhooks: one try of a delivery, and letters to owners when an endpoint was given up."""

from __future__ import annotations

import random
from collections import Counter
from uuid import UUID

from lumenpay.admins.letters import LetterKind
from lumenpay.errors import NotFoundError
from lumenpay.jobs.catalogue import SendWebhook, TellWebhookDisabled
from lumenpay.jobs.errors import JobPostponed
from lumenpay.letters.rendering import render_letter
from lumenpay.tenants.owners import Way, find_owner
from lumenpay.webhooks.delivering import begin_attempt, finish_attempt
from lumenpay.webhooks.repository import get_endpoint
from tenants_worker.context import JobContext
from tenants_worker.tasks.telling_owners import tell_owner_by

AT_ONCE = 3
"""Calls of one tenant at the same time in a process: endpoints that hang must leave room for the other work."""
_BUSY_SECONDS = 1.0
_calling: Counter[UUID] = Counter()


async def send_webhook(ctx: JobContext, job: SendWebhook) -> None:
    """Tell an endpoint of an event, once; a failure is stored with the moment of the next try."""
    if _calling[ctx.tenant_id] >= AT_ONCE:
        raise JobPostponed("the tenant's endpoints are busy", retry_after_seconds=_BUSY_SECONDS)
    _calling[ctx.tenant_id] += 1
    try:
        await _send(ctx, job.delivery_id)
    finally:
        _calling[ctx.tenant_id] -= 1
        if not _calling[ctx.tenant_id]:
            del _calling[ctx.tenant_id]


async def _send(ctx: JobContext, delivery_id: UUID) -> None:
    clock = ctx.worker.clock
    async with ctx.unit() as session:
        call = await begin_attempt(session, delivery_id, ring=ctx.worker.ring, now=clock.now())
    if call is None:
        return
    outcome = await ctx.worker.webhooks.post(call.url, body=call.body, headers=call.headers)
    jitter = random.random()  # noqa: S311 - spreads retries
    async with ctx.unit() as session:
        await finish_attempt(session, delivery_id, outcome, attempt=call.attempt, jitter=jitter, now=clock.now())


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
