"""Updates of 1.1 kB as Telegram writes them: each from another person, who presses Start."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from tests.bench.ground import SeededBot

_SIZE = 1100
_numbers = itertools.count(1_000_000)


@dataclass(frozen=True, slots=True)
class StartUpdate:
    """One update, the bot it is for, and the chat that will be answered."""

    bot: SeededBot
    number: int
    body: bytes

    def as_request(self, path: str = "") -> bytes:
        """Return the webhook's HTTP request, or one to the address of a rival."""
        return (
            f"POST {path or f'/tg/{self.bot.key}'} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self.bot.secret}\r\nContent-Length: {len(self.body)}\r\n\r\n"
        ).encode() + self.body


def make_updates(bots: Sequence[SeededBot]) -> Iterator[StartUpdate]:
    """Yield updates without end, the bots in turns; numbers never repeat within a run."""
    for bot in itertools.cycle(bots):
        number = next(_numbers)
        yield StartUpdate(bot, number, _write(bot, number))


def _write(bot: SeededBot, number: int) -> bytes:
    chat = {"id": number, "first_name": "Анна", "type": "private"}
    person = {"id": number, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    sender = {"id": bot.telegram_id, "is_bot": True, "first_name": "Bench", "username": f"bench_{bot.telegram_id}_bot"}
    replied = {"message_id": 1, "from": sender, "chat": chat, "date": 1_790_000_000, "text": ""}
    message = {
        "message_id": 2, "from": person, "chat": chat, "date": 1_790_000_000, "reply_to_message": replied,
        "text": "/start", "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
    }  # fmt: skip
    update = {"update_id": number, "message": message}
    replied["text"] = "x" * (_SIZE - len(orjson.dumps(update)))
    return orjson.dumps(update)
