"""Renders the bot's texts and lets a tenant change them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from lumenpay.messages import repository
from lumenpay.messages.catalogue import DEFAULTS, VARIABLES, MessageKey
from lumenpay.messages.examples import example_values
from lumenpay.messages.rules import check_text, fill_in, is_worth_sending

_log = get_logger(__name__)


class MessageTextInvalidError(LumenError):
    """Telegram would refuse the text; the fields say why."""

    code = "message_text_invalid"


async def render(
    session: TenantSession, *, bot_id: UUID, key: MessageKey, locale: str, variables: Mapping[str, str] | None = None
) -> str:
    """Return a text as Telegram HTML that fits one message: the tenant's own, else the default."""
    own = await repository.find_text(session, bot_id=bot_id, key=key.value, locale=locale)
    if own is not None and check_text(own, variables=VARIABLES[key]):
        _log.warning("bot_message_broken", bot_id=str(bot_id), key=key.value, locale=locale)
        own = None
    return _fill_in_or_default(own, key=key, locale=locale, variables=variables or {})


def preview_text(*, key: MessageKey, locale: str, text: str, bot_username: str) -> str:
    """Return what a subscriber would be sent if this were the tenant's text, with example values in it.

    Raises:
        MessageTextInvalidError: Telegram would refuse it.
    """
    _refuse_problems(text, key)
    values = example_values(locale, bot_username=bot_username)
    allowed = {name: value for name, value in values.items() if name in VARIABLES[key]}
    return _fill_in_or_default(text, key=key, locale=locale, variables=allowed)


def version_of_text(text: str | None) -> str:
    """Return the version of a tenant's own text; nothing where the default is used."""
    return version_of_facts(text)


async def change_text(
    session: TenantSession, *, bot_id: UUID, key: MessageKey, locale: str, text: str, version: str | None = None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Store a tenant's own text. The bot has to be locked before: a text that is not there yet cannot be.

    Args:
        version: Of the text that this one was made from; without one, whatever is stored is replaced.

    Raises:
        ChangedMeanwhileError: The text has another version by now.
        MessageTextInvalidError: Telegram would refuse it.
    """
    stored = await repository.find_text(session, bot_id=bot_id, key=key.value, locale=locale)
    require_version(version_of_text(stored), version)
    _refuse_problems(text, key)
    await repository.put_text(session, bot_id=bot_id, key=key.value, locale=locale, text=text, now=now)
    details = {"key": key.value, "locale": locale}
    record(session, actor=actor, action="bot_message.changed", subject_id=bot_id, now=now, details=details)


def _fill_in_or_default(text: str | None, *, key: MessageKey, locale: str, variables: Mapping[str, str]) -> str:
    filled = fill_in(text, variables) if text is not None else ""
    return filled if is_worth_sending(filled) else fill_in(DEFAULTS[locale][key.value], variables)


def _refuse_problems(text: str, key: MessageKey) -> None:
    problems = check_text(text, variables=VARIABLES[key])
    if problems:
        raise MessageTextInvalidError(fields={"text": ", ".join(f"{p.code} {p.about}".strip() for p in problems)})
