"""Writes events in the caller's transaction: they are told exactly if what they tell of was committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendWebhook
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.webhooks import (
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookEndpoint,
    WebhookEvent,
    WebhookEventType,
)


async def publish(
    session: TenantSession, event_type: WebhookEventType, facts: Mapping[str, Any], *, now: datetime
) -> None:
    """Have every endpoint that asked for it told what happened; nothing is written where none did."""
    query = select(WebhookEndpoint.id).where(
        WebhookEndpoint.tenant_id == session.tenant_id, WebhookEndpoint.disabled_because.is_(None),
        WebhookEndpoint.event_types.contains([event_type.value]),
    ).order_by(WebhookEndpoint.id)  # fmt: skip
    # None of them goes before this is stored: a delivery that points nowhere would take the caller along.
    held = query.with_for_update(read=True, key_share=True)
    endpoint_ids = list((await session.execute(held)).scalars())
    if endpoint_ids:
        await write_event(session, event_type.value, facts, endpoint_ids=endpoint_ids, now=now)


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
    for delivery_id in delivery_ids:
        await enqueue(session, SendWebhook(delivery_id), now=now, dedupe_key=str(delivery_id))
    return delivery_ids
