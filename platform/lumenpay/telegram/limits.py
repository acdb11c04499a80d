"""Pacing: each bot keeps to its own share of what Telegram allows, and a 429 is obeyed.

Telegram allows about 30 messages a second a bot and about one a second to one chat, with short bursts.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

PER_BOT_RATE = 29.0
LONGEST_WAIT_IN_PLACE_SECONDS = 5.0
_BOTS_REMEMBERED = 20_000
_SENDING = ("send", "copy", "forward", "edit")


class TokenBucket:
    """Lets `rate` calls a second through, and as many at once after a pause."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, *, rate: float, burst: float) -> None:
        """Start full."""
        self._rate, self._burst, self._tokens, self._at = rate, burst, burst, time.monotonic()

    def take(self) -> float:
        """Take one token and return how many seconds to wait before using it."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
        self._at = now
        return max(0.0, -self._tokens / self._rate)

    def pause(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self._tokens = min(self._tokens, -seconds * self._rate)


class BotLimits:
    """The buckets of the bots that this process speaks for."""

    def __init__(self) -> None:
        """Know no bot yet."""
        self._buckets: OrderedDict[int, TokenBucket] = OrderedDict()

    def bucket(self, bot_id: int) -> TokenBucket:
        """Return the bucket of a bot; the least recently used ones are forgotten."""
        bucket = self._buckets.get(bot_id)
        if bucket is None:
            bucket = self._buckets[bot_id] = TokenBucket(rate=PER_BOT_RATE, burst=PER_BOT_RATE)
            if len(self._buckets) > _BOTS_REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(bot_id)
        return bucket


class PacingMiddleware(BaseRequestMiddleware):
    """Waits for the bot's turn before a message goes out, and once more after a short 429."""

    def __init__(self, limits: BotLimits) -> None:
        """Share the buckets of the process."""
        self._limits = limits

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Send one request in its turn."""
        bucket = self._limits.bucket(bot.id)
        if method.__api_method__.startswith(_SENDING):
            delay = bucket.take()
            if delay > 0:
                await asyncio.sleep(delay)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            if error.retry_after > LONGEST_WAIT_IN_PLACE_SECONDS:
                raise
            bucket.pause(error.retry_after)
            await asyncio.sleep(error.retry_after)
            return await make_request(bot, method)
