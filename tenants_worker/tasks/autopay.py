"""Jobs and the tick of autopay: the notice before a charge, what became of it, and shops that cannot do it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.bots import service as bots
from lumenpay.db.dispatch import list_due_autopays
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import NoteMethodNotSaved, NoticeAutopay, TellAutopay
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment, format_money
from lumenpay.messages.service import render
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.repository import get_payment
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.autopay import TOLD_OFF, find_autopay, find_price
from lumenpay.subscriptions.autopay_rules import Dunning, decide_charge_at
from lumenpay.subscriptions.charges import record_not_told, record_noticed, take_due_step
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user
from tenants_worker.bot.texts.captions import autopay_reason, caption
from tenants_worker.context import JobContext, WorkerContext
from tenants_worker.tasks.plan_buttons import is_sold_to, plan_button
from tenants_worker.tasks.sweeping import sweep
from tenants_worker.tasks.telling import tell_user

DUE_LIMIT = 500
SURELY_SAVED = frozenset({"bank_card"})
"""Methods that a shop which may save any saves always; others may be of a kind that cannot be saved."""


async def take_due_steps(ctx: WorkerContext, now: datetime) -> None:
    """Have every notice sent and every charge made whose moment has come."""

    async def take(session: TenantSession, subscription_id: UUID) -> None:
        await take_due_step(session, subscription_id=subscription_id, now=now)

    await sweep(ctx, await list_due_autopays(ctx.database, now=now, limit=DUE_LIMIT), take)


async def notice_autopay(ctx: JobContext, job: NoticeAutopay) -> None:
    """Say what will be charged and when, with the button that turns it off. Who cannot be told is not charged."""
    now = ctx.worker.clock.now()
    async with ctx.unit() as session:
        subscription = await get_subscription(session, job.subscription_id)
        autopay = await find_autopay(session, subscription.id)
        ends_at = subscription.ends_at
        if autopay is None or autopay.status != AutopayStatus.ON or ends_at is None:
            return
        if autopay.noticed_end_at != ends_at or autopay.noticed_at is not None:
            return
        user, plan = await get_user(session, subscription.user_id), await get_plan(session, subscription.plan_id)
        if user.blocked_bot_at is not None:
            await record_not_told(session, subscription.id, ends_at=ends_at, now=now)
            return
        when = decide_charge_at(ends_at, noticed_at=now)
        html = await _write(session, MessageKey.AUTOPAY_NOTICE, user, plan, autopay, subscription, when=when)
    buttons = _off_button(user, subscription.id)
    was_told = await tell_user(ctx, user=user, html=html, buttons=buttons) is not None
    async with ctx.unit() as session:
        record_told = record_noticed if was_told else record_not_told
        await record_told(session, subscription.id, ends_at=ends_at, now=ctx.worker.clock.now())


async def tell_autopay(ctx: JobContext, job: TellAutopay) -> None:
    """Say what a failed charge leads to, or that the team turned autopay off; nothing once it is not so any more."""
    async with ctx.unit() as session:
        subscription = await get_subscription(session, job.subscription_id)
        autopay = await find_autopay(session, subscription.id)
        if autopay is None or subscription.status != SubscriptionStatus.ACTIVE:
            return
        if (key := _choose_text(job.about, autopay, subscription)) is None:
            return
        user, plan = await get_user(session, subscription.user_id), await get_plan(session, subscription.plan_id)
        if user.blocked_bot_at is not None:
            return
        html = await _write(session, key, user, plan, autopay, subscription, when=autopay.next_step_at)
        is_sold = await is_sold_to(session, user, plan, now=ctx.worker.clock.now())
    buttons: Buttons = plan_button(plan, is_sold=is_sold, words="renew", locale=user.locale)
    if key is MessageKey.AUTOPAY_RETRY:
        buttons = (*buttons, *_off_button(user, subscription.id))
    await tell_user(ctx, user=user, html=html, buttons=buttons)


def _choose_text(about: str, autopay: Autopay, subscription: Subscription) -> MessageKey | None:
    is_on = autopay.status == AutopayStatus.ON
    if about == TOLD_OFF:
        return None if is_on else MessageKey.AUTOPAY_OFF
    if autopay.last_failure is None or autopay.noticed_end_at != subscription.ends_at:
        return None  # The person has renewed since.
    if about == Dunning.RETRY:
        return MessageKey.AUTOPAY_RETRY if is_on and autopay.next_step_at is not None else None
    return MessageKey.AUTOPAY_FAILED


async def note_method_not_saved(ctx: JobContext, job: NoteMethodNotSaved) -> None:
    """Remember of a shop that a card which it was asked to save was not saved: autopay is not offered there."""
    async with ctx.unit() as session:
        payment = await get_payment(session, job.payment_id)
        if payment.method in SURELY_SAVED:
            now = ctx.worker.clock.now()
            await bots.mark_recurring_refused(session, payment.bot_id, shop_id=payment.shop_id, now=now)


async def _write(
    session: TenantSession, key: MessageKey, user: User, plan: Plan, autopay: Autopay, subscription: Subscription, *,
    when: datetime | None,
) -> str:  # fmt: skip
    zone, locale = (await get_own_tenant(session)).time_zone, user.locale
    price = await find_price(session, autopay)
    ends_at = subscription.access_ends_at
    return await render(
        session, bot_id=subscription.bot_id, key=key, locale=locale,
        variables={
            "plan": plan.title,
            "amount": format_money(price.amount_minor, price.currency, locale=locale) if price else "",
            "method": autopay.method_title,
            "reason": autopay_reason(locale, autopay.last_failure),
            "when": _say(when, zone, locale),
            "ends": _say(ends_at, zone, locale),
        },
    )  # fmt: skip


def _say(moment: datetime | None, time_zone: str, locale: str) -> str:
    return "" if moment is None else format_moment(moment, time_zone=time_zone, locale=locale)


def _off_button(user: User, subscription_id: UUID) -> Buttons:
    return ((Button(caption(user.locale, "autopay_off"), data=callbacks.turn_off_autopay(subscription_id)),),)
