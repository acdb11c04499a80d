"""Changing a plan as a subscriber sees it: which plans, what it costs, what is kept, and why it cannot be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from lumenpay.access.overview import is_running
from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.kit.text import utf16_length
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.consent import write_consent
from lumenpay.messages.formatting import format_left, format_money, format_period, format_until
from lumenpay.messages.markup import cut_html, visible_text
from lumenpay.messages.rules import MESSAGE_LIMIT, Html, escape
from lumenpay.messages.service import render
from lumenpay.models.autopays import AutopayStatus
from lumenpay.models.channels import Channel
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.subscriptions import Subscription
from lumenpay.models.users import User
from lumenpay.payments.terms import can_renew_by_itself
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.subscriptions.autopay import find_autopay
from lumenpay.subscriptions.changing import Change, can_carry_autopay, list_changes
from lumenpay.subscriptions.repository import list_of_user
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import caption
from tenants_worker.bot.texts.changes import DETAILS, change_button, change_reason

Rows = list[tuple[Button, ...]]
_SHOWN = 20
_MOMENT = timedelta(minutes=1)


async def list_buttons(
    session: TenantSession, user: User, found: list[tuple[Subscription, Plan]], *, now: datetime
) -> Rows:
    """Return a button to change the plan of each subscription that can be."""
    rows: Rows = []
    for subscription, plan in found[:5]:
        if plan.allows_changes and await list_changes(session, user, subscription, now=now):
            words = f"{change_button(user.locale, 'change')}: {plan.title}"[:60]
            rows.append((Button(words, data=callbacks.list_changes(subscription.id)),))
    return rows


async def plans(session: TenantSession, user: User, subscription: Subscription, *, now: datetime) -> View:
    """Return which plans a subscription can be changed to, and what each costs now."""
    plan = await get_plan(session, subscription.plan_id)
    changes = await list_changes(session, user, subscription, now=now)
    if not changes:
        return await refused(session, user, subscription, reason="")
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CHANGE_LIST, locale=user.locale, variables={"plan": plan.title}
    )
    rows = [
        (Button(_short(user.locale, change), data=callbacks.quote_change(subscription.id, change.plan.id)),)
        for change in changes[:_SHOWN]
    ]
    return View(html, (*rows, *_to_status(user)))


def _short(locale: str, change: Change) -> str:
    if change.quote.turned is not None:
        left = format_left(change.quote.turned, locale=locale)
        return change_button(locale, "to_turned", plan=change.plan.title[:40], left=left)
    price = format_money(change.quote.amount_minor, change.plan.currency, locale=locale)
    return change_button(locale, "to_paid", plan=change.plan.title[:40], price=price)


async def asked(session: TenantSession, user: User, change: Change, *, now: datetime, is_new: bool = False) -> View:
    """Return what a change costs now, what is kept and until when it lasts, with buttons to make it.

    Args:
        is_new: The person has seen another quote before, which holds no more.
    """
    locale, quote, old = user.locale, change.quote, await get_plan(session, change.old.plan_id)
    zone = (await get_own_tenant(session)).time_zone
    consent = await _find_consent(session, user, change)
    ends_at = None if quote.turned is None else now + quote.turned
    html = await render(
        session, bot_id=user.bot_id, locale=locale,
        key=MessageKey.CHANGE_PAID if quote.amount_minor else MessageKey.CHANGE_TURNED,
        variables={
            "before": old.title, "plan": change.plan.title,
            "left": format_left(quote.kept, locale=locale),
            "credit": format_money(quote.credit_minor, change.plan.currency, locale=locale),
            "price": format_money(change.plan.price_minor, change.plan.currency, locale=locale),
            "amount": format_money(quote.amount_minor, change.plan.currency, locale=locale),
            "period": _period(change.plan, locale, time_zone=zone),
            "until": "" if ends_at is None else format_until(ends_at, time_zone=zone, locale=locale),
            "details": Html("\n".join(await _list_details(session, user, change, consent=consent, now=now))),
        },
    )  # fmt: skip
    if is_new:
        html = cut_html(f"{escape(_SEEN_ANEW[locale])}\n\n{html}", MESSAGE_LIMIT)
    if consent:
        words = f"\n\n{escape(consent)}"
        html = cut_html(html, MESSAGE_LIMIT - utf16_length(visible_text(words))) + words
    back = Button(change_button(locale, "back"), data=callbacks.list_changes(change.old.id))
    return View(html, (*_choices(user, change, consent=consent), (back,)))


_SEEN_ANEW = {"ru": "Условия изменились, вот свежие:", "en": "The terms have changed, here are the new ones:"}


def _choices(user: User, change: Change, *, consent: str) -> Rows:
    locale, ids, tag = user.locale, (change.old.id, change.plan.id), change.tag
    price = format_money(change.quote.amount_minor, change.plan.currency, locale=locale)
    once, renewing = ("pay", "pay_and_renew") if change.quote.amount_minor else ("turn", "turn_and_renew")
    rows: Rows = []
    if consent:
        words = change_button(locale, renewing, price=price)
        rows.append((Button(words, data=callbacks.change_and_renew(*ids, tag)),))
    rows.append((Button(change_button(locale, once, price=price), data=callbacks.change(*ids, tag)),))
    return rows


async def _find_consent(session: TenantSession, user: User, change: Change) -> str:
    is_paid = change.quote.amount_minor > 0
    can_renew = can_renew_by_itself(change.plan, await get_bot(session, user.bot_id))
    if not can_renew or not (is_paid or await can_carry_autopay(session, change)):
        return ""
    return consent_of(user, change)


def consent_of(user: User, change: Change) -> str:
    """Return the words that a person agrees to with the button that keeps autopay."""
    locale, plan = user.locale, change.plan
    price = format_money(change.quote.amount_minor, plan.currency, locale=locale)
    name = "pay_and_renew" if change.quote.amount_minor else "turn_and_renew"
    return write_consent(
        locale, button=change_button(locale, name, price=price),
        price=format_money(plan.price_minor, plan.currency, locale=locale),
        period=format_period(PeriodUnit(plan.period_unit), plan.period_count, locale=locale),
    )  # fmt: skip


async def _list_details(
    session: TenantSession, user: User, change: Change, *, consent: str, now: datetime
) -> list[str]:  # fmt: skip
    words, lines = DETAILS[user.locale], []
    opened, closed = await _compare_channels(session, user, change, now=now)
    for key, channels in (("opened", opened), ("closed", closed)):
        if channels:
            lines.append(words[key].format(channels=escape(", ".join(channel.title for channel in channels))))
    assert change.old.ends_at is not None  # noqa: S101 - else there is nothing to change
    stays = change.old.ends_at - change.at - change.quote.kept
    if stays > _MOMENT:
        lines.append(words["stays"].format(left=format_left(stays, locale=user.locale)))
    autopay = await find_autopay(session, change.old.id)
    if autopay is not None and autopay.status == AutopayStatus.ON and not consent:
        lines.append(words["autopay_ends"])
    return ["", *lines] if lines else []


async def _compare_channels(
    session: TenantSession, user: User, change: Change, *, now: datetime
) -> tuple[list[Channel], list[Channel]]:
    before = await list_channels_of_plan(session, change.old.plan_id)
    after = await list_channels_of_plan(session, change.plan.id)
    others: set[Channel] = set()
    for subscription, plan in await list_of_user(session, user.id):
        if subscription.id != change.old.id and is_running(subscription, now=now):
            others.update(await list_channels_of_plan(session, plan.id))
    opened = [channel for channel in after if channel not in before and channel not in others]
    return opened, [channel for channel in before if channel not in after and channel not in others]


def _period(plan: Plan, locale: str, *, time_zone: str) -> str:
    if plan.fixed_end_at is not None:
        return format_until(plan.fixed_end_at, time_zone=time_zone, locale=locale)
    return format_period(PeriodUnit(plan.period_unit), plan.period_count, locale=locale)


async def refused(session: TenantSession, user: User, subscription: Subscription, *, reason: str) -> View:
    """Return why a plan cannot be changed."""
    plan = await get_plan(session, subscription.plan_id)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CHANGE_REFUSED, locale=user.locale,
        variables={"plan": plan.title, "reason": change_reason(user.locale, reason)},
    )  # fmt: skip
    return View(html, _to_status(user))


def _to_status(user: User) -> tuple[tuple[Button, ...], ...]:
    return ((Button(caption(user.locale, "status"), data=callbacks.STATUS),),)
