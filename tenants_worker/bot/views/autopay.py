"""Autopay as a subscriber sees it: the offer on a plan's card, what will be charged, and the way to turn it off."""

from __future__ import annotations

from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.consent import write_consent
from lumenpay.messages.formatting import format_moment, format_money, format_period
from lumenpay.messages.rules import escape
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.users import User
from lumenpay.payments.terms import can_renew_by_itself
from lumenpay.promo_codes.rules import PriceQuote, tag_offer
from lumenpay.subscriptions.autopay import expected_charge_at, find_price, list_on_of_user
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.texts.captions import STATES, autopay_reason, caption

Rows = list[tuple[Button, ...]]


def consent_of(user: User, plan: Plan, quote: PriceQuote | None = None) -> str:
    """Return the words that a person agrees to with the button of `offer`."""
    locale = user.locale
    amount_minor = plan.price_minor if quote is None else quote.amount_minor
    return write_consent(
        locale, button=caption(locale, "pay_and_renew", price=format_money(amount_minor, plan.currency, locale=locale)),
        price=format_money(plan.price_minor, plan.currency, locale=locale),
        period=format_period(PeriodUnit(plan.period_unit), plan.period_count, locale=locale),
    )  # fmt: skip


async def offer(session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None) -> tuple[str, Rows]:
    """Return the words and the buttons of paying with autopay or once; nothing where it cannot be had."""
    amount_minor = plan.price_minor if quote is None else quote.amount_minor
    if not amount_minor or not can_renew_by_itself(plan, await get_bot(session, plan.bot_id)):
        return "", []
    price, terms = format_money(amount_minor, plan.currency, locale=user.locale), tag_offer(plan, quote)
    rows: Rows = [
        (Button(caption(user.locale, "pay_and_renew", price=price), data=callbacks.pay_and_renew(plan.id, terms)),),
        (Button(caption(user.locale, "pay_once", price=price), data=callbacks.pay(plan.id, terms)),),
    ]
    return consent_of(user, plan, quote), rows


async def list_renewing(session: TenantSession, user: User) -> tuple[list[str], Rows]:
    """Return a line and a button to turn it off for everything of a person that renews by itself."""
    lines: list[str] = []
    rows: Rows = []
    words, zone = STATES[user.locale], (await get_own_tenant(session)).time_zone
    for autopay, subscription, plan in (await list_on_of_user(session, user.id))[:5]:
        price = await find_price(session, autopay)
        at = expected_charge_at(autopay, subscription)
        if price is not None and at is not None:
            line = words["renews"].format(
                plan=plan.title, when=format_moment(at, time_zone=zone, locale=user.locale),
                amount=format_money(price.amount_minor, price.currency, locale=user.locale),
                method=autopay.method_title,
            )  # fmt: skip
        else:
            reason = autopay_reason(user.locale, autopay.last_failure or "not_told")
            line = words["renews_not"].format(plan=plan.title, reason=reason)
        lines.append(escape(line))
        title = f"{caption(user.locale, 'autopay_off')}: {plan.title}"[:60]
        rows.append((Button(title, data=callbacks.turn_off_autopay(subscription.id)),))
    return lines, rows
