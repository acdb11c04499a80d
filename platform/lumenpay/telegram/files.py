"""Files that a bot sends out of its own hands."""

from __future__ import annotations

from typing import Final

from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient

UPLOAD_TIMEOUT_SECONDS: Final = 180


async def send_file(
    client: TelegramClient, token: Secret, *, chat_id: int, name: str, content: bytes, html: str
) -> int:
    """Send a file of up to 50 MB with a caption, and return the message's id.

    Raises:
        TelegramRetryLaterError: It would have to wait too long.
    """
    document = BufferedInputFile(content, filename=name)
    method = SendDocument(chat_id=chat_id, document=document, caption=html, disable_content_type_detection=True)
    sent = await client.call(token, method, timeout_seconds=UPLOAD_TIMEOUT_SECONDS)
    return sent.message_id
