"""Outgoing webhooks: where a tenant wants to be told, what happened, and how telling it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lumenpay.models.base import Base, TenantOwned, primary_id, status_column, unique_in_tenant, within_tenant


class WebhookEventType(StrEnum):
    """What a tenant can be told of."""

    PAYMENT_SUCCEEDED = "payment.succeeded"
    ACCESS_GRANTED = "access.granted"
    ACCESS_EXPIRED = "access.expired"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    REFUND_SUCCEEDED = "refund.succeeded"


TEST_EVENT = "webhook.test"
"""Sent when somebody tries an endpoint out, whatever it asks for."""


class WebhookDisabledBecause(StrEnum):
    """Why nothing is sent to an endpoint."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    """It has taken nothing for days."""
    GONE = "gone"
    """It answered that it is gone for good (410)."""


class WebhookDeliveryStatus(StrEnum):
    """How far telling an endpoint of an event has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Tried for days, or the endpoint was disabled meanwhile: waits for somebody to replay it."""


class WebhookEndpoint(TenantOwned, Base):
    """An address of the tenant's own, with the secret that it checks signatures with."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index(None, "secret_key_id"), Index(None, "previous_key_id"))

    id: Mapped[UUID] = primary_id()
    url: Mapped[str] = mapped_column(String(2048))
    description: Mapped[str] = mapped_column(String(128))
    event_types: Mapped[list[Any]] = mapped_column(JSONB)
    secret_sealed: Mapped[str] = mapped_column(Text)
    secret_key_id: Mapped[str] = mapped_column(String(16))
    previous_sealed: Mapped[str | None] = mapped_column(Text)
    """The secret before the last rotation; both sign until `previous_until_at`."""
    previous_key_id: Mapped[str | None] = mapped_column(String(16))
    previous_until_at: Mapped[datetime | None]
    disabled_because: Mapped[WebhookDisabledBecause | None] = mapped_column(String(16))
    failing_since_at: Mapped[datetime | None]
    """The first failure after the last success."""
    held_until_at: Mapped[datetime | None]
    """It asked not to be called before (429, `Retry-After`): none of its deliveries is made until then."""
    created_at: Mapped[datetime]


class WebhookEvent(TenantOwned, Base):
    """Something that happened, as it is told; written in the transaction in which it did."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[UUID] = primary_id()
    type: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, byte for byte as it is signed and sent every time."""
    created_at: Mapped[datetime]


class WebhookDelivery(TenantOwned, Base):
    """One event for one endpoint, and what the last try came to."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        within_tenant("endpoint_id", "webhook_endpoints", ondelete="CASCADE"),
        within_tenant("event_id", "webhook_events", ondelete="CASCADE"),
        unique_in_tenant("event_id", "endpoint_id"),
        Index(None, "tenant_id", "endpoint_id", "status", "id"),
        Index("ix_webhook_deliveries_waiting", "next_attempt_at", postgresql_where=text("status = 'waiting'")),
    )

    id: Mapped[UUID] = primary_id()
    endpoint_id: Mapped[UUID]
    event_id: Mapped[UUID]
    status: Mapped[WebhookDeliveryStatus] = status_column(WebhookDeliveryStatus.WAITING, length=16)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Since it was made or replayed."""
    tried_since_at: Mapped[datetime | None]
    """The first of these tries."""
    tries: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    """The last ones, of before a replay too, the oldest first (`lumenpay.webhooks.tries`)."""
    next_attempt_at: Mapped[datetime | None]
    last_attempt_at: Mapped[datetime | None]
    response_status: Mapped[int | None] = mapped_column(SmallInteger)
    response_excerpt: Mapped[str] = mapped_column(String(512), default="", server_default="")
    failure: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """A code: `status`, `timeout`, `address_forbidden`, `not_made` …"""
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime]
