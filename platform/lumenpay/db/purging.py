"""The narrow functions that remove what is kept no longer, of all tenants (see `lumenpay.db.dispatch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import TextClause, text

from lumenpay.db.unscoped import call_function

if TYPE_CHECKING:
    from datetime import datetime

    from lumenpay.db.session import Database

_PURGE_HANDLED = text("SELECT purge_handled(:moment, :max_rows)")
_PURGE_SETTLED = text("SELECT purge_settled(:moment, :max_rows)")
_FORGET_IMPORTS = text("SELECT forget_imports(:moment, :max_rows)")
_PURGE_EXPORTS = text("SELECT purge_exports(:moment, :max_rows)")
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


async def purge_idempotent_requests(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` requests with an `Idempotency-Key` that came before a moment; return how many."""
    return await _remove(database, _PURGE_IDEMPOTENT_REQUESTS, older_than, limit)


async def purge_webhook_events(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` events that came before a moment, with what was told of them; return how many."""
    return await _remove(database, _PURGE_WEBHOOK_EVENTS, older_than, limit)


async def _remove(database: Database, function: TextClause, moment: datetime, limit: int) -> int:
    rows = await call_function(database, function, {"moment": moment, "max_rows": limit})
    return int(rows[0][0])
