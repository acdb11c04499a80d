"""A handler of updates that remembers what it was given, and the statement that makes waiting ones due again."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

AGAIN = "WITH woken AS (UPDATE telegram_updates SET retry_at = NULL) UPDATE bot_inboxes SET leased_until = NULL"


class Handler:
    """Notes which updates of which chat came, in their order; fails where told."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.by_chat: dict[int, list[int]] = defaultdict(list)
        self.failures: dict[int, BaseException] = {}
        self.holds: dict[int, asyncio.Event] = {}

    async def __call__(self, _context: object, _bot: object, raw: bytes) -> None:
        update = json.loads(raw)
        number = update["update_id"]
        if number in self.holds:
            await self.holds[number].wait()
        if number in self.failures:
            raise self.failures[number]
        self.seen.append(number)
        event = update.get("message") or update["chat_join_request"]
        self.by_chat[event["chat"]["id"]].append(number)
