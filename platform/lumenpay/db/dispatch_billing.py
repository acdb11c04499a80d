"""The narrow function of the platform's bill that looks across tenants (see `lumenpay.db.dispatch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from lumenpay.db.dispatch import TenantRow
from lumenpay.db.unscoped import call_function
from lumenpay.models.ids import TenantId

if TYPE_CHECKING:
    from datetime import datetime

    from lumenpay.db.session import Database

_DUE = text("SELECT tenant_id, id FROM due_billings(:now, :max_rows)")


async def list_due_billings(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return what tenants have of the platform about which Stripe is to be asked by `now`, longest overdue first."""
    rows = await call_function(database, _DUE, {"now": now, "max_rows": limit})
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]
