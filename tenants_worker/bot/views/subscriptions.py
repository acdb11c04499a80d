"""Subscriptions and channels of one person."""

from __future__ import annotations

from datetime import datetime

from lumenpay.access.overview import ChannelAccess, is_running, list_access
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_left, format_moment
from lumenpay.messages.rules import Html, escape
from lumenpay.messages.service import render
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.subscriptions.repository import list_of_user
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import STATES, caption

_SHOWN = 20


async def status(session: TenantSession, user: User, *, now: datetime) -> View:
    """Return what /status shows: each subscription with its end, and the way to links and to renewing."""
    found = await list_of_user(session, user.id)
    running = [(subscription, plan) for subscription, plan in found if is_running(subscription, now=now)]
    if not running:
        html = await render(session, bot_id=user.bot_id, key=MessageKey.STATUS_NONE, locale=user.locale)
        return View(html, ((Button(caption(user.locale, "buy"), data=callbacks.BUY),),))
    time_zone = (await get_own_tenant(session)).time_zone
    lines = [_line(user.locale, row, plan, time_zone=time_zone, now=now) for row, plan in running[:_SHOWN]]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.STATUS_ACTIVE, locale=user.locale,
        variables={"subscriptions": Html("\n".join(lines))},
    )  # fmt: skip
    rows = [(Button(caption(user.locale, "links"), data=callbacks.LINKS),)]
    rows += [
        (Button(f"{caption(user.locale, 'renew')}: {plan.title}"[:60], data=callbacks.plan(plan.id)),)
        for subscription, plan in running[:5]
        if subscription.ends_at is not None and plan.archived_at is None
    ]
    return View(html, tuple(rows))


def _line(locale: str, subscription: Subscription, plan: Plan, *, time_zone: str, now: datetime) -> str:
    words = STATES[locale]
    if subscription.ends_at is None:
        return f"• <b>{escape(plan.title)}</b> — {words['forever']}"
    ends = format_moment(subscription.ends_at, time_zone=time_zone, locale=locale)
    left = format_left(subscription.ends_at - now, locale=locale)
    state = words["until"] if subscription.ends_at > now else words["ended"]
    return f"• <b>{escape(plan.title)}</b> — {escape(state.format(ends=ends, left=left))}"


async def channels(session: TenantSession, user: User, *, now: datetime) -> View:
    """Return what /channels shows: which are open, with a button to enter, and why the others are not."""
    found = await list_access(session, user=user, now=now)
    if not found:
        html = await render(session, bot_id=user.bot_id, key=MessageKey.CHANNELS_NONE, locale=user.locale)
        return View(html)
    lines = [
        f"{'🟢' if item.is_open else '⚪️'} {escape(item.channel.title)} — {_state(user.locale, item)}"
        for item in found[:_SHOWN]
    ]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CHANNELS, locale=user.locale,
        variables={"channels": Html("\n".join(lines))},
    )  # fmt: skip
    doors = [item for item in found[:_SHOWN] if item.is_open and not item.is_inside]
    rows = [
        (Button(caption(user.locale, "enter", title=item.channel.title), url=item.entry_url),)
        for item in doors
        if item.entry_url
    ]
    if any(item.entry_url is None for item in doors):
        rows.append((Button(caption(user.locale, "links"), data=callbacks.LINKS),))
    if not all(item.is_open for item in found):
        rows.append((Button(caption(user.locale, "buy"), data=callbacks.BUY),))
    return View(html, tuple(rows))


def _state(locale: str, item: ChannelAccess) -> str:
    words = STATES[locale]
    if item.is_open:
        return words["inside"] if item.is_inside else words["open"]
    return words[item.why_not]
