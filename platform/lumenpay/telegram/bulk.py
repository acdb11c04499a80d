"""Messages of broadcasts: a text, or a medium with a caption, sent in a turn that was taken before (`pace`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from aiogram.methods import Response
from pydantic import BaseModel, ConfigDict, Field

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient, inline_keyboard
from lumenpay.telegram.facts import Button
from lumenpay.telegram.lean import LeanMethod, SendText


@dataclass(frozen=True, slots=True)
class Medium:
    """A photo, video or document, by Telegram's file id or by an https address that Telegram fetches."""

    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class SentBulk:
    """A message that stands in the chat, and the file id by which its medium can be sent again."""

    message_id: int
    file_id: str | None


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    file_id: str


class SentMedium(BaseModel):
    """What is worth knowing of a message with a medium."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: int
    photo: list[_File] = []
    video: _File | None = None
    document: _File | None = None


class _SendMedium(LeanMethod[SentMedium]):
    __returning__: ClassVar[type] = SentMedium

    chat_id: int
    caption: str
    parse_mode: str = "HTML"
    reply_markup: dict[str, Any] | None = None
    is_paced: bool = Field(default=True, exclude=True)
    """Its turn was taken before."""


class SendPhoto(_SendMedium):
    """`sendPhoto` with a caption."""

    __api_method__: ClassVar[str] = "sendPhoto"

    photo: str


class SendVideo(_SendMedium):
    """`sendVideo` with a caption."""

    __api_method__: ClassVar[str] = "sendVideo"

    video: str


class SendDocument(_SendMedium):
    """`sendDocument` with a caption."""

    __api_method__: ClassVar[str] = "sendDocument"

    document: str


# pydantic forgets a generic model that nobody holds.
_ANSWER = Response[SentMedium]
_MEDIA: Final[Mapping[str, type[_SendMedium]]] = {"photo": SendPhoto, "video": SendVideo, "document": SendDocument}


async def send_bulk(
    client: TelegramClient, token: Secret, *, chat_id: int, html: str, medium: Medium | None = None,
    buttons: Sequence[Sequence[Button]] = (), is_paced: bool = True,
) -> SentBulk:  # fmt: skip
    """Send one message of a broadcast; nothing is waited for and nothing tried again in here.

    Args:
        is_paced: Its turn was taken before; a test takes none and goes out as what somebody waits for.

    Raises:
        LumenError: Of `lumenpay.telegram.errors`.
    """
    keyboard = inline_keyboard(buttons)
    if medium is None:
        text = SendText(chat_id=chat_id, text=html, reply_markup=keyboard, is_paced=is_paced)
        return SentBulk((await client.call(token, text)).message_id, None)
    kind = _MEDIA[medium.kind]
    fields: dict[str, Any] = {medium.kind: medium.source}
    sent = await client.call(
        token, kind(chat_id=chat_id, caption=html, reply_markup=keyboard, is_paced=is_paced, **fields)
    )
    return SentBulk(sent.message_id, _find_file_id(sent))


def _find_file_id(sent: SentMedium) -> str | None:
    # Of a photo Telegram keeps several sizes, the largest last.
    file = sent.photo[-1] if sent.photo else sent.video or sent.document
    return None if file is None else file.file_id
