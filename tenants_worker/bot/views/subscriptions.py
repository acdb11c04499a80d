"""Subscriptions and channels of one person."""

from __future__ import annotations

from datetime import datetime, timedelta

from lumenpay.access.overview import ChannelAccess, is_running, list_access
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_left, format_moment, format_money
from lumenpay.messages.markup import cut_html
from lumenpay.messages.rules import MESSAGE_LIMIT, Html, escape
from lumenpay.messages.service import render
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.repository import list_unpaid
from lumenpay.plans.offers import decide_offer
from lumenpay.plans.repository import get_plan
from lumenpay.subscriptions.repository import list_of_user, list_periods
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import STATES, caption
from tenants_worker.bot.views.autopay import list_renewing
from tenants_worker.bot.views.changes import list_buttons as change_buttons
from tenants_worker.bot.views.pauses import line as pause_line
from tenants_worker.bot.views.pauses import list_buttons

_SHOWN = 20
_PERIODS = 4
_LATELY = timedelta(days=30)


async def status(session: TenantSession, user: User, *, now: datetime) -> View:
    """Return what /status shows: subscriptions with their periods, what ended lately, and an order to be paid."""
    found = await list_of_user(session, user.id)
    is_kept = {row.id: is_running(row, now=now) or row.status == SubscriptionStatus.PAUSED for row, _ in found}
    kept = [(row, plan) for row, plan in found if is_kept[row.id]][:_SHOWN]
    running = [(row, plan) for row, plan in kept if row.status != SubscriptionStatus.PAUSED]
    lapsed = [(row, plan) for row, plan in found if not is_kept[row.id] and _is_recent(row, now=now)]
    time_zone = (await get_own_tenant(session)).time_zone
    shown = [await _line(session, user.locale, row, plan, time_zone=time_zone, now=now) for row, plan in kept]
    ended = [await _line(session, user.locale, row, plan, time_zone=time_zone, now=now) for row, plan in lapsed[:5]]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.STATUS_ACTIVE if kept else MessageKey.STATUS_NONE,
        locale=user.locale, variables={"subscriptions": Html("\n".join(shown))},
    )  # fmt: skip
    if ended:
        html = cut_html("\n".join((html, "", STATES[user.locale]["lapsed"], *ended)), MESSAGE_LIMIT)
    lines, off_rows = await list_renewing(session, user)
    if lines:
        html = cut_html("\n".join((html, "", *lines)), MESSAGE_LIMIT)
    rows = await _unpaid_rows(session, user)
    pauses = await list_buttons(session, user, kept, now=now)
    if not running:
        rows += [*pauses, (Button(caption(user.locale, "buy"), data=callbacks.BUY),), *off_rows]
        return View(html, tuple(rows))
    rows.append((Button(caption(user.locale, "links"), data=callbacks.LINKS),))
    rows += [
        (Button(f"{caption(user.locale, 'renew')}: {plan.title}"[:60], data=callbacks.plan(plan.id)),)
        for subscription, plan in running[:5]
        if subscription.ends_at is not None and (await decide_offer(session, user, plan, now=now)).refusal is None
    ]
    rows += [*await change_buttons(session, user, running, now=now), *pauses, *off_rows]
    return View(html, tuple(rows))


async def _unpaid_rows(session: TenantSession, user: User) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    for payment in await list_unpaid(session, user_id=user.id):
        amount = format_money(payment.amount_minor, payment.currency, locale=user.locale)
        title = (await get_plan(session, payment.plan_id)).title
        rows.append(
            (Button(f"{caption(user.locale, 'pay', price=amount)}: {title}"[:60], url=payment.confirmation_url),)
        )
    return rows


def _is_recent(subscription: Subscription, *, now: datetime) -> bool:
    return subscription.access_ends_at is not None and now - subscription.access_ends_at < _LATELY


async def _line(
    session: TenantSession, locale: str, subscription: Subscription, plan: Plan, *, time_zone: str, now: datetime
) -> str:
    words = STATES[locale]
    if subscription.status == SubscriptionStatus.PAUSED:
        return pause_line(locale, subscription, plan, time_zone=time_zone)
    if subscription.ends_at is None:
        return f"• <b>{escape(plan.title)}</b> — {words['forever']}"
    if subscription.ends_at <= now:
        ends = format_moment(subscription.ends_at, time_zone=time_zone, locale=locale)
        return f"• <b>{escape(plan.title)}</b> — {escape(words['ended'].format(ends=ends))}"
    # One period goes on now; those behind it were paid for in advance.
    paid = [period.during.upper for period in await list_periods(session, subscription.id)]
    first, *later = [end for end in paid if end is not None and end > now][:_PERIODS] or [subscription.ends_at]
    left = format_left(subscription.ends_at - now, locale=locale)
    moments = [format_moment(end, time_zone=time_zone, locale=locale) for end in (first, *later)]
    states = [words["until"].format(ends=moments[0], left=left)]
    states += [words["then"].format(ends=moment) for moment in moments[1:]]
    return f"• <b>{escape(plan.title)}</b> — {escape(', '.join(states))}"


async def channels(session: TenantSession, user: User, *, now: datetime) -> View:
    """Return what /channels shows: which are open, with a button to enter, and why the others are not."""
    found = await list_access(session, user=user, now=now)
    if not found:
        html = await render(session, bot_id=user.bot_id, key=MessageKey.CHANNELS_NONE, locale=user.locale)
        return View(html)
    lines = [f"{_mark(item)} {escape(item.channel.title)} — {_state(user.locale, item)}" for item in found[:_SHOWN]]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CHANNELS, locale=user.locale,
        variables={"channels": Html("\n".join(lines))},
    )  # fmt: skip
    mine = [item for item in found[:_SHOWN] if item.is_open and (item.is_ready or item.is_inside)]
    doors = [item for item in mine if item.entry_url and not item.is_inside]
    rows = [(Button(caption(user.locale, "enter", title=item.channel.title), url=item.entry_url),) for item in doors]
    if len(doors) < len(mine):
        # Also for who is believed to be inside: Telegram is asked, and whoever is not gets a link.
        rows.append((Button(caption(user.locale, "links"), data=callbacks.LINKS),))
    if not all(item.is_open for item in found):
        rows.append((Button(caption(user.locale, "buy"), data=callbacks.BUY),))
    return View(html, tuple(rows))


def _mark(item: ChannelAccess) -> str:
    if not item.is_open:
        return "⚪️"
    return "🟢" if item.is_inside or item.is_ready else "🟡"


def _state(locale: str, item: ChannelAccess) -> str:
    words = STATES[locale]
    if not item.is_open:
        return words[item.why_not]
    if item.is_inside:
        return words["inside"]
    return words["open"] if item.is_ready else words["closed"]
