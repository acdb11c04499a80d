"""The tick of figures: days that are over are added up, tenant by tenant."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from lumenpay.analytics.closing import close_days
from lumenpay.db.dispatch import list_due_analytics
from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from tenants_worker.context import WorkerContext

DUE_LIMIT = 500
CLOSING_SECONDS = 60
_log = get_logger(__name__)


async def close_due(ctx: WorkerContext, now: datetime) -> None:
    """Add up what is over, a week of a tenant in each transaction, until nothing is left or the time is over."""
    ends_at = time.monotonic() + CLOSING_SECONDS
    for tenant_id in await list_due_analytics(ctx.database, now=now, limit=DUE_LIMIT):
        is_more = True
        while is_more and time.monotonic() < ends_at:
            try:
                async with ctx.unit_in(tenant_id) as session:
                    is_more = await close_days(session, now=now)
            except (LumenError, SQLAlchemyError) as error:
                _log.warning("days_not_closed", tenant_id=str(tenant_id), exc_info=error)
                break
