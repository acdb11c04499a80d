"""The narrow functions that look for deliveries of all tenants (see `lumenpay.db.dispatch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from lumenpay.db.dispatch import TenantRow
from lumenpay.db.unscoped import call_function
from lumenpay.models.ids import JobId, LeaseId, TenantId

if TYPE_CHECKING:
    from datetime import datetime

    from lumenpay.db.session import Database

_CLAIM = text(
    "SELECT tenant_id, id FROM claim_jobs_of_targets("
    ":queue, :lease_id, :lease_seconds, :max_rows, :per_tenant, :per_target)"
)
_SEALED = text("SELECT tenant_id, id FROM list_webhooks_sealed_otherwise(:newest, :tenant_id, :endpoint_id, :max_rows)")
_LOST = text("SELECT tenant_id, id FROM due_lost_deliveries(:now, :max_rows)")


async def claim_jobs_of_targets(
    database: Database, *, queue: str, lease_id: LeaseId, lease_seconds: int, limit: int, per_tenant: int,
    per_target: int,
) -> list[tuple[TenantId, JobId]]:  # fmt: skip
    """Lease up to `limit` due jobs of a queue whose jobs name a target, starting at a random tenant.

    Args:
        per_tenant: So many of one tenant are held at most, by whatever process, those that are held already included.
        per_target: The same for one target.
    """
    rows = await call_function(
        database, _CLAIM,
        {
            "queue": queue, "lease_id": lease_id, "lease_seconds": lease_seconds, "max_rows": limit,
            "per_tenant": per_tenant, "per_target": per_target,
        },
    )  # fmt: skip
    return [(TenantId(row[0]), JobId(row[1])) for row in rows]


async def list_lost_deliveries(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return deliveries that were to be made by `now`, and that no job will make."""
    rows = await call_function(database, _LOST, {"now": now, "max_rows": limit})
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_webhooks_sealed_otherwise(
    database: Database, *, newest: str, after: TenantRow, limit: int
) -> list[TenantRow]:
    """Return endpoints of webhooks with a secret that another key than `newest` sealed, in order of their key."""
    values = {"newest": newest, "tenant_id": after.tenant_id, "endpoint_id": after.id, "max_rows": limit}
    rows = await call_function(database, _SEALED, values)
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]
