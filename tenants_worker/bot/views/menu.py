"""The welcome, the menu under it, and the plain texts of commands."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.users import User
from lumenpay.referrals.settings import find_settings
from lumenpay.telegram.facts import Button, Buttons
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import STATES, caption


def name_of(user: User) -> str:
    """Return how to address a person; some accounts have a name without a single visible letter."""
    return user.first_name or user.username or STATES[user.locale]["nameless"]


def menu_buttons(locale: str, *, has_invitation: bool = False) -> Buttons:
    """Return the main menu, with the person's own invitation where there is a referral programme."""
    invite = ((Button(caption(locale, "invite"), data=callbacks.INVITE),),) if has_invitation else ()
    return (
        (Button(caption(locale, "buy"), data=callbacks.BUY),),
        (
            Button(caption(locale, "status"), data=callbacks.STATUS),
            Button(caption(locale, "channels"), data=callbacks.CHANNELS),
        ),
        *invite,
    )


async def menu(session: TenantSession, user: User, *, bot_username: str, key: MessageKey) -> View:
    """Return one of the plain texts with the main menu."""
    variables = {"name": name_of(user), "bot": f"@{bot_username}"}
    if key is MessageKey.PAYSUPPORT:
        contact = (await get_own_tenant(session)).support_contact
        variables["contact"] = contact or STATES[user.locale]["owner"]
    html = await render(session, bot_id=user.bot_id, key=key, locale=user.locale, variables=variables)
    has_invitation = (await find_settings(session, user.bot_id)).is_on
    return View(html, menu_buttons(user.locale, has_invitation=has_invitation))
