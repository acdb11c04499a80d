"""One try of a delivery: what is sent is read in one transaction, the call is made, its outcome stored in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendWebhook, TellWebhookDisabled
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.webhooks import WebhookDelivery, WebhookDeliveryStatus, WebhookDisabledBecause, WebhookEndpoint
from lumenpay.tenants.owners import list_owners
from lumenpay.webhooks import repository
from lumenpay.webhooks.rules import GONE, decide_next_attempt, is_given_up, is_taken
from lumenpay.webhooks.secrets import open_secrets, sign
from lumenpay.webhooks.sending import Outcome


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent where, the how manieth time."""

    url: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    attempt: int


async def begin_attempt(session: TenantSession, delivery_id: UUID, *, ring: KeyRing, now: datetime) -> Call | None:
    """Return what is to be sent, signed as of now; nothing when the delivery does not wait any more.

    Raises:
        SealBrokenError: The endpoint's secret does not open.
    """
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None or found[0].status != WebhookDeliveryStatus.WAITING:
        return None
    delivery, event = found
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id)
    if endpoint.disabled_because is not None:
        delivery.status, delivery.failure, delivery.next_attempt_at = WebhookDeliveryStatus.DEAD, "disabled", None
        return None
    delivery.attempts, delivery.last_attempt_at = delivery.attempts + 1, now
    signature = sign(open_secrets(ring, endpoint, now=now), event_id=event.id, body=event.body, now=now)
    headers = {"content-type": "application/json", "user-agent": "LumenPay-Webhooks/1", **signature}
    return Call(endpoint.url, event.body, headers, delivery.attempts)


async def finish_attempt(
    session: TenantSession, delivery_id: UUID, outcome: Outcome, *, attempt: int, jitter: float, now: datetime
) -> None:
    """Store what a try came to, and what follows: another one, or none and a switched off endpoint. Safe to repeat."""
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None or found[0].status != WebhookDeliveryStatus.WAITING:
        return
    delivery, _ = found
    has_worked = is_taken(outcome.status)
    if delivery.attempts != attempt and not has_worked:
        # Another worker has begun the next try meanwhile: what follows is its to say.
        return
    delivery.response_status, delivery.response_excerpt = outcome.status, outcome.excerpt
    delivery.duration_ms, delivery.next_attempt_at = outcome.duration_ms, None
    delivery.failure = "" if has_worked else outcome.failure or "status"
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id, is_locked=True)
    if has_worked:
        delivery.status, endpoint.failing_since_at = WebhookDeliveryStatus.DELIVERED, None
        return
    await _follow_failure(session, delivery, endpoint, jitter=jitter, now=now)


async def _follow_failure(
    session: TenantSession, delivery: WebhookDelivery, endpoint: WebhookEndpoint, *, jitter: float, now: datetime
) -> None:
    endpoint.failing_since_at = endpoint.failing_since_at or now
    if delivery.response_status == GONE:
        await _disable(session, endpoint, WebhookDisabledBecause.GONE, now=now)
    elif is_given_up(endpoint.failing_since_at, now=now):
        await _disable(session, endpoint, WebhookDisabledBecause.FAILING, now=now)
    next_at = decide_next_attempt(delivery.attempts, now=now, jitter=jitter)
    if endpoint.disabled_because is not None or next_at is None:
        delivery.status = WebhookDeliveryStatus.DEAD
        await session.flush()
        return
    delivery.next_attempt_at = next_at
    await session.flush()
    await enqueue(session, SendWebhook(delivery.id), now=now, run_at=next_at, dedupe_key=str(delivery.id))


async def _disable(
    session: TenantSession, endpoint: WebhookEndpoint, because: WebhookDisabledBecause, *, now: datetime
) -> None:
    if endpoint.disabled_because is not None:
        return
    endpoint.disabled_because = because
    details = {"url": endpoint.url, "because": because.value}
    record(session, actor=SYSTEM, action="webhook_endpoint.disabled", subject_id=endpoint.id, now=now, details=details)
    await session.flush()
    for owner_id in await list_owners(session):
        await enqueue(session, TellWebhookDisabled(owner_id, endpoint.id), now=now)
