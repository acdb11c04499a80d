"""How many messages a bot may send or edit: token buckets per bot and per chat, in real time."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

CHATS_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages per second, and how many may come at once before the rate counts."""

    bot_rate: float
    bot_burst: float
    chat_rate: float
    chat_burst: float
    group_rate: float
    group_burst: float


GENEROUS = Limits(bot_rate=30, bot_burst=30, chat_rate=1, chat_burst=20, group_rate=20 / 60, group_burst=20)
UNLIMITED = Limits(*[math.inf] * 6)


class Bucket:
    """A token bucket; full when new."""

    __slots__ = ("level", "touched")

    def __init__(self, burst: float) -> None:
        self.level = burst
        self.touched = time.monotonic()

    def wait_seconds(self, rate: float, burst: float) -> float:
        """Seconds until a token is there; 0 when one is there now."""
        now = time.monotonic()
        self.level = min(burst, self.level + (now - self.touched) * rate)
        self.touched = now
        return 0.0 if self.level >= 1 else (1 - self.level) / rate


class BotBuckets:
    """The buckets of one bot."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._whole = Bucket(limits.bot_burst)
        self._chats: dict[int, Bucket] = {}
        self._webhook_set_at = -math.inf

    def take_message(self, chat_id: int, *, kind: str) -> int:
        """Take room for one message or edit: 0, or the whole seconds to wait, with nothing taken.

        A channel has no limit of its own: the documents name private chats and groups.
        """
        limits = self._limits
        rate, burst = limits.chat_rate, limits.chat_burst
        if kind != "private":
            rate, burst = limits.group_rate, limits.group_burst
        if limits.bot_rate == math.inf:
            return 0
        wait = self._whole.wait_seconds(limits.bot_rate, limits.bot_burst)
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= CHATS_REMEMBERED:
                self._chats.clear()
            chat = self._chats[chat_id] = Bucket(burst)
        if kind != "channel":
            wait = max(wait, chat.wait_seconds(rate, burst))
        if wait > 0:
            return math.ceil(wait)
        self._whole.level -= 1
        chat.level -= 1
        return 0

    def take_webhook_change(self) -> int:
        """Take room for one setWebhook: 0, or the seconds to wait."""
        now = time.monotonic()
        if now - self._webhook_set_at < 1 and self._limits.bot_rate != math.inf:
            return 1
        self._webhook_set_at = now
        return 0
