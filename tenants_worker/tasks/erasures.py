"""Forgetting people, once nothing of theirs is in the air any more, and sending them what is known of them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from lumenpay.db.purging import list_due_erasures
from lumenpay.db.session import TenantSession
from lumenpay.erasures.copies import pack_copy
from lumenpay.erasures.erasing import take_step
from lumenpay.erasures.telling import read_all
from lumenpay.jobs.catalogue import SendCopyOfData
from lumenpay.users.repository import get_user
from tenants_worker.bot.views import copies as views
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import send_file_to_user, tell_user

DUE_LIMIT = 200


async def forget_due(ctx: WorkerContext, now: datetime) -> None:
    """Forget everybody whose time has come; whoever has something in the air is looked at again."""

    async def step(session: TenantSession, erasure_id: UUID) -> None:
        await take_step(session, erasure_id=erasure_id, now=now)

    await sweep(ctx, await list_due_erasures(ctx.database, now=now, limit=DUE_LIMIT), step)


async def send_copy(ctx: JobContext, job: SendCopyOfData) -> None:
    """Send a person all that is stored about them; nobody once they were forgotten."""
    async with ctx.unit() as session:
        user = await get_user(session, job.user_id)
        if user.erased_at is not None:
            return
        tables = await read_all(session, user)
        html, refusal = await views.under_file(session, user), await views.too_large(session, user)
    file = await asyncio.to_thread(pack_copy, tables, told_at=ctx.worker.clock.now())
    if file is None:
        await tell_user(ctx, user=user, html=refusal.html)
        return
    await send_file_to_user(ctx, user=user, name=file.name, content=file.content, html=html)
