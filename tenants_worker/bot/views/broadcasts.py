"""Which kinds of broadcasts a person wants, with a button for each."""

from __future__ import annotations

from lumenpay.broadcasts.opt_outs import list_unwanted
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.broadcasts import BroadcastCategory
from lumenpay.models.users import User
from lumenpay.telegram.facts import Button
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.broadcasts import CATEGORIES
from tenants_worker.bot.views.time_zones import own_zone


async def choice(session: TenantSession, user: User) -> View:
    """Return what is sent to the person, and what is not; each button turns one kind round, the last is their zone."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.BROADCAST_CHOICE, locale=user.locale)
    unwanted = await list_unwanted(session, user.id)
    names = CATEGORIES[user.locale]
    switches = [(_switch(one, names[one], is_wanted=one not in unwanted),) for one in BroadcastCategory]
    return View(html, (*switches, (own_zone(user),)))


def _switch(category: BroadcastCategory, name: str, *, is_wanted: bool) -> Button:
    data = callbacks.switch_broadcasts(category.value, is_wanted=not is_wanted)
    return Button(f"{'✅' if is_wanted else '🔕'} {name}", data=data)
