"""Removing lines of the access log that are kept no longer, some rows at a time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.access.log_retention import purge_share
from lumenpay.db.purging import list_due_access_logs
from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from tenants_worker.context import WorkerContext

DUE_LIMIT = 500
ROWS_AT_ONCE = 2000
LONGEST_SECONDS = 60
"""After so long the rest is left to the next tick."""
_log = get_logger(__name__)


async def purge_due(ctx: WorkerContext, now: datetime) -> None:
    """Go through the tenants whose log has not been looked at for a day, until nothing is left or the time is over."""
    older_than = now - timedelta(days=ctx.settings.access_log_retention_days)
    ends_at = time.monotonic() + LONGEST_SECONDS
    for tenant_id in await list_due_access_logs(ctx.database, now=now, limit=DUE_LIMIT):
        is_more = True
        while is_more:
            if time.monotonic() > ends_at:
                return
            try:
                async with ctx.unit_in(tenant_id) as session:
                    is_more = await purge_share(session, older_than=older_than, limit=ROWS_AT_ONCE, now=now)
            except (LumenError, SQLAlchemyError) as error:
                _log.warning("access_log_not_purged", tenant_id=str(tenant_id), exc_info=error)
                break
