"""The tick and the job of the win-back series: taking due steps, and telling people of their offers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.db.dispatch import list_due_win_backs
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import SendWinBack
from lumenpay.jobs.errors import JobPostponed
from lumenpay.users.repository import find_time_zone
from lumenpay.win_backs.offers import load_unsent, note_sent
from lumenpay.win_backs.rules import is_within_hours
from lumenpay.win_backs.series import load_series
from lumenpay.win_backs.steps import take_step
from tenants_worker.bot.views import win_backs as views
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

DUE_LIMIT = 500
NIGHT_SECONDS = 1800
"""How often an offer that came too late in the day is looked at again."""


async def take_due_steps(ctx: WorkerContext, now: datetime) -> None:
    """Have everybody offered something whose step has come."""

    async def take(session: TenantSession, win_back_id: UUID) -> None:
        await take_step(session, win_back_id=win_back_id, now=now)

    await sweep(ctx, await list_due_win_backs(ctx.database, now=now, limit=DUE_LIMIT), take)


async def send_win_back(ctx: JobContext, job: SendWinBack) -> None:
    """Tell a person of an offer, by day; nothing once they came back, or want none."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        found = await load_unsent(session, job.offer_id, now=now)
        if found is None:
            return
        user, standing = found
        hours, zone = (await load_series(session)).hours, await find_time_zone(session, user)
        if not is_within_hours(now, hours=hours, time_zone=zone):
            raise JobPostponed("it is night where the person is", retry_after_seconds=NIGHT_SECONDS)
        view = await views.offered(session, user, standing)
    if await tell_user(ctx, user=user, html=view.html, buttons=view.buttons) is not None:
        async with ctx.unit() as session:
            await note_sent(session, job.offer_id, now=now)
