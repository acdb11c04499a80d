"""What the console needs done by the clock: checks of the whole platform, and ends of impersonations."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from lumenpay.db import dispatch
from lumenpay.kit.logs import get_logger
from lumenpay.staff.impersonation import expire_impersonation
from lumenpay.staff.invariants import check_invariants
from tenants_worker.context import WorkerContext
from tenants_worker.tasks.sweeping import sweep

_PAGE = 200
_log = get_logger(__name__)


async def check_all_invariants(ctx: WorkerContext, now: datetime) -> None:
    """Ask whether what must always be true is, and say in the log what is not."""
    for result in await check_invariants(ctx.database, now=now):
        if result.error:
            _log.warning("invariant_not_checked", check=result.name, error=result.error)
        elif result.violations:
            _log.error("invariant_broken", check=result.name, violations=result.violations, first=result.samples[0])


async def end_due_impersonations(ctx: WorkerContext, now: datetime) -> None:
    """Write the end of every view of a tenant by staff whose time is over."""
    rows = await dispatch.list_due_impersonations(ctx.database, now=now, limit=_PAGE)
    await sweep(ctx, rows, partial(expire_impersonation, now=now))
