"""Jobs and ticks of subscriptions: reminders, the end, and telling about both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.access.overview import list_still_open
from lumenpay.db.dispatch import list_due_expiries, list_due_reminders
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ReplanReminders, SendReminder, TellExpired
from lumenpay.jobs.outbox import enqueue
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_left, format_moment
from lumenpay.messages.service import render
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.expiry import expire_subscription
from lumenpay.subscriptions.reminders import claim_reminder, replan_reminders
from lumenpay.subscriptions.repository import get_subscription, list_sent_offsets
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user
from lumenpay.win_backs.steps import begin_win_back
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.plan_buttons import is_sold_to, plan_button
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

DUE_LIMIT = 500
REPLAN_PAGE = 500
REPLAN_PAGES = 20


async def expire_due(ctx: WorkerContext, now: datetime) -> None:
    """End every subscription whose access is over."""

    async def expire(session: TenantSession, subscription_id: UUID) -> None:
        if await expire_subscription(session, subscription_id=subscription_id, now=now):
            await begin_win_back(session, subscription_id=subscription_id, now=now)

    await sweep(ctx, await list_due_expiries(ctx.database, now=now, limit=DUE_LIMIT), expire)


async def remind_due(ctx: WorkerContext, now: datetime) -> None:
    """Have every reminder sent whose moment has come."""

    async def claim(session: TenantSession, subscription_id: UUID) -> None:
        await claim_reminder(session, subscription_id=subscription_id, now=now)

    await sweep(ctx, await list_due_reminders(ctx.database, now=now, limit=DUE_LIMIT), claim)


async def replan_tenant_reminders(ctx: JobContext, job: ReplanReminders) -> None:
    """Set anew when the tenant's running subscriptions are reminded next; a long list goes on in a further job."""
    now, last = ctx.worker.clock.now(), job.after_id
    for _ in range(REPLAN_PAGES):
        async with ctx.unit() as session:
            found = await replan_reminders(session, after=last, limit=REPLAN_PAGE, now=now)
        if found is None:
            return
        last = found
    async with ctx.unit() as session:
        await enqueue(session, ReplanReminders(last), now=now)


async def send_reminder(ctx: JobContext, job: SendReminder) -> None:
    """Tell a subscriber that the end is near; nothing is sent after a renewal or the end itself."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        subscription = await get_subscription(session, job.subscription_id)
        ends_at = subscription.ends_at
        is_running = subscription.status == SubscriptionStatus.ACTIVE and ends_at is not None and ends_at > now
        if not is_running or ends_at is None:
            return
        # Recorded for another end: the person has renewed since.
        if job.offset_seconds not in await list_sent_offsets(session, subscription.id, ends_at=ends_at):
            return
        user = await get_user(session, subscription.user_id)
        if user.blocked_bot_at is not None:
            return
        plan = await get_plan(session, subscription.plan_id)
        tenant = await get_own_tenant(session)
        is_sold = await is_sold_to(session, user, plan, now=now)
        html = await render(
            session, bot_id=subscription.bot_id, locale=user.locale,
            key=MessageKey.REMINDER if is_sold else MessageKey.REMINDER_LAST,
            variables={
                "plan": plan.title,
                "ends": format_moment(ends_at, time_zone=tenant.time_zone, locale=user.locale),
                "left": format_left(ends_at - now, locale=user.locale),
            },
        )  # fmt: skip
    buttons = plan_button(plan, is_sold=is_sold, words="renew", locale=user.locale)
    await tell_user(ctx, user=user, html=html, buttons=buttons)


async def tell_expired(ctx: JobContext, job: TellExpired) -> None:
    """Tell a subscriber that it is over and how to come back; nothing is sent to who came back already."""
    async with ctx.unit() as session:
        subscription = await get_subscription(session, job.subscription_id)
        if subscription.status != SubscriptionStatus.EXPIRED:
            return
        user = await get_user(session, subscription.user_id)
        if user.blocked_bot_at is not None:
            return
        plan = await get_plan(session, subscription.plan_id)
        still_open = await list_still_open(session, user=user, plan_id=plan.id, now=ctx.worker.clock.now())
        html = await render(
            session, bot_id=subscription.bot_id, locale=user.locale,
            key=MessageKey.EXPIRED_PARTLY if still_open else MessageKey.EXPIRED,
            variables={"plan": plan.title, "channels": ", ".join(channel.title for channel in still_open)},
        )  # fmt: skip
        is_sold = await is_sold_to(session, user, plan, now=ctx.worker.clock.now())
    buttons = plan_button(plan, is_sold=is_sold, words="come_back", locale=user.locale)
    await tell_user(ctx, user=user, html=html, buttons=buttons)
