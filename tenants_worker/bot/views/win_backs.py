"""What a person reads whose subscription ended some days ago: the offer, and that there will be no more of them."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment, format_saving
from lumenpay.messages.service import render
from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.users import User
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.win_backs.offers import StandingOffer
from lumenpay.win_backs.preview import BUTTONS
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import caption
from tenants_worker.bot.views.menu import name_of


async def offered(session: TenantSession, user: User, standing: StandingOffer) -> View:
    """Return the offer, the way to the price that it makes, and the way out of the series."""
    locale, code = user.locale, standing.promo_code
    saving = format_saving(DiscountKind(code.discount_kind), code.discount_value, code.currency, locale=locale)
    zone = (await get_own_tenant(session)).time_zone
    titles = [plan.title for plan in standing.plans] or [standing.ended_plan.title]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.WIN_BACK, locale=locale,
        variables={
            "name": name_of(user),
            "plan": ", ".join(titles),
            "saving": saving,
            "until": format_moment(standing.offer.valid_until_at, time_zone=zone, locale=locale),
        },
    )  # fmt: skip
    take, stop = BUTTONS[locale]
    return View(
        html,
        (
            (Button(take.format(saving=saving), data=callbacks.take_win_back(standing.offer.id)),),
            (Button(stop, data=callbacks.stop_win_backs(standing.offer.id)),),
        ),
    )


async def no_more(session: TenantSession, user: User) -> View:
    """Return that there will be no more offers."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.WIN_BACK_OFF, locale=user.locale)
    return View(html, ((Button(caption(user.locale, "buy"), data=callbacks.BUY),),))
