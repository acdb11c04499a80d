"""Outgoing webhooks of a tenant: endpoints, and the log of what was told them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, show_page
from control_plane.webhooks.schemas import (
    ReplayedDeliveriesOut,
    ShownWebhookOut,
    WebhookChangeIn,
    WebhookDeliveryOut,
    WebhookIn,
    WebhookOut,
    WebhookRotationIn,
    WebhooksOut,
    WebhookTryOut,
    WholeWebhookDeliveryOut,
)
from lumenpay.errors import NotFoundError
from lumenpay.models.webhooks import WebhookDelivery, WebhookDeliveryStatus
from lumenpay.webhooks import repository, service
from lumenpay.webhooks.delivering import list_sent_headers
from lumenpay.webhooks.repository import DeliveryFilters
from lumenpay.webhooks.secrets import name_message
from lumenpay.webhooks.service import EndpointTerms
from lumenpay.webhooks.tries import Try, load_tries

router = APIRouter(tags=["webhooks"])
_ENDPOINTS = "/tenants/{tenant_id}/webhooks"
_ENDPOINT = _ENDPOINTS + "/{webhook_endpoint_id}"
_DELIVERIES = "/tenants/{tenant_id}/webhook-deliveries"
_DELIVERY = _DELIVERIES + "/{webhook_delivery_id}"
_CONFLICT = documented(409)


@router.get(_ENDPOINTS, name="list")
async def list_(access: TenantDep) -> WebhooksOut:
    """List the tenant's endpoints."""
    async with access.unit() as session:
        found = await repository.list_endpoints(session)
    return WebhooksOut(items=[WebhookOut.model_validate(endpoint) for endpoint in found])


@router.post(_ENDPOINTS, status_code=201, responses=_CONFLICT)
async def create(body: WebhookIn, access: TenantDep) -> ShownWebhookOut:
    """Have a program told what happens. Needs a fresh proof; the secret is shown in this answer and never again."""
    async with access.unit() as session:
        endpoint, secret = await service.make_endpoint(
            session, _terms(body), ring=access.services.ring, actor=access.actor, now=access.now
        )
    return ShownWebhookOut(webhook=WebhookOut.model_validate(endpoint), secret=secret.reveal())


@router.put(_ENDPOINT)
async def change(webhook_endpoint_id: UUID, body: WebhookChangeIn, access: TenantDep) -> WebhookOut:
    """Change an endpoint, or switch it off and on. Needs a fresh proof."""
    async with access.unit() as session:
        endpoint = await service.change_endpoint(
            session, webhook_endpoint_id, _terms(body), is_on=body.is_on, actor=access.actor, now=access.now
        )
    return WebhookOut.model_validate(endpoint)


@router.delete(_ENDPOINT, status_code=204)
async def delete(webhook_endpoint_id: UUID, access: TenantDep) -> None:
    """Remove an endpoint with the log of its deliveries."""
    async with access.unit() as session:
        await service.delete_endpoint(session, webhook_endpoint_id, actor=access.actor, now=access.now)


@router.post(_ENDPOINT + "/rotate")
async def rotate(webhook_endpoint_id: UUID, body: WebhookRotationIn, access: TenantDep) -> ShownWebhookOut:
    """Give an endpoint another secret. Needs a fresh proof; the one before signs too for `overlap_hours` more."""
    async with access.unit() as session:
        endpoint, secret = await service.rotate_secret(
            session, webhook_endpoint_id, overlap=timedelta(hours=body.overlap_hours), ring=access.services.ring,
            actor=access.actor, now=access.now,
        )  # fmt: skip
    return ShownWebhookOut(webhook=WebhookOut.model_validate(endpoint), secret=secret.reveal())


@router.post(_ENDPOINT + "/test", status_code=202, responses=_CONFLICT)
async def test(webhook_endpoint_id: UUID, access: TenantDep) -> WebhookDeliveryOut:
    """Send an endpoint an event of the type `webhook.test`; its delivery tells how that goes."""
    async with access.unit() as session:
        delivery = await service.send_test(session, webhook_endpoint_id, actor=access.actor, now=access.now)
        names = await repository.name_events(session, [delivery.event_id])
    return _show(delivery, names[delivery.event_id])


@router.post(_ENDPOINT + "/replay-dead", status_code=202, responses=_CONFLICT)
async def replay_dead(webhook_endpoint_id: UUID, access: TenantDep) -> ReplayedDeliveriesOut:
    """Send the dead deliveries of an endpoint once more, the oldest first."""
    async with access.unit() as session:
        count = await service.replay_dead(session, webhook_endpoint_id, actor=access.actor, now=access.now)
    return ReplayedDeliveriesOut(count=count)


@router.get(_DELIVERIES)
async def list_deliveries(
    access: TenantDep,
    page: PageDep,
    webhook_endpoint_id: Annotated[UUID | None, Query(description="Told to this endpoint.")] = None,
    status: Annotated[WebhookDeliveryStatus | None, Query()] = None,
) -> CountedPageOut[WebhookDeliveryOut]:
    """List what was told and what waits or failed, newest first; kept for 30 days."""
    async with access.unit() as session:
        found = await repository.list_deliveries(session, DeliveryFilters(webhook_endpoint_id, status), page)
        names = await repository.name_events(session, [row.event_id for row in found.items])
    return show_page(found, [_show(row, names[row.event_id]) for row in found.items], page)


@router.get(_DELIVERY)
async def get_delivery(webhook_delivery_id: UUID, access: TenantDep) -> WholeWebhookDeliveryOut:
    """Return a delivery with what is told, each of its tries, and how the last answer begins."""
    async with access.unit() as session:
        found = await repository.find_delivery(session, webhook_delivery_id)
    if found is None:
        raise NotFoundError
    delivery, event = found
    return WholeWebhookDeliveryOut(
        **_show(delivery, event.type).model_dump(), message_id=name_message(event.id),
        payload=orjson.loads(event.body), request_headers=list_sent_headers(delivery, event),
        response_excerpt=delivery.response_excerpt, tries=[_show_try(one) for one in load_tries(delivery.tries)],
    )  # fmt: skip


@router.post(_DELIVERY + "/replay", status_code=202, responses=_CONFLICT)
async def replay(webhook_delivery_id: UUID, access: TenantDep) -> WebhookDeliveryOut:
    """Tell an event once more under its `webhook-id`, whether it was delivered or is dead."""
    async with access.unit() as session:
        delivery = await service.replay_delivery(session, webhook_delivery_id, actor=access.actor, now=access.now)
        names = await repository.name_events(session, [delivery.event_id])
    return _show(delivery, names[delivery.event_id])


def _terms(body: WebhookIn) -> EndpointTerms:
    return EndpointTerms(url=body.url, description=body.description, event_types=set(body.event_types))


def _show_try(one: Try) -> WebhookTryOut:
    return WebhookTryOut(
        attempt=one.attempt, began_at=one.began_at, response_status=one.status, failure=one.failure,
        duration_ms=one.duration_ms,
    )  # fmt: skip


def _show(row: WebhookDelivery, event_type: str) -> WebhookDeliveryOut:
    computed = {"webhook_endpoint_id", "event_type"}
    values = {name: getattr(row, name) for name in WebhookDeliveryOut.model_fields if name not in computed}
    return WebhookDeliveryOut(**values, webhook_endpoint_id=row.endpoint_id, event_type=event_type)
