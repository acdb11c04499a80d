"""One try of a delivery: what is sent is read in one transaction, the call is made, its outcome stored in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.audit.service import SYSTEM, record
from lumenpay.db.session import TenantSession
from lumenpay.features.service import is_on
from lumenpay.jobs.catalogue import SendWebhook, TellWebhookDisabled
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.features import Feature
from lumenpay.models.webhooks import (
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookDisabledBecause,
    WebhookEndpoint,
    WebhookEvent,
)
from lumenpay.tenants.owners import list_owners
from lumenpay.webhooks import repository
from lumenpay.webhooks.rules import (
    GONE,
    LOOKED_AT_AGAIN,
    NOT_MADE,
    decide_hold,
    decide_next_attempt,
    decide_rest,
    is_given_up,
    is_taken,
    read_retry_after,
)
from lumenpay.webhooks.secrets import name_call, open_secrets, sign
from lumenpay.webhooks.sending import Outcome
from lumenpay.webhooks.tries import begin_try, end_try

PLAIN_HEADERS: Final = {"content-type": "application/json", "user-agent": "LumenPay-Webhooks/1"}
"""What every call carries beside the headers of its signature."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent where, the how manieth time."""

    url: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    attempt: int


async def find_rest(session: TenantSession, delivery_id: UUID, *, now: datetime) -> datetime | None:
    """Return when to look again at a delivery whose endpoint asked to be left alone; nothing when it may be made."""
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None or found[0].status != WebhookDeliveryStatus.WAITING:
        return None
    delivery, _ = found
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id)
    rest = decide_rest(endpoint.held_until_at, tried_since_at=delivery.tried_since_at, now=now)
    if rest is None or endpoint.disabled_because is not None:
        return None
    delivery.next_attempt_at = rest
    return min(rest, now + LOOKED_AT_AGAIN)


async def begin_attempt(session: TenantSession, delivery_id: UUID, *, ring: KeyRing, now: datetime) -> Call | None:
    """Return what is to be sent, signed as of now; nothing when the delivery does not wait any more.

    Raises:
        SealBrokenError: The endpoint's secret does not open.
    """
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None:
        return None
    delivery, event = found
    if delivery.status == WebhookDeliveryStatus.DEAD and delivery.failure == NOT_MADE:
        # Its job was dead, and somebody replays that.
        delivery.status = WebhookDeliveryStatus.WAITING
    if delivery.status != WebhookDeliveryStatus.WAITING:
        return None
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id)
    if endpoint.disabled_because is not None:
        delivery.status, delivery.failure, delivery.next_attempt_at = WebhookDeliveryStatus.DEAD, "disabled", None
        return None
    if not await is_on(session, Feature.WEBHOOKS):
        # It can be told again, as any that is dead, once staff has switched the feature on.
        delivery.status, delivery.failure, delivery.next_attempt_at = WebhookDeliveryStatus.DEAD, "feature_off", None
        return None
    delivery.attempts, delivery.last_attempt_at = delivery.attempts + 1, now
    delivery.tried_since_at = delivery.tried_since_at or now
    delivery.tries = begin_try(delivery.tries, attempt=delivery.attempts, now=now)
    signature = sign(open_secrets(ring, endpoint, now=now), event_id=event.id, body=event.body, now=now)
    return Call(endpoint.url, event.body, {**PLAIN_HEADERS, **signature}, delivery.attempts)


def list_sent_headers(delivery: WebhookDelivery, event: WebhookEvent) -> dict[str, str]:
    """Return what the last call carried but for its signature, which is not kept; nothing before the first one."""
    if delivery.last_attempt_at is None:
        return {}
    return {**PLAIN_HEADERS, **name_call(event.id, now=delivery.last_attempt_at)}


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
    delivery.tries = end_try(
        delivery.tries, attempt=attempt, status=outcome.status, failure=delivery.failure,
        duration_ms=outcome.duration_ms,
    )  # fmt: skip
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id, is_locked=True)
    if has_worked:
        delivery.status, endpoint.failing_since_at = WebhookDeliveryStatus.DELIVERED, None
        return
    asked_at = read_retry_after(outcome.retry_after, status=outcome.status, now=now)
    hold = decide_hold(outcome.status, asked_at=asked_at, now=now)
    if hold is not None:
        endpoint.held_until_at = max(hold, endpoint.held_until_at or hold)
    await _follow_failure(session, delivery, endpoint, asked_at=asked_at, jitter=jitter, now=now)


async def _follow_failure(
    session: TenantSession, delivery: WebhookDelivery, endpoint: WebhookEndpoint, *, asked_at: datetime | None,
    jitter: float, now: datetime,
) -> None:  # fmt: skip
    endpoint.failing_since_at = endpoint.failing_since_at or now
    if delivery.response_status == GONE:
        await _disable(session, endpoint, WebhookDisabledBecause.GONE, now=now)
    elif is_given_up(endpoint.failing_since_at, now=now):
        await _disable(session, endpoint, WebhookDisabledBecause.FAILING, now=now)
    next_at = decide_next_attempt(
        delivery.attempts, now=now, jitter=jitter, tried_since_at=delivery.tried_since_at or now, asked_at=asked_at
    )
    if endpoint.disabled_because is not None or next_at is None:
        delivery.status = WebhookDeliveryStatus.DEAD
        await session.flush()
        return
    delivery.next_attempt_at = next_at
    await session.flush()
    job, key = SendWebhook(delivery.id), str(delivery.id)
    await enqueue(session, job, now=now, run_at=next_at, target_id=endpoint.id, dedupe_key=key)


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
