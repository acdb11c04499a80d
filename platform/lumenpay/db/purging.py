"""The narrow functions that remove what is kept no longer, of all tenants (see `lumenpay.db.dispatch`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from lumenpay.db.unscoped import call_function

if TYPE_CHECKING:
    from datetime import datetime

    from lumenpay.db.session import Database


async def purge_handled(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove handled updates and finished jobs older than a moment, up to `limit` of each; return how many."""
    return await _remove(database, "purge_handled", older_than, limit)


async def purge_settled(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove quarantined updates and dealt-with notices older than a moment, up to `limit` of each; return how many."""
    return await _remove(database, "purge_settled", older_than, limit)


async def forget_imports(database: Database, *, older_than: datetime, limit: int) -> int:
    """Have up to `limit` imports older than a moment say no more whom their lines were about; return how many."""
    return await _remove(database, "forget_imports", older_than, limit)


async def purge_exports(database: Database, *, now: datetime, limit: int) -> int:
    """Remove up to `limit` exports whose time is over; return how many."""
    return await _remove(database, "purge_exports", now, limit)


async def purge_stripe_events(database: Database, *, older_than: datetime, limit: int) -> int:
    """Remove up to `limit` events of the platform's account that came before a moment; return how many."""
    return await _remove(database, "purge_stripe_events", older_than, limit)


async def _remove(database: Database, function: str, moment: datetime, limit: int) -> int:
    rows = await call_function(
        database, text(f"SELECT {function}(:moment, :max_rows)"), {"moment": moment, "max_rows": limit}
    )
    return int(rows[0][0])
