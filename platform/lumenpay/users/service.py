"""Use cases of subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.errors import UserForgottenError
from lumenpay.users.repository import find_or_insert, get_user
from lumenpay.users.rules import choose_locale, clean_name, name_source

_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """What an update tells about who sent it."""

    telegram_id: int
    first_name: str
    last_name: str | None
    username: str | None
    language_code: str | None


async def ensure_user(session: TenantSession, *, bot_id: UUID, person: Person, now: datetime, source: str = "") -> User:
    """Return the subscriber who writes to the bot, made on the first contact, with the name of today.

    Args:
        source: Payload of /start; the first one is kept, and the latest.
    """
    facts = {
        "first_name": clean_name(person.first_name),
        "last_name": clean_name(person.last_name),
        "username": clean_name(person.username) or None,
        "language_code": clean_name(person.language_code, limit=16) or None,
        "locale": await find_locale(session, person.language_code),
    }
    source = name_source(clean_name(source))
    user = await find_or_insert(
        session,
        bot_id=bot_id,
        telegram_id=person.telegram_id,
        values={**facts, "source": source, "met_at": now},
        now=now,
    )
    if user.erasure_asked_at is not None:
        # Nothing is written down about who is to be forgotten.
        return user
    if user.met_at is None:
        user.met_at = now
    for name, value in facts.items():
        if getattr(user, name) != value:
            setattr(user, name, value)
    if source and not user.source:
        user.source = source
    if source and user.last_source != source:
        user.last_source = source
    if now - user.last_seen_at > _SEEN_EVERY:
        user.last_seen_at = now
    return user


def note_plan_seen(user: User, *, now: datetime) -> None:
    """Store when the person first saw a plan: a step of the funnel. Nothing is written for who saw one before."""
    if user.plan_seen_at is None:
        user.plan_seen_at = now


def require_present(user: User) -> User:
    """Return the person, who has not asked to be forgotten.

    Raises:
        UserForgottenError: They have, or were.
    """
    if user.erasure_asked_at is not None:
        raise UserForgottenError
    return user


async def find_locale(session: TenantSession, language_code: str | None) -> str:
    """Return the language of the bot's texts for a person; the tenant's own where Telegram names none."""
    if language_code:
        return choose_locale(language_code)
    return (await get_own_tenant(session)).locale


async def set_dialog(session: TenantSession, user_id: UUID, dialog: dict[str, Any] | None) -> None:
    """Store what the bot waits for from a person, or that it waits for nothing."""
    (await get_user(session, user_id)).dialog = dialog


async def mark_blocked(session: TenantSession, user_id: UUID, *, now: datetime) -> None:
    """Store that the person blocked the bot, or never started it: reminders stop, access stays. Safe to repeat."""
    user = await get_user(session, user_id)
    if user.blocked_bot_at is None:
        user.blocked_bot_at = now


async def mark_unblocked(session: TenantSession, user_id: UUID) -> None:
    """Store that the person can be written to again."""
    user = await get_user(session, user_id)
    if user.erasure_asked_at is None:
        user.blocked_bot_at = None
