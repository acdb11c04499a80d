"""Pauses as a subscriber sees them: the question, that it stands still, that it runs again, or why it cannot."""

from __future__ import annotations

from datetime import datetime, timedelta

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_left, format_moment
from lumenpay.messages.rules import escape
from lumenpay.messages.service import render
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.leaving_rules import find_leaving_rules
from lumenpay.subscriptions.pausing import find_refusal
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import STATES, caption, pause_reason

Rows = list[tuple[Button, ...]]


async def asked(session: TenantSession, user: User, subscription: Subscription, *, now: datetime) -> View:
    """Return what a pause would mean, with a button to begin it; or why it cannot be had."""
    rules = await find_leaving_rules(session, subscription.plan_id)
    refusal = await find_refusal(session, subscription, now=now)
    if refusal or rules is None or subscription.ends_at is None:
        return await refused(session, user, subscription, reason=refusal)
    until_at = now + timedelta(days=rules.pause_days)
    html = await _write(session, MessageKey.PAUSE_ASKED, user, subscription, until_at, subscription.ends_at - now)
    yes = Button(caption(user.locale, "pause_yes"), data=callbacks.pause_now(subscription.id))
    return View(html, ((yes,), *_to_status(user)))


async def paused(session: TenantSession, user: User, subscription: Subscription) -> View:
    """Return that a subscription stands still and what is left of it, with a button to have it run again."""
    return await _standing_still(session, MessageKey.PAUSED, user, subscription)


async def ends_soon(session: TenantSession, user: User, subscription: Subscription) -> View:
    """Return that a pause ends soon by itself, with a button to end it at once."""
    return await _standing_still(session, MessageKey.PAUSE_ENDS, user, subscription)


async def resumed(session: TenantSession, user: User, subscription: Subscription) -> View:
    """Return that a subscription runs again, and until when."""
    plan, zone = await get_plan(session, subscription.plan_id), (await get_own_tenant(session)).time_zone
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.RESUMED, locale=user.locale,
        variables={
            "plan": plan.title,
            "ends": format_moment(subscription.ends_at, time_zone=zone, locale=user.locale)
            if subscription.ends_at
            else "",
        },
    )  # fmt: skip
    return View(html, _to_status(user))


async def refused(session: TenantSession, user: User, subscription: Subscription, *, reason: str) -> View:
    """Return why a subscription cannot be paused."""
    plan = await get_plan(session, subscription.plan_id)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.PAUSE_REFUSED, locale=user.locale,
        variables={"plan": plan.title, "reason": pause_reason(user.locale, reason)},
    )  # fmt: skip
    return View(html, _to_status(user))


def line(locale: str, subscription: Subscription, plan: Plan, *, time_zone: str) -> str:
    """Return the line of /status about a paused subscription."""
    until_at, ends_at = subscription.paused_until_at, subscription.ends_at
    assert until_at is not None  # noqa: S101 - it is paused
    assert ends_at is not None  # noqa: S101 - what has no end is not paused
    until = format_moment(until_at, time_zone=time_zone, locale=locale)
    words = STATES[locale]["paused"].format(until=until, left=format_left(ends_at - until_at, locale=locale))
    return f"• <b>{escape(plan.title)}</b> — {escape(words)}"


async def list_buttons(
    session: TenantSession, user: User, found: list[tuple[Subscription, Plan]], *, now: datetime
) -> Rows:
    """Return a button to pause each subscription that may be, and one to end each pause."""
    rows: Rows = []
    for subscription, plan in found[:10]:
        if subscription.status == SubscriptionStatus.PAUSED:
            words, data = "resume", callbacks.resume(subscription.id)
        elif not await find_refusal(session, subscription, now=now):
            words, data = "pause", callbacks.ask_pause(subscription.id)
        else:
            continue
        rows.append((Button(f"{caption(user.locale, words)}: {plan.title}"[:60], data=data),))
    return rows


async def _standing_still(
    session: TenantSession, key: MessageKey, user: User, subscription: Subscription
) -> View:  # fmt: skip
    until_at, ends_at = subscription.paused_until_at, subscription.ends_at
    if until_at is None or ends_at is None:
        return await resumed(session, user, subscription)
    html = await _write(session, key, user, subscription, until_at, ends_at - until_at)
    button = Button(caption(user.locale, "resume"), data=callbacks.resume(subscription.id))
    return View(html, ((button,), *_to_status(user)))


async def _write(
    session: TenantSession, key: MessageKey, user: User, subscription: Subscription, until_at: datetime,
    left: timedelta,
) -> str:  # fmt: skip
    plan, zone = await get_plan(session, subscription.plan_id), (await get_own_tenant(session)).time_zone
    return await render(
        session, bot_id=user.bot_id, key=key, locale=user.locale,
        variables={
            "plan": plan.title, "until": format_moment(until_at, time_zone=zone, locale=user.locale),
            "left": format_left(left, locale=user.locale),
        },
    )  # fmt: skip


def _to_status(user: User) -> tuple[tuple[Button, ...], ...]:
    return ((Button(caption(user.locale, "status"), data=callbacks.STATUS),),)
