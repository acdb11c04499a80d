"""People who had access before the bot: known by a claim link, or by the username on a list of the tenant's."""

from __future__ import annotations

from aiogram.types import User as TelegramUser

from lumenpay.channels.repository import find_by_chat
from lumenpay.db.session import TenantSession
from lumenpay.imports.giving import Claim, claim_by_token, claim_by_username, meet_claimant
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.formatting import format_until
from lumenpay.messages.service import render
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.service import Person
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.views.menu import menu_buttons


async def claim(session: TenantSession, conversation: Conversation, user: User, token: str) -> View:
    """Return what a claim link did for a person."""
    return await _view(session, user, await claim_by_token(session, user, token, now=conversation.worker.clock.now()))


async def recognize(session: TenantSession, conversation: Conversation, user: User) -> View | None:
    """Return what a person gets whose username stands on a list; None for everybody else."""
    found = await claim_by_username(session, user, now=conversation.worker.clock.now())
    return None if found is None else await _view(session, user, found)


async def recognize_at_door(
    session: TenantSession, conversation: Conversation, person: TelegramUser, *, chat_id: int
) -> tuple[View | None, bool]:
    """Return what a person gets who knocks, whether or not they ever started the bot, and whether it is held back.

    Nothing for everybody else.
    """
    now, bot_id = conversation.worker.clock.now(), conversation.bot.bot_id
    facts = Person(person.id, person.first_name, person.last_name, person.username, person.language_code)
    user = await meet_claimant(session, bot_id=bot_id, person=facts, now=now)
    if user is None or await find_by_chat(session, bot_id=bot_id, chat_id=chat_id) is None:
        return None, False
    found = await claim_by_username(session, user, now=now)
    return (None, False) if found is None else (await _view(session, user, found), found.is_held)


async def _view(session: TenantSession, user: User, found: Claim | None) -> View:
    if found is not None and found.is_held:
        html = await render(
            session, bot_id=user.bot_id, key=MessageKey.CLAIM_HELD, locale=user.locale,
            variables={"plan": found.plan.title},
        )  # fmt: skip
        return View(html, menu_buttons(user.locale))
    if found is None or not found.is_open:
        html = await render(
            session, bot_id=user.bot_id, key=MessageKey.CLAIM_REFUSED, locale=user.locale, variables={}
        )  # fmt: skip
        return View(html, menu_buttons(user.locale))
    time_zone = (await get_own_tenant(session)).time_zone
    until = format_until(found.ends_at, time_zone=time_zone, locale=user.locale)
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.CLAIM_TAKEN, locale=user.locale,
        variables={"plan": found.plan.title, "paid_until": until},
    )  # fmt: skip
    return View(html, menu_buttons(user.locale))
