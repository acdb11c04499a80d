"""Paying in Stars as a subscriber sees it: a button beside the one for money, or in its place."""

from __future__ import annotations

from lumenpay.bots.repository import get_bot
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.formatting import format_money
from lumenpay.models.bots import ShopStatus
from lumenpay.models.plans import Plan
from lumenpay.models.users import User
from lumenpay.payments.providers.stars.facts import XTR, can_renew_in_stars
from lumenpay.payments.repository import renews_in_stars
from lumenpay.promo_codes.rules import PriceQuote, tag_offer
from lumenpay.telegram.facts import Button
from tenants_worker.bot.texts.captions import caption
from tenants_worker.bot.views.autopay import Rows


async def add_buttons(session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None, rows: Rows) -> Rows:
    """Return the buttons that pay for a plan, with Stars where it has such a price; a promo code is for money only."""
    if plan.currency == XTR:
        return await _say_what_renews(session, user, plan, quote, rows)
    if plan.stars is None or quote is not None:
        return rows
    terms = tag_offer(plan, PriceQuote(plan.stars, 0), currency=XTR)
    words = await _choose_words(session, user, plan)
    price = format_money(plan.stars, XTR, locale=user.locale)
    button = Button(caption(user.locale, words, price=price), data=callbacks.pay_stars(plan.id, terms))
    # Without a shop there is no paying with money.
    is_alone = (await get_bot(session, plan.bot_id)).shop_status != ShopStatus.ACTIVE
    return [(button,)] if is_alone else [*rows, (button,)]


async def _say_what_renews(
    session: TenantSession, user: User, plan: Plan, quote: PriceQuote | None, rows: Rows
) -> Rows:
    amount_minor = plan.price_minor if quote is None else quote.amount_minor
    if not amount_minor:
        return rows
    words = "pay_stars" if quote is not None else await _choose_words(session, user, plan)
    price = format_money(amount_minor, XTR, locale=user.locale)
    data = callbacks.pay(plan.id, tag_offer(plan, quote))
    return [(Button(caption(user.locale, words, price=price), data=data),)]


async def _choose_words(session: TenantSession, user: User, plan: Plan) -> str:
    is_renewed = await renews_in_stars(session, user_id=user.id, plan_id=plan.id)
    return "subscribe_stars" if can_renew_in_stars(plan) and not is_renewed else "pay_stars"
