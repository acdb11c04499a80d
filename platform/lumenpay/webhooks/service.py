"""Use cases of endpoints: made, changed, given another secret, tried out, removed; deliveries replayed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.webhooks import (
    TEST_EVENT,
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookDisabledBecause,
    WebhookEndpoint,
    WebhookEventType,
)
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.webhooks import repository, secrets
from lumenpay.webhooks.addresses import read_url
from lumenpay.webhooks.errors import TooManyWebhooksError, WebhookDisabledError, WebhookWaitingError
from lumenpay.webhooks.outbox import write_event
from lumenpay.webhooks.rules import MAX_ENDPOINTS

REPLAYED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class EndpointTerms:
    """What the team says about an endpoint."""

    url: str
    description: str
    event_types: Collection[WebhookEventType]


async def make_endpoint(
    session: TenantSession, terms: EndpointTerms, *, ring: KeyRing, actor: Actor, now: datetime
) -> tuple[WebhookEndpoint, Secret]:
    """Store an endpoint and return it with its secret, which nobody can be shown again.

    Raises:
        WebhookUrlInvalidError: It is no address that we would call.
        TooManyWebhooksError: The tenant has as many as it may.
    """
    url = read_url(terms.url)
    await get_own_tenant(session, is_locked=True)
    if await repository.count_endpoints(session) >= MAX_ENDPOINTS:
        raise TooManyWebhooksError
    endpoint = WebhookEndpoint(
        tenant_id=session.tenant_id, id=new_uuid7(), url=url, description=terms.description,
        event_types=sorted(terms.event_types), created_at=now,
    )  # fmt: skip
    secret = secrets.give_secret(ring, endpoint)
    session.add(endpoint)
    await session.flush()
    _record(session, endpoint, "made", actor=actor, now=now, url=url, event_types=endpoint.event_types)
    return endpoint, secret


async def change_endpoint(
    session: TenantSession, endpoint_id: UUID, terms: EndpointTerms, *, is_on: bool, actor: Actor, now: datetime
) -> WebhookEndpoint:
    """Store what was changed; one that is switched on again begins as if it had never failed.

    Raises:
        NotFoundError: None of this tenant.
        WebhookUrlInvalidError: It is no address that we would call.
    """
    url = read_url(terms.url)
    endpoint = await repository.get_endpoint(session, endpoint_id, is_locked=True)
    if endpoint.url != url or (is_on and endpoint.disabled_because is not None):
        endpoint.held_until_at = None
    endpoint.url, endpoint.description, endpoint.event_types = url, terms.description, sorted(terms.event_types)
    if is_on:
        if endpoint.disabled_because is not None:
            endpoint.disabled_because, endpoint.failing_since_at = None, None
    elif endpoint.disabled_because is None:
        endpoint.disabled_because = WebhookDisabledBecause.BY_HAND
    await session.flush()
    _record(session, endpoint, "changed", actor=actor, now=now, url=url, event_types=endpoint.event_types, is_on=is_on)
    return endpoint


async def rotate_secret(
    session: TenantSession, endpoint_id: UUID, *, overlap: timedelta, ring: KeyRing, actor: Actor, now: datetime
) -> tuple[WebhookEndpoint, Secret]:
    """Give an endpoint another secret and return it; for `overlap` the one before signs too.

    Raises:
        NotFoundError: None of this tenant.
    """
    endpoint = await repository.get_endpoint(session, endpoint_id, is_locked=True)
    secret = secrets.rotate_secret(ring, endpoint, until_at=now + overlap)
    await session.flush()
    _record(session, endpoint, "rotated", actor=actor, now=now, overlap_seconds=int(overlap.total_seconds()))
    return endpoint, secret


async def delete_endpoint(session: TenantSession, endpoint_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Remove an endpoint with its secrets and the log of its deliveries.

    Raises:
        NotFoundError: None of this tenant.
    """
    await repository.lock_waiting(session, endpoint_id)
    endpoint = await repository.get_endpoint(session, endpoint_id, is_locked=True)
    _record(session, endpoint, "deleted", actor=actor, now=now, url=endpoint.url)
    await session.delete(endpoint)
    await session.flush()


async def send_test(session: TenantSession, endpoint_id: UUID, *, actor: Actor, now: datetime) -> WebhookDelivery:
    """Have an endpoint told that somebody tries it out, whatever it asks for, and however long it asked for rest.

    Raises:
        NotFoundError: None of this tenant.
        WebhookDisabledError: It is switched off.
    """
    endpoint = await repository.get_endpoint(session, endpoint_id, is_locked=True)
    if endpoint.disabled_because is not None:
        raise WebhookDisabledError
    endpoint.held_until_at = None
    facts = {"webhook_endpoint_id": endpoint.id}
    delivery_ids = await write_event(session, TEST_EVENT, facts, endpoint_ids=[endpoint.id], now=now)
    _record(session, endpoint, "tested", actor=actor, now=now, delivery_id=str(delivery_ids[0]))
    return await session.get_one(WebhookDelivery, (session.tenant_id, delivery_ids[0]))


async def replay_delivery(session: TenantSession, delivery_id: UUID, *, actor: Actor, now: datetime) -> WebhookDelivery:
    """Have an event told once more under its id, with all its tries.

    Raises:
        NotFoundError: None of this tenant.
        WebhookDisabledError: The endpoint is switched off.
        WebhookWaitingError: It is on its way already.
    """
    found = await repository.find_delivery(session, delivery_id, is_locked=True)
    if found is None:
        raise NotFoundError
    delivery, _ = found
    endpoint = await repository.get_endpoint(session, delivery.endpoint_id)
    if endpoint.disabled_because is not None:
        raise WebhookDisabledError
    if delivery.status == WebhookDeliveryStatus.WAITING:
        raise WebhookWaitingError
    endpoint.held_until_at = None
    await _send_again(session, delivery, now=now)
    _record(session, endpoint, "replayed", actor=actor, now=now, delivery_id=str(delivery.id))
    return delivery


async def replay_dead(session: TenantSession, endpoint_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Have up to 500 dead deliveries of an endpoint sent once more, the oldest first; return how many.

    Raises:
        NotFoundError: None of this tenant.
        WebhookDisabledError: The endpoint is switched off.
    """
    endpoint = await repository.get_endpoint(session, endpoint_id)
    if endpoint.disabled_because is not None:
        raise WebhookDisabledError
    endpoint.held_until_at = None
    dead = await repository.list_dead(session, endpoint_id, limit=REPLAYED_AT_ONCE)
    for delivery in dead:
        await _send_again(session, delivery, now=now)
    _record(session, endpoint, "replayed", actor=actor, now=now, count=len(dead))
    return len(dead)


async def _send_again(session: TenantSession, delivery: WebhookDelivery, *, now: datetime) -> None:
    delivery.status, delivery.attempts, delivery.next_attempt_at = WebhookDeliveryStatus.WAITING, 0, now
    delivery.tried_since_at = None
    await session.flush()
    job = SendWebhook(delivery.id)
    await enqueue(session, job, now=now, target_id=delivery.endpoint_id, dedupe_key=str(delivery.id))


def _record(
    session: TenantSession, endpoint: WebhookEndpoint, act: str, *, actor: Actor, now: datetime, **details: object
) -> None:
    action = f"webhook_endpoint.{act}"
    record(session, actor=actor, action=action, subject_id=endpoint.id, now=now, details=dict(details))
