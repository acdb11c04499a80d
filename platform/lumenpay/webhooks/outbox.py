"""Writes events in the caller's transaction: they are told exactly if what they tell of was committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ScalarSelect, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from lumenpay.db.session import TenantSession
from lumenpay.features.service import is_on
from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.features import Feature
from lumenpay.models.ids import TenantId
from lumenpay.models.webhooks import (
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookEndpoint,
    WebhookEvent,
    WebhookEventType,
)

_LISTENERS = "webhook_listeners"
"""Key in `session.info`: pairs of an endpoint and the events that it is told, as this transaction found them."""


async def publish(
    session: TenantSession, event_type: WebhookEventType, facts: Mapping[str, Any], *, now: datetime
) -> None:
    """Have every endpoint that asked for it told what happened; nothing is written where none did, or it is off.

    Who listens is asked once in a transaction, and not even that where a statement in it has brought it along.
    """
    if _LISTENERS not in session.info:
        note_listeners(session, (await session.execute(select(find_listeners(session.tenant_id)))).scalar_one())
    asked = [UUID(found) for found, event_types in session.info[_LISTENERS] if event_type in event_types]
    endpoint_ids = await _hold(session, asked) if asked else []
    if endpoint_ids and await is_on(session, Feature.WEBHOOKS):
        await write_event(session, event_type.value, facts, endpoint_ids=endpoint_ids, now=now)


def find_listeners(tenant_id: TenantId) -> ScalarSelect[Any]:
    """Return what finds out who is told of what, for a statement that returns something anyway (`note_listeners`)."""
    pairs = func.jsonb_agg(func.jsonb_build_array(WebhookEndpoint.id, WebhookEndpoint.event_types))
    return (
        select(func.coalesce(pairs, literal([], JSONB)))
        .where(WebhookEndpoint.tenant_id == tenant_id, WebhookEndpoint.disabled_because.is_(None))
        .scalar_subquery()
    )


def note_listeners(session: TenantSession, found: Sequence[Any]) -> None:
    """Keep for the transaction what `find_listeners` found in it."""
    session.info[_LISTENERS] = found


async def _hold(session: TenantSession, endpoint_ids: Sequence[UUID]) -> list[UUID]:
    # None of them goes before this is stored: a delivery that points nowhere would take the caller along.
    query = select(WebhookEndpoint.id).where(
        WebhookEndpoint.tenant_id == session.tenant_id, WebhookEndpoint.id.in_(endpoint_ids),
        WebhookEndpoint.disabled_because.is_(None),
    ).order_by(WebhookEndpoint.id)  # fmt: skip
    return list((await session.execute(query.with_for_update(read=True, key_share=True))).scalars())


async def write_event(
    session: TenantSession, event_type: str, facts: Mapping[str, Any], *, endpoint_ids: Sequence[UUID], now: datetime
) -> list[UUID]:
    """Store an event with a delivery for each endpoint, and have them sent; return the deliveries."""
    event_id, delivery_ids = new_uuid7(), [new_uuid7() for _ in endpoint_ids]
    told = {"type": event_type, "timestamp": now, "data": facts}
    # Ids that come from the database are of the driver's own type, which is known by its text.
    body = orjson.dumps(told, default=str, option=orjson.OPT_UTC_Z)
    event = {"tenant_id": session.tenant_id, "id": event_id, "type": event_type, "body": body, "created_at": now}
    await session.execute(insert(WebhookEvent).values(**event))
    rows = [
        {
            "tenant_id": session.tenant_id, "id": delivery_id, "endpoint_id": endpoint_id, "event_id": event_id,
            "status": WebhookDeliveryStatus.WAITING, "next_attempt_at": now, "created_at": now,
        }
        for delivery_id, endpoint_id in zip(delivery_ids, endpoint_ids, strict=True)
    ]  # fmt: skip
    await session.execute(insert(WebhookDelivery).values(rows))
    for delivery_id, endpoint_id in zip(delivery_ids, endpoint_ids, strict=True):
        job = SendWebhook(delivery_id)
        await enqueue(session, job, now=now, target_id=endpoint_id, dedupe_key=str(delivery_id))
    return delivery_ids
