"""What a member of staff looks at through their session: one tenant, as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.models.admins import AdminSession
from lumenpay.models.ids import TenantId


@dataclass(frozen=True, slots=True)
class View:
    """What a member of staff looks at through the session: one tenant, reading only, until a moment."""

    impersonation_id: UUID
    tenant_id: TenantId
    ends_at: datetime


def read_view(found: AdminSession, *, now: datetime) -> View | None:
    """Return what a session looks at now; nothing of its own is a view."""
    if found.impersonation_id is None or found.impersonated_tenant_id is None or found.impersonation_ends_at is None:
        return None
    if found.impersonation_ends_at <= now:
        return None
    return View(found.impersonation_id, found.impersonated_tenant_id, found.impersonation_ends_at)
