"""Takes a file for broadcasts and sends it on, as it comes in, to the chat of whoever asks.

Telegram keeps it and tells an id, which is all that is stored here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import Request

from control_plane.broadcasts.refusals import telling_refusals
from control_plane.dependencies import TenantAccess
from control_plane.schemas import Output
from lumenpay.admins.identities import find_telegram_id
from lumenpay.audit.service import record
from lumenpay.bots.repository import get_bot
from lumenpay.bots.secrets import open_token
from lumenpay.broadcasts.errors import (
    BroadcastRefusedError,
    MediumRefusedError,
    TestReaderMissingError,
    UploadsBusyError,
)
from lumenpay.broadcasts.media import HEAD_BYTES, check_size, clean_name, find_type
from lumenpay.errors import LumenError
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import MediumKind
from lumenpay.telegram.bulk import SentBulk
from lumenpay.telegram.uploads import UPLOAD_SECONDS, Upload, send_upload, show_sending

MOST_AT_ONCE: Final = 16
BUSY_SECONDS: Final = 30
FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True,
    }
}  # fmt: skip
"""What the description says of a body that the framework does not read."""
_going: set[object] = set()


class BroadcastMediumOut(Output):
    """A file that Telegram has now."""

    medium_kind: MediumKind
    medium: str


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was given: what it is to be sent as, and its name, which counts for little."""

    kind: MediumKind
    name: str


async def take_file(access: TenantAccess, request: Request, bot_id: UUID, given: Given) -> str:
    """Send a file to the chat of whoever asks with the bot, and return the id that Telegram gave it.

    Raises:
        BotNotFoundError: No such bot.
        TestReaderMissingError: No account is linked, or its person never started the bot.
        MediumRefusedError: Empty, too large, or not what it is to be sent as.
        BroadcastRefusedError: Telegram does not take the file.
        UploadsBusyError: Too many files are on their way.
        UnavailableError: Telegram does not answer, or wants to be asked later.
    """
    own_id = await find_telegram_id(access.services.database, access.identity.admin_id)
    async with access.unit() as session:
        bot = await get_bot(session, bot_id)
    body = request.stream()
    try:
        if own_id is None:
            raise TestReaderMissingError
        check_size(given.kind, int(request.headers.get("content-length", "0")))
        async with asyncio.timeout(UPLOAD_SECONDS):
            sent = await _send(access, bot, given, body, chat_id=own_id)
    except LumenError:
        # Who still sends hears the answer only once it has sent all.
        await _drain(body)
        raise
    except TimeoutError as error:
        raise UploadsBusyError(retry_after_seconds=BUSY_SECONDS) from error
    if sent.file_id is None:
        raise BroadcastRefusedError(fields={"telegram": "no file"})
    async with access.unit() as session:
        record(
            session, actor=access.actor, action="broadcast.medium_sent", subject_id=bot.id, now=access.now,
            details={"kind": given.kind.value},
        )  # fmt: skip
    return sent.file_id


async def _send(
    access: TenantAccess, bot: Bot, given: Given, body: AsyncIterator[bytes], *, chat_id: int
) -> SentBulk:  # fmt: skip
    if len(_going) >= MOST_AT_ONCE:
        raise UploadsBusyError(retry_after_seconds=BUSY_SECONDS)
    telegram, token, mark = access.services.telegram, open_token(access.services.ring, bot), object()
    _going.add(mark)
    try:
        head = await _read_head(body)
        file_type = find_type(given.kind, head[:HEAD_BYTES])
        async with telling_refusals(access, bot):
            await show_sending(telegram, token, chat_id=chat_id, kind=given.kind.value)
            upload = Upload(given.kind.value, clean_name(given.name, file_type), file_type.mime, _join(head, body))
            return await send_upload(telegram, token, chat_id=chat_id, upload=upload)
    finally:
        _going.discard(mark)


async def _read_head(body: AsyncIterator[bytes]) -> bytes:
    head = b""
    async for part in body:
        head += part
        if len(head) >= HEAD_BYTES:
            break
    if not head:
        raise MediumRefusedError(fields={"file": "empty"})
    return head


async def _join(head: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for part in body:
        if part:
            yield part


async def _drain(body: AsyncIterator[bytes]) -> None:
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            async for _ in body:
                pass
    except (TimeoutError, RuntimeError):
        return
