"""Messages of broadcasts: a text, or a medium with a caption; to many in turns that were taken before (`pace`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import orjson
from aiogram.exceptions import AiogramError
from aiogram.methods import Response
from pydantic import BaseModel, ConfigDict
from yarl import URL

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.carriers import Errand
from lumenpay.telegram.client import TelegramClient, inline_keyboard
from lumenpay.telegram.facts import Button
from lumenpay.telegram.lean import LeanMethod, SendText
from lumenpay.telegram.translation import translate_error


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


class BulkForm:
    """What the messages of a broadcast have in common for readers of one language, written down once."""

    def __init__(self, medium: Medium | None, buttons: Sequence[Sequence[Button]]) -> None:
        """Take what stands above the text and under it."""
        fields: dict[str, Any] = {"parse_mode": "HTML"}
        if medium is None:
            self.api_method, self._text_field = "sendMessage", "text"
            fields["link_preview_options"] = {"is_disabled": True}
        else:
            self.api_method, self._text_field = _MEDIA[medium.kind].__api_method__, "caption"
            fields[medium.kind] = medium.source
        keyboard = inline_keyboard(buttons)
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        self._rest = orjson.dumps(fields).removeprefix(b"{")

    def fill_in(self, *, chat_id: int, html: str) -> bytes:
        """Return the JSON of one message."""
        return b'{"chat_id":%d,"%s":%s,%s' % (chat_id, self._text_field.encode(), orjson.dumps(html), self._rest)


class BulkSender:
    """Sends the messages of one bot's broadcast, each in a turn that was taken before."""

    def __init__(self, client: TelegramClient, token: Secret) -> None:
        """Take what the process speaks by, and for whom.

        Raises:
            LumenError: Of `lumenpay.telegram.errors`: the token is none, or there is nothing to speak by.
        """
        self._bot, self._session = client.bot(token), client.session_of(token)
        self._addresses: dict[str, URL] = {}

    async def carry(self, errands: Iterable[tuple[float, Errand]]) -> None:
        """Run errands at their moments, among those of all other bots (see `Carriers.carry`)."""
        await self._session.carriers.carry(errands)

    async def send(self, api_method: str, body: bytes, *, chat_id: int) -> int:
        """Send a message (see `BulkForm`) and return its id. Nothing is waited for and nothing tried again in here.

        Raises:
            LumenError: Of `lumenpay.telegram.errors`.
        """
        address = self._addresses.get(api_method)
        if address is None:
            address = self._addresses[api_method] = self._session.address_of(self._bot, api_method)
        try:
            return await self._session.send_in_turn(self._bot, address, body, chat_id=chat_id)
        except (AiogramError, OSError, TimeoutError) as error:
            raise translate_error(error) from None


async def send_trial(
    client: TelegramClient, token: Secret, *, chat_id: int, html: str, medium: Medium | None = None,
    buttons: Sequence[Sequence[Button]] = (),
) -> SentBulk:  # fmt: skip
    """Send one message of a broadcast to look at, as what somebody waits for.

    Raises:
        LumenError: Of `lumenpay.telegram.errors`.
    """
    keyboard = inline_keyboard(buttons)
    if medium is None:
        text = SendText(chat_id=chat_id, text=html, reply_markup=keyboard)
        return SentBulk((await client.call(token, text)).message_id, None)
    kind = _MEDIA[medium.kind]
    fields: dict[str, Any] = {medium.kind: medium.source}
    sent = await client.call(token, kind(chat_id=chat_id, caption=html, reply_markup=keyboard, **fields))
    return SentBulk(sent.message_id, find_file_id(sent))


def find_file_id(sent: SentMedium) -> str | None:
    """Return the id of what was sent, by which it can be sent again."""
    # Of a photo Telegram keeps several sizes, the largest last.
    file = sent.photo[-1] if sent.photo else sent.video or sent.document
    return None if file is None else file.file_id
