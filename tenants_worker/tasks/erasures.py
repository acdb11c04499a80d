"""Forgetting people, once nothing of theirs is in the air any more, and sending them what is known of them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from lumenpay.db.purging import list_due_erasures, list_due_forgetting_rules
from lumenpay.db.session import TenantSession
from lumenpay.erasures import forgetting
from lumenpay.erasures.copies import pack_copy
from lumenpay.erasures.erasing import take_step
from lumenpay.erasures.telling import read_all
from lumenpay.jobs.catalogue import SendCopyOfData
from lumenpay.models.ids import TenantId
from lumenpay.users.repository import get_user
from tenants_worker.bot.views import copies as views
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import send_file_to_user, tell_user

DUE_LIMIT = 200
RULES_AT_ONCE = 8
"""With `forgetting.HANDED_OVER` fewer people than `DUE_LIMIT`, so that no queue of them grows."""


async def forget_due(ctx: WorkerContext, now: datetime) -> None:
    """Forget everybody whose time has come; whoever has something in the air is looked at again."""

    async def step(session: TenantSession, erasure_id: UUID) -> None:
        await take_step(session, erasure_id=erasure_id, now=now)

    await sweep(ctx, await list_due_erasures(ctx.database, now=now, limit=DUE_LIMIT), step)


async def find_gone(ctx: WorkerContext, now: datetime) -> None:
    """Hand over people who are long gone, a few of each tenant that wants it, to be forgotten like who asked for it."""
    found: list[tuple[TenantId, UUID]] = []

    async def look(session: TenantSession, rule_id: UUID) -> None:
        people = await forgetting.take_share(session, rule_id=rule_id, now=now)
        found.extend((session.tenant_id, user_id) for user_id in people)

    async def hand_over(session: TenantSession, user_id: UUID) -> None:
        await forgetting.forget_if_gone(session, user_id=user_id, now=now)

    await sweep(ctx, await list_due_forgetting_rules(ctx.database, now=now, limit=RULES_AT_ONCE), look)
    await sweep(ctx, found, hand_over)


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
