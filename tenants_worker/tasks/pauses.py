"""The tick and the job of pauses: telling that one ends soon, ending it, and saying what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.db.dispatch import list_due_pauses
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import TellPause
from lumenpay.models.pauses import SubscriptionPause
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.subscriptions.pause_records import find_pause
from lumenpay.subscriptions.pausing import PAUSED, RESUMED, SOON, take_due_pause_step
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.users.repository import get_user
from tenants_worker.bot.views import pauses as views
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

DUE_LIMIT = 500


async def take_due_steps(ctx: WorkerContext, now: datetime) -> None:
    """Have every person told whose pause ends soon, and every subscription run again whose pause is over."""

    async def take(session: TenantSession, subscription_id: UUID) -> None:
        await take_due_pause_step(session, subscription_id=subscription_id, now=now)

    await sweep(ctx, await list_due_pauses(ctx.database, now=now, limit=DUE_LIMIT), take)


async def tell_pause(ctx: JobContext, job: TellPause) -> None:
    """Say that a subscription was paused, runs again soon or runs again; nothing once it is not so any more."""
    async with ctx.unit() as session:
        pause = await find_pause(session, job.pause_id)
        if pause is None:
            return
        subscription = await get_subscription(session, pause.subscription_id)
        user = await get_user(session, subscription.user_id)
        if user.blocked_bot_at is not None or not _is_so(job.about, pause, SubscriptionStatus(subscription.status)):
            return
        show = {PAUSED: views.paused, SOON: views.ends_soon, RESUMED: views.resumed}[job.about]
        view = await show(session, user, subscription)
    await tell_user(ctx, user=user, html=view.html, buttons=view.buttons)


def _is_so(about: str, pause: SubscriptionPause, status: SubscriptionStatus) -> bool:
    if about == RESUMED:
        return pause.ended_at is not None and status is SubscriptionStatus.ACTIVE
    return pause.ended_at is None and status is SubscriptionStatus.PAUSED
