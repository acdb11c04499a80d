"""Writes audit events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.kit.redaction import redact_fields
from lumenpay.models.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an `admin` of the portal, a `user` of a bot, or the `system`."""

    kind: str
    id: UUID | None = None


SYSTEM = Actor("system")


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
