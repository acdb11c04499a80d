"""The narrow functions that remove what is kept no longer, of all tenants (see `lumenpay.db.dispatch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import TextClause, text

from lumenpay.db.dispatch import TenantRow
from lumenpay.db.unscoped import call_function
from lumenpay.models.ids import TenantId

if TYPE_CHECKING:
    from datetime import datetime

    from lumenpay.db.session import Database

_PURGE_HANDLED = text("SELECT purge_handled(:moment, :max_rows)")
_PURGE_SETTLED = text("SELECT purge_settled(:moment, :max_rows)")
_FORGET_IMPORTS = text("SELECT forget_imports(:moment, :max_rows)")
_PURGE_EXPORTS = text("SELECT purge_exports(:moment, :max_rows)")
_DUE_ERASURES = text("SELECT tenant_id, id FROM due_erasures(:moment, :max_rows)")
_DUE_FORGETTING = text("SELECT tenant_id, id FROM due_forgetting_rules(:moment, :max_rows)")
_DUE_LOGS = text("SELECT tenant_id FROM due_access_logs(:moment, :max_rows)")
_DUE_REMOVALS = text("SELECT tenant_id, id FROM due_tenant_removals(:moment, :max_rows)")
_REMOVE_TENANT = text("SELECT remove_closed_tenant(:tenant_id, :max_rows)")
_PURGE_STRIPE_EVENTS = text("SELECT purge_stripe_events(:moment, :max_rows)")
_PURGE_WEBHOOK_EVENTS = text("SELECT purge_webhook_events(:moment, :max_rows)")
_PURGE_IDEMPOTENT_REQUESTS = text("SELECT purge_idempotent_requests(:moment, :max_rows)")


async def purge_handled(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove handled updates and finished jobs older than a moment, up to `limit` of each; return how many."""
    return await _remove(database, _PURGE_HANDLED, older_than, limit)


async def purge_settled(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove quarantined updates and dealt-with notices older than a moment, up to `limit` of each; return how many."""
    return await _remove(database, _PURGE_SETTLED, older_than, limit)


async def forget_imports(database: Database, *, older_than: datetime, limit: int) -> int:
    """Have up to `limit` imports older than a moment say no more whom their lines were about; return how many."""
    return await _remove(database, _FORGET_IMPORTS, older_than, limit)


async def purge_exports(database: Database, *, now: datetime, limit: int) -> int:
    """Remove up to `limit` exports whose time is over; return how many."""
    return await _remove(database, _PURGE_EXPORTS, now, limit)


async def purge_stripe_events(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` events of the platform's account that came before a moment; return how many."""
    return await _remove(database, _PURGE_STRIPE_EVENTS, older_than, limit)


async def list_due_erasures(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return people of whom it is to be looked at by `now` whether they can be forgotten."""
    rows = await call_function(database, _DUE_ERASURES, {"moment": now, "max_rows": limit})
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_forgetting_rules(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return rules by which people who are long gone are to be looked for by `now`."""
    rows = await call_function(database, _DUE_FORGETTING, {"moment": now, "max_rows": limit})
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def list_due_access_logs(database: Database, *, now: datetime, limit: int) -> list[TenantId]:
    """Return tenants of whose access log old lines are to be removed by `now`."""
    rows = await call_function(database, _DUE_LOGS, {"moment": now, "max_rows": limit})
    return [TenantId(row[0]) for row in rows]


async def list_due_tenant_removals(database: Database, *, now: datetime, limit: int) -> list[TenantRow]:
    """Return tenants that left and are to be removed by `now`."""
    rows = await call_function(database, _DUE_REMOVALS, {"moment": now, "max_rows": limit})
    return [TenantRow(TenantId(row[0]), row[1]) for row in rows]


async def remove_closed_tenant(database: Database, *, tenant_id: TenantId, limit: int) -> int:
    """Remove about `limit` rows of a tenant that left and whose time is over, at last the tenant; return how many."""
    rows = await call_function(database, _REMOVE_TENANT, {"tenant_id": tenant_id, "max_rows": limit})
    return int(rows[0][0])


async def purge_idempotent_requests(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` requests with an `Idempotency-Key` that came before a moment; return how many."""
    return await _remove(database, _PURGE_IDEMPOTENT_REQUESTS, older_than, limit)


async def purge_webhook_events(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` events that came before a moment, with what was told of them; return how many."""
    return await _remove(database, _PURGE_WEBHOOK_EVENTS, older_than, limit)


async def _remove(database: Database, function: TextClause, moment: datetime, limit: int) -> int:
    rows = await call_function(database, function, {"moment": moment, "max_rows": limit})
    return int(rows[0][0])
