"""A Bot API that says yes to everything and remembers when each chat was answered first. `python -m …  <port>`.

With `limited` it refuses what a bot sends faster than Telegram allows.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import cast

import orjson
import uvloop

from sandbox.telegram.limits import GENEROUS, UNLIMITED, BotBuckets

_CHAT = re.compile(rb'chat_id(?:=|"[^\0]{0,120}?\r\n\r\n|":\s*)(-?\d+)')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_INVITE_LINK = {
    "invite_link": "https://t.me/+bench", "creator": {"id": 1, "is_bot": True, "first_name": "Bench"},
    "creates_join_request": True, "is_primary": False, "is_revoked": False,
}  # fmt: skip
_TOO_MANY = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'
answered_at: dict[int, float] = {}
refused: list[bytes] = []
limits = GENEROUS if "limited" in sys.argv else UNLIMITED
buckets: defaultdict[bytes, BotBuckets] = defaultdict(lambda: BotBuckets(limits))
_QUESTIONS: Mapping[bytes, Callable[[], object]] = {
    b"/answered": lambda: answered_at, b"/count": lambda: len(answered_at), b"/refused": lambda: len(refused),
    b"/forget": answered_at.clear,
}  # fmt: skip


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            size = int(length[1]) if length else 0
            if not found or len(rest) < size:
                return
            self._buffer = rest[size:]
            answer = _answer(head, rest[:size])
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
                + answer
            )


def _answer(head: bytes, body: bytes) -> bytes:
    path = head.split(b" ", 2)[1]
    if path in _QUESTIONS:
        return orjson.dumps(_QUESTIONS[path](), option=orjson.OPT_NON_STR_KEYS)
    method = path.lower().rpartition(b"/")[2]
    if method == b"sendmessage":
        return _take_message(path, body)
    result = _INVITE_LINK if method == b"createchatinvitelink" else True
    return orjson.dumps({"ok": True, "result": result})


def _take_message(path: bytes, body: bytes) -> bytes:
    chat = _CHAT.search(body)
    if chat is None:
        return b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}'
    if buckets[path].take_message(int(chat[1]), kind="private"):
        refused.append(path)
        return _TOO_MANY
    answered_at.setdefault(int(chat[1]), time.perf_counter())
    message = {
        "message_id": len(answered_at) + 2,
        "date": 1_790_000_000,
        "chat": {"id": int(chat[1]), "type": "private"},
    }
    return orjson.dumps({"ok": True, "result": {**message, "text": "…"}})


async def serve(port: int) -> None:
    """Answer until stopped."""
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
