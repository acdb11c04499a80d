"""What a person reads who wants to be forgotten: what goes, what ends, and that there is no way back."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.erasures.repository import HOLDING
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment, format_until
from lumenpay.messages.service import render
from lumenpay.models.erasures import Erasure
from lumenpay.models.users import User
from lumenpay.subscriptions.repository import list_of_user
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import caption

_SHOWN = 20


async def asked(session: TenantSession, user: User) -> View:
    """Return what is erased and what ends, with the button that goes on."""
    zone = (await get_own_tenant(session)).time_zone
    held = [(row, plan) for row, plan in await list_of_user(session, user.id) if row.status in HOLDING]
    lines = [
        f"• {plan.title} — {format_until(row.ends_at, time_zone=zone, locale=user.locale)}"
        for row, plan in held[:_SHOWN]
    ]
    key = MessageKey.FORGET_ASKED_PAID if held else MessageKey.FORGET_ASKED
    html = await render(
        session, bot_id=user.bot_id, key=key, locale=user.locale, variables={"subscriptions": "\n".join(lines)}
    )
    return View(html, _answers(user, "forget_on", callbacks.FORGET_ME))


async def sure(session: TenantSession, user: User) -> View:
    """Return the last question."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.FORGET_SURE, locale=user.locale)
    return View(html, _answers(user, "forget_yes", callbacks.FORGET_ME_YES))


async def taken(session: TenantSession, user: User, erasure: Erasure) -> View:
    """Return that it is done, or until when it will be."""
    until = format_moment(
        erasure.due_at, time_zone=(await get_own_tenant(session)).time_zone, locale=user.locale
    )  # fmt: skip
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.FORGET_TAKEN, locale=user.locale, variables={"until": until}
    )
    return View(html)


def _answers(user: User, words: str, data: str) -> Buttons:
    return (
        (Button(caption(user.locale, words), data=data),),
        (Button(caption(user.locale, "forget_no"), data=callbacks.STATUS),),
    )
