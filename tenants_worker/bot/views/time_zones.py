"""By which clock a person gets what is sent at an hour of each reader's day, with a button for each zone."""

from __future__ import annotations

from typing import cast

from lumenpay.broadcasts.zones import ZONES, Zone
from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.users import User
from lumenpay.telegram.facts import Button
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.time_zones import AS_THE_PROJECTS, CITIES, OWN_ZONE, TO_CHOICE

_IN_A_ROW = 2


async def zones(session: TenantSession, user: User) -> View:
    """Return the zones that can be chosen; the person's own is marked."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.TIME_ZONE_CHOICE, locale=user.locale)
    cities = CITIES[user.locale]
    buttons = [_choice(zone, cities[zone], is_own=zone == user.time_zone) for zone in ZONES]
    rows = [tuple(buttons[start : start + _IN_A_ROW]) for start in range(0, len(buttons), _IN_A_ROW)]
    same = _choice(None, AS_THE_PROJECTS[user.locale], is_own=user.time_zone is None)
    return View(html, ((same,), *rows, (Button(TO_CHOICE[user.locale], data=callbacks.BROADCASTS),)))


def own_zone(user: User) -> Button:
    """Return the button that says which zone is the person's and opens the others."""
    # Only zones of the list are ever stored.
    zone = cast("Zone | None", user.time_zone)
    name = AS_THE_PROJECTS[user.locale] if zone is None else CITIES[user.locale][zone]
    return Button(OWN_ZONE[user.locale].format(zone=name), data=callbacks.TIME_ZONES)


def _choice(zone: Zone | None, name: str, *, is_own: bool) -> Button:
    return Button(f"✅ {name}" if is_own else name, data=callbacks.choose_zone(zone))
