"""Writes audit events, of tenants and of the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.kit.redaction import redact_fields
from lumenpay.models.audit import AuditEvent, PlatformEvent


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an `admin` of the portal, an `api_key`, `staff` of the platform, a `user` of a bot, or the `system`."""

    kind: str
    id: UUID | None = None


SYSTEM = Actor("system")
OPERATOR = Actor("operator")
"""Whoever has the command line and the owner's password; there is no account to name."""


def record(
    session: TenantSession,
    *,
    actor: Actor,
    action: str,
    subject_id: UUID | None,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an event to the caller's transaction; credentials in the details are masked. Those who watch are told.

    The database gives it its place in the tenant's chain when the transaction is committed.

    Args:
        action: Noun and past participle, as in `bot.connected`.
    """
    session.add(
        AuditEvent(
            tenant_id=session.tenant_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            subject_id=subject_id,
            details=redact_fields(details or {}),
            created_at=now,
        )
    )
    announce(session, action.partition(".")[0], subject_id)


def record_platform(
    session: AsyncSession,
    *,
    actor: Actor,
    action: str,
    subject_id: UUID | None,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an event that concerns no single tenant to the caller's transaction and to the platform's chain."""
    session.add(
        PlatformEvent(
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            subject_id=subject_id,
            details=redact_fields(details or {}),
            created_at=now,
        )
    )
