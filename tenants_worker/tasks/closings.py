"""Removing what is left of tenants that left, some rows at a time."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.closings.letters import prepare_last_letters
from lumenpay.db.purging import list_due_tenant_removals, remove_closed_tenant
from lumenpay.kit.logs import get_logger
from tenants_worker.context import WorkerContext

DUE_LIMIT = 20
ROWS_AT_ONCE = 2000
LONGEST_SECONDS = 60
"""After so long the rest is left to the next tick."""
_log = get_logger(__name__)


async def remove_due(ctx: WorkerContext, now: datetime) -> None:
    """Remove tenants whose time is over; whoever is stopped in the middle is gone on with."""
    ends_at = time.monotonic() + LONGEST_SECONDS
    for tenant_id, _ in await list_due_tenant_removals(ctx.database, now=now, limit=DUE_LIMIT):
        try:
            async with ctx.unit_in(tenant_id) as session:
                await prepare_last_letters(session, now=now)
            while await remove_closed_tenant(ctx.database, tenant_id=tenant_id, limit=ROWS_AT_ONCE):
                if time.monotonic() > ends_at:
                    return
        except SQLAlchemyError as error:
            # The next tick tries it again; whoever comes after it does not wait for that.
            _log.warning("tenant_not_removed", tenant_id=str(tenant_id), exc_info=error)
            continue
        _log.info("tenant_removed", tenant_id=str(tenant_id))
