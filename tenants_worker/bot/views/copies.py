"""What a person reads who asks for a copy of their data."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_moment
from lumenpay.messages.service import render
from lumenpay.models.users import User
from lumenpay.telegram.facts import Button
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import STATES, caption


async def asked(session: TenantSession, user: User) -> View:
    """Return what the file holds, with the button that has it sent."""
    html = await render(session, bot_id=user.bot_id, key=MessageKey.COPY_ASKED, locale=user.locale)
    return View(html, ((Button(caption(user.locale, "send_copy"), data=callbacks.COPY_OF_DATA),),))


async def answered(session: TenantSession, user: User, *, again_at: datetime | None) -> View:
    """Return that the file is coming, or when the next one can be asked for."""
    if again_at is None:
        return View(await render(session, bot_id=user.bot_id, key=MessageKey.COPY_COMING, locale=user.locale))
    zone = (await get_own_tenant(session)).time_zone
    until = format_moment(again_at, time_zone=zone, locale=user.locale)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.COPY_REFUSED, locale=user.locale, variables={"until": until}
    )
    return View(html)


async def under_file(session: TenantSession, user: User) -> str:
    """Return what stands under the file."""
    return await render(session, bot_id=user.bot_id, key=MessageKey.COPY_READY, locale=user.locale)


async def too_large(session: TenantSession, user: User) -> View:
    """Return whom to ask for a file that Telegram does not take."""
    contact = (await get_own_tenant(session)).support_contact or STATES[user.locale]["owner"]
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.COPY_TOO_LARGE, locale=user.locale, variables={"contact": contact}
    )
    return View(html)
