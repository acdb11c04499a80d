"""Gifts as people see them: what one costs, what is handed on, what its receiver finds, and what its giver hears."""

from __future__ import annotations

from datetime import datetime

from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.gifts.rules import GiftRefusal, decide_expiry
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment, format_money, format_period, format_until
from lumenpay.messages.rules import Html, escape
from lumenpay.messages.service import render
from lumenpay.models.bots import ShopStatus
from lumenpay.models.gifts import Gift
from lumenpay.models.payments import Payment
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.users import User
from lumenpay.payments.providers.stars.facts import XTR
from lumenpay.plans.repository import get_plan, list_channels_of_plan
from lumenpay.promo_codes.rules import PriceQuote, tag_offer
from lumenpay.subscriptions.gift_claims import FoundGift
from lumenpay.subscriptions.repository import find_of_plan
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import caption
from tenants_worker.bot.texts.gifts import CLOSED_REASONS, REFUSALS
from tenants_worker.bot.views.menu import menu_buttons, name_of


async def card(session: TenantSession, user: User, plan: Plan, *, now: datetime) -> View:
    """Return what a plan costs as a gift, with the buttons that pay for it."""
    locale, zone = user.locale, (await get_own_tenant(session)).time_zone
    price = format_money(plan.price_minor, plan.currency, locale=locale)
    expires_at = decide_expiry(now, fixed_end_at=plan.fixed_end_at)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.GIFT_ASKED, locale=locale,
        variables={
            "plan": plan.title, "price": price, "period": _period(plan, locale, zone=zone),
            "until": format_moment(expires_at, time_zone=zone, locale=locale),
        },
    )  # fmt: skip
    words = "pay_stars" if plan.currency == XTR else "pay"
    rows = [(Button(caption(locale, words, price=price), data=callbacks.pay_gift(plan.id, tag_offer(plan, None))),)]
    if plan.stars is not None and plan.currency != XTR:
        terms = tag_offer(plan, PriceQuote(plan.stars, 0), currency=XTR)
        stars = caption(locale, "pay_stars", price=format_money(plan.stars, XTR, locale=locale))
        is_alone = (await get_bot(session, plan.bot_id)).shop_status != ShopStatus.ACTIVE
        rows = [*([] if is_alone else rows), (Button(stars, data=callbacks.pay_gift_in_stars(plan.id, terms)),)]
    return View(html, (*rows, (Button(caption(locale, "back_to_plan"), data=callbacks.plan(plan.id)),)))


async def offered(session: TenantSession, user: User, found: FoundGift, token: str) -> View:
    """Return what a link opens, with a button to take it; or why this person cannot."""
    if found.gift is None or found.order is None or found.refusal is not None:
        return await refused(session, user, found.refusal or GiftRefusal.UNKNOWN)
    if found.is_theirs:
        return await taken(session, user, found.gift)
    plan, giver = await get_plan(session, found.gift.plan_id), await get_user(session, found.gift.giver_id)
    channels = await list_channels_of_plan(session, plan.id)
    zone = (await get_own_tenant(session)).time_zone
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.GIFT_OFFERED, locale=user.locale,
        variables={
            "giver": name_of(giver), "plan": plan.title, "period": _length(found.order, user.locale, zone=zone),
            "channels": ", ".join(channel.title for channel in channels),
        },
    )  # fmt: skip
    return View(html, ((Button(caption(user.locale, "gift_take"), data=callbacks.take_gift(token)),),))


async def taken(session: TenantSession, user: User, gift: Gift) -> View:
    """Return that the gift is theirs, and until when the access is open."""
    plan, zone = await get_plan(session, gift.plan_id), (await get_own_tenant(session)).time_zone
    present = await find_of_plan(session, user_id=user.id, plan_id=plan.id)
    until = format_until(present.ends_at if present is not None else None, time_zone=zone, locale=user.locale)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.GIFT_TAKEN, locale=user.locale,
        variables={"plan": plan.title, "paid_until": until},
    )  # fmt: skip
    return View(html, menu_buttons(user.locale))


async def refused(session: TenantSession, user: User, refusal: GiftRefusal) -> View:
    """Return why a person cannot take a gift."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.GIFT_REFUSED, locale=user.locale,
        variables={"reason": REFUSALS[user.locale][refusal.value]},
    )  # fmt: skip
    return View(html, menu_buttons(user.locale))


async def ready(session: TenantSession, giver: User, gift: Gift) -> View:
    """Return that the gift is paid, and what to do with the next message."""
    return View(await _tell(session, MessageKey.GIFT_READY, giver, gift))


async def to_hand_on(session: TenantSession, giver: User, gift: Gift, order: Payment, *, url: str) -> View:
    """Return the message that the giver forwards: a button with an address survives that."""
    zone = (await get_own_tenant(session)).time_zone
    more = {"giver": name_of(giver), "period": _length(order, giver.locale, zone=zone), "link": Html(_link(url))}
    html = await _tell(session, MessageKey.GIFT_CARD, giver, gift, **more)
    return View(html, ((Button(caption(giver.locale, "gift_open"), url=url),),))


async def reminder(session: TenantSession, giver: User, gift: Gift, *, url: str) -> View:
    """Return that nobody took the gift yet, with a link to it."""
    html = await _tell(session, MessageKey.GIFT_REMINDER, giver, gift, link=Html(_link(url)))
    return View(html, ((Button(caption(giver.locale, "gift_open"), url=url),),))


async def claimed(session: TenantSession, giver: User, gift: Gift, receiver: User) -> View:
    """Return who took the gift."""
    return View(await _tell(session, MessageKey.GIFT_CLAIMED, giver, gift, receiver=name_of(receiver)))


async def closed(session: TenantSession, giver: User, gift: Gift) -> View:
    """Return that nobody can take the gift any more, and why."""
    reason = CLOSED_REASONS[giver.locale][str(gift.status)]
    return View(await _tell(session, MessageKey.GIFT_CLOSED, giver, gift, reason=reason), menu_buttons(giver.locale))


async def _tell(session: TenantSession, key: MessageKey, giver: User, gift: Gift, /, **more: str) -> str:
    plan, zone = await get_plan(session, gift.plan_id), (await get_own_tenant(session)).time_zone
    until = format_moment(gift.expires_at, time_zone=zone, locale=giver.locale)
    variables = {"plan": plan.title, "until": until, **more}
    return await render(session, bot_id=giver.bot_id, key=key, locale=giver.locale, variables=variables)


def _link(url: str) -> str:
    return f'<a href="{escape(url)}">{escape(url)}</a>'


def _period(plan: Plan, locale: str, *, zone: str) -> str:
    if plan.fixed_end_at is not None:
        return format_until(plan.fixed_end_at, time_zone=zone, locale=locale)
    return format_period(PeriodUnit(plan.period_unit), plan.period_count, locale=locale)


def _length(order: Payment, locale: str, *, zone: str) -> str:
    if order.fixed_end_at is not None:
        return format_until(order.fixed_end_at, time_zone=zone, locale=locale)
    return format_period(PeriodUnit(order.period_unit), order.period_count, locale=locale, extra_days=order.extra_days)
