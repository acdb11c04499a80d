"""Deliveries that wait for a job which is dead or gone: set aside where somebody can see them, or made after all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.jobs.outbox import enqueue
from lumenpay.jobs.repository import has_job
from lumenpay.models.jobs import JobStatus
from lumenpay.models.webhooks import WebhookDeliveryStatus
from lumenpay.webhooks import repository
from lumenpay.webhooks.rules import NOT_MADE


async def settle_lost(session: TenantSession, delivery_id: UUID, *, now: datetime) -> None:
    """Leave a delivery either with a job that will make it, or dead, to be replayed. Safe to repeat.

    Dead it is where its job is: that was tried many times, and what is wrong is here and not at the endpoint.
    """
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None or found[0].status != WebhookDeliveryStatus.WAITING:
        return
    delivery, key = found[0], str(delivery_id)
    if await has_job(session, SendWebhook, dedupe_key=key, status=JobStatus.READY):
        return
    if await has_job(session, SendWebhook, dedupe_key=key, status=JobStatus.DEAD):
        delivery.status, delivery.failure, delivery.next_attempt_at = WebhookDeliveryStatus.DEAD, NOT_MADE, None
        await session.flush()
        return
    await enqueue(session, SendWebhook(delivery_id), now=now, target_id=delivery.endpoint_id, dedupe_key=key)
