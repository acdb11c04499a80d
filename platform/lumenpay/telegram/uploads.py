"""Files that go to Telegram while they come in: nothing of them stays here but the id that Telegram gives them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import aiohttp
from aiogram.exceptions import AiogramError
from aiogram.methods import Response
from pydantic import Field

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.bulk import SentBulk, SentMedium, find_file_id
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.lean import LeanMethod
from lumenpay.telegram.translation import translate_error

UPLOAD_SECONDS: Final = 300
"""Fifty megabytes come in at 1.4 megabits a second in that time."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: what it is sent as, what it is called, and its bytes, which can be read once."""

    kind: str
    name: str
    mime: str
    content: AsyncIterator[bytes]


class ShowSending(LeanMethod[bool]):
    """`sendChatAction`: the chat says that the bot sends a file."""

    __returning__: ClassVar[type] = bool
    __api_method__: ClassVar[str] = "sendChatAction"

    chat_id: int
    action: str
    is_paced: bool = Field(default=True, exclude=True)
    """It is no message, and takes no turn."""


class _SendFile(LeanMethod[SentMedium]):
    __returning__: ClassVar[type] = SentMedium
    field: ClassVar[str]

    chat_id: int
    file: Any = Field(exclude=True)
    is_paced: bool = Field(default=True, exclude=True)
    """Nothing of it is tried again: its bytes can be read once."""

    def encode(self) -> tuple[Any, dict[str, str] | None]:
        """Return a form with the file in the field of its kind, as the specification of the Bot API has it."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("chat_id", str(self.chat_id))
        file: Upload = self.file
        form.add_field(self.field, file.content, filename=file.name, content_type=file.mime)
        return form, None


class SendPhotoFile(_SendFile):
    """`sendPhoto` with the photo itself."""

    __api_method__: ClassVar[str] = "sendPhoto"
    field: ClassVar[str] = "photo"


class SendVideoFile(_SendFile):
    """`sendVideo` with the video itself."""

    __api_method__: ClassVar[str] = "sendVideo"
    field: ClassVar[str] = "video"


class SendDocumentFile(_SendFile):
    """`sendDocument` with the file itself."""

    __api_method__: ClassVar[str] = "sendDocument"
    field: ClassVar[str] = "document"


_ANSWERS = (Response[SentMedium], Response[bool])
_FILES: Final[Mapping[str, type[_SendFile]]] = {
    "photo": SendPhotoFile, "video": SendVideoFile, "document": SendDocumentFile
}  # fmt: skip


async def show_sending(client: TelegramClient, token: Secret, *, chat_id: int, kind: str) -> None:
    """Have the chat say that a file comes; whoever cannot be written to is known by it before the file is sent.

    Raises:
        LumenError: Of `lumenpay.telegram.errors`.
    """
    await client.call(token, ShowSending(chat_id=chat_id, action=f"upload_{kind}"))


async def send_upload(client: TelegramClient, token: Secret, *, chat_id: int, upload: Upload) -> SentBulk:
    """Send a file while it comes in, and return the id by which Telegram sends it again.

    Raises:
        LumenError: Of `lumenpay.telegram.errors`.
    """
    method = _FILES[upload.kind](chat_id=chat_id, file=upload)
    try:
        sent = await client.bot(token)(method, request_timeout=UPLOAD_SECONDS)
    except (AiogramError, OSError, TimeoutError) as error:
        raise translate_error(error) from None
    return SentBulk(sent.message_id, find_file_id(sent))
