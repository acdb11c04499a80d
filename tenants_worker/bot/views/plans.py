"""Plans: the list, the card of one, and the way to paying."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.kit.money import Money
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment, format_money, format_period, format_saving, format_until
from lumenpay.messages.markup import cut_html, visible_text
from lumenpay.messages.rules import MESSAGE_LIMIT, Html, escape
from lumenpay.messages.service import render
from lumenpay.models.payments import Payment
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.users import User
from lumenpay.plans.errors import PlanNotFoundError
from lumenpay.plans.offers import Offer, decide_offer, list_offers
from lumenpay.plans.repository import list_channels_of_plan
from lumenpay.plans.sale_rules import PlanRefusal, can_be_given, decide_gift_refusal
from lumenpay.promo_codes.rules import PriceQuote, tag_offer
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.promo_in_hand import PricesInHand
from tenants_worker.bot.texts.captions import PLAN_REASONS, PROMO_REASONS, STATES, caption
from tenants_worker.bot.views import autopay, receipts, stars
from tenants_worker.bot.views.menu import name_of
from tenants_worker.bot.views.overlaps import add_words, tell_overlap

_PRICES_SHOWN = 20
"""So many lines surely fit into a message; the buttons show the others."""


async def plan_list(session: TenantSession, user: User, in_hand: PricesInHand | None = None, *, now: datetime) -> View:
    """Return what /buy shows, at the prices that a promo code made."""
    locale = user.locale
    offers = (await list_offers(session, user, now=now))[:50]
    zone = (await get_own_tenant(session)).time_zone
    prices = {} if in_hand is None else in_hand.prices
    cheaper = [offer.plan for offer in offers if offer.plan.id in prices and offer.refusal is None][:_PRICES_SHOWN]
    key = MessageKey.PLAN_LIST if offers else MessageKey.NO_PLANS
    variables: dict[str, str] = {"name": name_of(user)}
    if in_hand is not None and cheaper:
        key = MessageKey.PROMO_CODE_TAKEN
        lines = [_price_line(plan, prices[plan.id], locale, time_zone=zone) for plan in cheaper]
        variables |= {
            "code": in_hand.promo_code.code,
            "saving": _saving(in_hand.promo_code, locale),
            "prices": Html("\n".join(lines)),
        }
    html = await render(session, bot_id=user.bot_id, key=key, locale=locale, variables=variables)
    renewing, off_rows = await autopay.list_renewing(session, user)
    if renewing:
        html = cut_html("\n".join((html, "", *renewing)), MESSAGE_LIMIT)
    buttons = [_plan_button(offer, prices.get(offer.plan.id), locale, time_zone=zone) for offer in offers]
    return View(html, (*((button,) for button in buttons), *off_rows))


def _plan_button(offer: Offer, quote: PriceQuote | None, locale: str, *, time_zone: str) -> Button:
    plan = offer.plan
    price, period = _price_and_period(plan, quote, locale, time_zone=time_zone)
    end = f" · {caption(locale, 'sold_out')}" if offer.refusal is PlanRefusal.SOLD_OUT else ""
    return Button(f"{plan.title} — {price} / {period}"[: 100 - len(end)] + end, data=callbacks.plan(plan.id))


def _price_line(plan: Plan, quote: PriceQuote, locale: str, *, time_zone: str) -> str:
    price, period = _price_and_period(plan, quote, locale, time_zone=time_zone)
    before = format_money(plan.price_minor, plan.currency, locale=locale)
    struck = f"<s>{escape(before)}</s> " if quote.amount_minor < plan.price_minor else ""
    return f"{escape(plan.title)}: {struck}<b>{escape(price)}</b> / {escape(period)}"


def _price_and_period(plan: Plan, quote: PriceQuote | None, locale: str, *, time_zone: str) -> tuple[str, str]:
    amount_minor, extra_days = (plan.price_minor, 0) if quote is None else (quote.amount_minor, quote.extra_days)
    price = format_money(amount_minor, plan.currency, locale=locale) if plan.price_minor else caption(locale, "free")
    return price, _period(plan, locale, time_zone=time_zone, extra_days=extra_days)


def _period(plan: Plan, locale: str, *, time_zone: str, extra_days: int = 0) -> str:
    if plan.fixed_end_at is not None:
        return format_until(plan.fixed_end_at, time_zone=time_zone, locale=locale)
    return format_period(PeriodUnit(plan.period_unit), plan.period_count, locale=locale, extra_days=extra_days)


async def plan_or_refusal(
    session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None = None, *, now: datetime
) -> View:
    """Return the card of a plan, or why this person cannot take it now.

    Raises:
        PlanNotFoundError: For this person there is no such plan.
    """
    offer = await decide_offer(session, user, plan, now=now)
    if offer.refusal is None or offer.refusal is PlanRefusal.OWNED_FOR_EVER:
        # Who has it for ever is told so when they want to pay.
        return await plan_card(session, user, plan, quote)
    if offer.refusal is PlanRefusal.LOCKED:
        raise PlanNotFoundError
    if offer.refusal is PlanRefusal.NOT_ON_SALE:
        return await cannot_sell(session, user)
    can_give = decide_gift_refusal(plan, offer.facts, now=now) is None
    return await plan_refused(session, user, plan, offer.refusal, ends_at=offer.facts.ends_at, can_give=can_give)


async def plan_refused(
    session: TenantSession, user: User, plan: Plan, refusal: PlanRefusal, *, ends_at: datetime | None,
    can_give: bool = False,
) -> View:  # fmt: skip
    """Return why this person cannot take a plan now, with the way to give it to somebody else."""
    at = plan.sale_starts_at if refusal is PlanRefusal.NOT_YET else ends_at
    key = f"for_{plan.audience}" if refusal is PlanRefusal.NOT_FOR_YOU else refusal.value
    zone = (await get_own_tenant(session)).time_zone
    moment = "" if at is None else format_moment(at, time_zone=zone, locale=user.locale)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.PLAN_REFUSED, locale=user.locale,
        variables={"plan": plan.title, "reason": PLAN_REASONS[user.locale][key].format(at=moment)},
    )  # fmt: skip
    gift = _gift_row(plan, user.locale) if can_give else []
    return View(html, (*gift, (Button(caption(user.locale, "back"), data=callbacks.BUY),)))


def _gift_row(plan: Plan, locale: str) -> list[tuple[Button, ...]]:
    return [(Button(caption(locale, "gift"), data=callbacks.gift(plan.id)),)] if can_be_given(plan) else []


def _saving(code: PromoCode, locale: str) -> str:
    return format_saving(DiscountKind(code.discount_kind), code.discount_value, code.currency, locale=locale)


async def plan_card(session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None = None) -> View:
    """Return the card of a plan, with the price that a promo code made of it."""
    locale = user.locale
    channels = await list_channels_of_plan(session, plan.id)
    full_price = format_money(plan.price_minor, plan.currency, locale=locale)
    amount_minor = plan.price_minor if quote is None else quote.amount_minor
    price = format_money(amount_minor, plan.currency, locale=locale)
    is_cheaper = amount_minor < plan.price_minor
    zone = (await get_own_tenant(session)).time_zone
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.PLAN_CARD, locale=locale,
        variables={
            "plan": plan.title,
            "description": plan.description,
            "channels": ", ".join(channel.title for channel in channels),
            "price": price if plan.price_minor else caption(locale, "free"),
            "period": _period(plan, locale, time_zone=zone, extra_days=quote.extra_days if quote else 0),
            "discount": STATES[locale]["discount"].format(price=full_price) if is_cheaper else "",
        },
    )  # fmt: skip
    pay = caption(locale, "pay", price=price) if amount_minor else caption(locale, "take")
    consent, rows = await autopay.offer(session, user, plan, quote)
    overlap = await tell_overlap(session, user, plan)
    # What is agreed to stands there whole, however long the description is.
    html = add_words(html, "\n\n".join(filter(None, (overlap, consent))))
    if not consent:
        rows = [(Button(pay, data=callbacks.pay(plan.id, tag_offer(plan, quote))),)]
    rows = await stars.add_buttons(session, user, plan, quote, rows)
    if quote is None and plan.price_minor:
        rows.append((Button(caption(locale, "promo"), data=callbacks.promo(plan.id)),))
    elif quote is not None:
        other = Button(caption(locale, "other_promo"), data=callbacks.promo(plan.id))
        rows.append((other, Button(caption(locale, "drop_promo"), data=callbacks.drop_promo(plan.id))))
    rows += _gift_row(plan, locale)
    rows += await receipts.list_rows(session, user, amount=Money(amount_minor, plan.currency))
    rows.append((Button(caption(locale, "back"), data=callbacks.BUY),))
    return View(html, tuple(rows))


async def promo_question(session: TenantSession, user: User, plan: Plan) -> View:
    """Return the request for a promo code."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.ASK_PROMO_CODE, locale=user.locale,
        variables={"plan": plan.title},
    )  # fmt: skip
    return View(html, ((_back_to_plan(user.locale, plan.id),),))


async def promo_refused(session: TenantSession, user: User, *, plan_id: UUID | None, reason: str) -> View:
    """Return why a promo code does not work, and the way back to the plan or to the list."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.PROMO_CODE_REFUSED, locale=user.locale,
        variables={"reason": PROMO_REASONS[user.locale].get(reason, reason)},
    )  # fmt: skip
    back = _back_to_plan(user.locale, plan_id) if plan_id else Button(caption(user.locale, "back"), data=callbacks.BUY)
    return View(html, ((back,),))


async def preparing(session: TenantSession, user: User, plan: Plan, *, amount_minor: int) -> View:
    """Return that the payment link is on its way, or the access itself where nothing is left to pay."""
    html = await render(
        session, bot_id=user.bot_id, locale=user.locale,
        key=MessageKey.PAYMENT_PREPARING if amount_minor else MessageKey.ACCESS_PREPARING,
        variables={"plan": plan.title, "amount": format_money(amount_minor, plan.currency, locale=user.locale)},
    )  # fmt: skip
    return View(html)


async def payment_link(session: TenantSession, user: User, plan: Plan, payment: Payment) -> View:
    """Return the button that pays."""
    locale = user.locale
    amount = format_money(payment.amount_minor, payment.currency, locale=locale)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.PAYMENT_LINK, locale=locale,
        variables={"plan": plan.title, "amount": amount},
    )  # fmt: skip
    pay = Button(caption(locale, "pay", price=amount), url=payment.confirmation_url)
    return View(html, ((pay,), (Button(caption(locale, "back"), data=callbacks.BUY),)))


async def terms_changed(
    session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None, *, refusal: str
) -> View:
    """Return the card of a plan as it is now, and why it is not what the person was shown."""
    card = await plan_card(session, user, plan, quote)
    states = STATES[user.locale]
    reason = states["code_gone"].format(reason=PROMO_REASONS[user.locale].get(refusal, refusal))
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.TERMS_CHANGED, locale=user.locale,
        variables={"reason": reason if refusal else states["plan_changed"], "card": Html(card.html)},
    )  # fmt: skip
    # A long description leaves no room for both: the price must be read.
    has_room = visible_text(card.html) in visible_text(html)
    return View(html if has_room else card.html, card.buttons)


async def owned_for_ever(session: TenantSession, user: User, plan: Plan) -> View:
    """Return that the person has the plan already, with the way to the links."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.OWNED_FOR_EVER, locale=user.locale, variables={"plan": plan.title}
    )
    links = Button(caption(user.locale, "links"), data=callbacks.LINKS)
    back = Button(caption(user.locale, "back"), data=callbacks.BUY)
    return View(html, ((links,), *_gift_row(plan, user.locale), (back,)))


async def cannot_sell(session: TenantSession, user: User) -> View:
    """Return that the plan cannot be bought now."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.CANNOT_SELL, locale=user.locale)
    return View(html, ((Button(caption(user.locale, "back"), data=callbacks.BUY),),))


async def channel_closed(session: TenantSession, user: User, plan: Plan) -> View:
    """Return that nobody can be let into a channel of the plan for the moment, and what else there is."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CHANNEL_CLOSED, locale=user.locale, variables={"plan": plan.title}
    )
    return View(html, ((Button(caption(user.locale, "back"), data=callbacks.BUY),),))


def _back_to_plan(locale: str, plan_id: UUID) -> Button:
    return Button(caption(locale, "back_to_plan"), data=callbacks.plan(plan_id))
