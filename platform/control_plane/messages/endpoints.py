"""The bot's texts: defaults, and what the tenant put in their place."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, Output, Text, VersionIn
from lumenpay.audit.service import record
from lumenpay.bots.repository import get_bot
from lumenpay.messages import repository, service
from lumenpay.messages.catalogue import DEFAULTS, VARIABLES, MessageKey
from lumenpay.messages.markup import visible_length
from lumenpay.messages.rules import MESSAGE_LIMIT

router = APIRouter(prefix="/tenants/{tenant_id}/bots/{bot_id}/messages", tags=["messages"])
Locale = Literal["ru", "en"]


class MessageIn(Input):
    """A text as Telegram HTML, with variables in braces."""

    text: Annotated[Text, Field(min_length=1, max_length=8192)]


class MessageChangeIn(MessageIn):
    """A text to be stored."""

    version: VersionIn = None


class PreviewIn(MessageIn):
    """A text that is not stored yet, and where it would stand."""

    key: MessageKey
    locale: Locale


class PreviewOut(Output):
    """What a subscriber would be sent: Telegram HTML, and its visible length as Telegram counts it (UTF-16 units)."""

    html: str
    length: int
    max_length: int


class MessageOut(Output):
    """A text of the bot; `text` is empty where the default is used."""

    key: MessageKey
    locale: Locale
    text: str | None
    default: str
    variables: list[str]
    version: str


@router.get("")
async def list_(bot_id: UUID, access: TenantDep) -> list[MessageOut]:
    """List every text in every language."""
    async with access.unit() as session:
        await get_bot(session, bot_id)
        own = {(row.key, row.locale): row.text for row in await repository.list_texts(session, bot_id=bot_id)}
    locales: tuple[Locale, ...] = ("ru", "en")
    return [_message(key, locale, own.get((key.value, locale))) for key in MessageKey for locale in locales]


@router.post("/preview")
async def preview(bot_id: UUID, body: PreviewIn, access: TenantDep) -> PreviewOut:
    """Show a text with example values, exactly as the bot would send it; nothing is stored."""
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
    html = service.preview_text(key=body.key, locale=body.locale, text=body.text, bot_username=bot.username)
    return PreviewOut(html=html, length=visible_length(html), max_length=MESSAGE_LIMIT)


@router.put("/{key}/{locale}", responses=documented(409))
async def change(
    bot_id: UUID, key: MessageKey, locale: Locale, body: MessageChangeIn, access: TenantDep
) -> MessageOut:  # fmt: skip
    """Put a text in place of the default; Telegram must be able to show it.

    With a `version`, only over what was read.
    """
    async with access.unit() as session:
        await get_bot(session, bot_id, is_locked=True)
        await service.change_text(
            session, bot_id=bot_id, key=key, locale=locale, text=body.text, version=body.version, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    return _message(key, locale, body.text)


@router.delete("/{key}/{locale}")
async def reset(bot_id: UUID, key: MessageKey, locale: Locale, access: TenantDep) -> MessageOut:
    """Go back to the default."""
    async with access.unit() as session:
        await get_bot(session, bot_id, is_locked=True)
        await repository.delete_text(session, bot_id=bot_id, key=key.value, locale=locale)
        record(session, actor=access.actor, action="bot_message.reset", subject_id=bot_id, now=access.now)
    return _message(key, locale, None)


def _message(key: MessageKey, locale: Locale, text: str | None) -> MessageOut:
    return MessageOut(
        key=key, locale=locale, text=text, default=DEFAULTS[locale][key.value], variables=sorted(VARIABLES[key]),
        version=service.version_of_text(text),
    )  # fmt: skip
