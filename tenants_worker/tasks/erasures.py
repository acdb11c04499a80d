"""Forgetting people, once nothing of theirs is in the air any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.db.purging import list_due_erasures
from lumenpay.db.session import TenantSession
from lumenpay.erasures.erasing import take_step
from tenants_worker.context import WorkerContext
from tenants_worker.tasks.sweeping import sweep

DUE_LIMIT = 200


async def forget_due(ctx: WorkerContext, now: datetime) -> None:
    """Forget everybody whose time has come; whoever has something in the air is looked at again."""

    async def step(session: TenantSession, erasure_id: UUID) -> None:
        await take_step(session, erasure_id=erasure_id, now=now)

    await sweep(ctx, await list_due_erasures(ctx.database, now=now, limit=DUE_LIMIT), step)
