"""Pacing: each bot keeps to its own share of what Telegram allows (`rates`), and a 429 is obeyed.

What this process says of itself keeps to the buckets here; broadcasts have taken a turn of the bot's own (`pace`).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Hashable

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from lumenpay.telegram.pace import BotPace
from lumenpay.telegram.rates import CALLS_PER_REMOVAL, PER_BOT_RATE, PER_CHAT_BURST, PER_CHAT_RATE

LONGEST_WAIT_IN_PLACE_SECONDS = 5.0
_BOTS_REMEMBERED = 20_000
_CHATS_REMEMBERED = 100_000
_SENDING = ("send", "copy", "forward", "edit")
_REMOVING = ("unban", "ban")
"""Each stands for the looks around it as well: thousands who leave at once must not use up what messages need."""


class TokenBucket:
    """Lets `rate` calls a second through, and as many at once after a pause."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, *, rate: float, burst: float) -> None:
        """Start full."""
        self._rate, self._burst, self._tokens, self._at = rate, burst, burst, time.monotonic()

    def expect(self, calls: int = 1) -> float:
        """Return how many seconds whoever takes so many calls next has to wait."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (calls - self._tokens) / self._rate)

    def take(self, calls: int = 1) -> None:
        """Take tokens, be they of the future."""
        self._tokens -= calls

    def pause(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self.expect()
        self._tokens = min(self._tokens, 1 - seconds * self._rate)


class Buckets:
    """Buckets by key; the least recently used ones are forgotten, full as they are by then."""

    def __init__(self, *, rate: float, burst: float, limit: int) -> None:
        """Know no key yet."""
        self._rate, self._burst, self._limit = rate, burst, limit
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()

    def get(self, key: Hashable) -> TokenBucket:
        """Return the bucket of a key."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(rate=self._rate, burst=self._burst)
            if len(self._buckets) > self._limit:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket


class PacingMiddleware(BaseRequestMiddleware):
    """Waits for the turn of the bot and of the chat before a message goes out, and once more after a short 429."""

    def __init__(self, pace: BotPace | None = None) -> None:
        """Know no bot and no chat yet; take what the processes keep to together."""
        self._pace = pace or BotPace()
        self._bots = Buckets(rate=PER_BOT_RATE, burst=PER_BOT_RATE, limit=_BOTS_REMEMBERED)
        self._chats = Buckets(rate=PER_CHAT_RATE, burst=PER_CHAT_BURST, limit=_CHATS_REMEMBERED)

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        """Send one request in its turn; who would have to wait too long is told to come back later."""
        is_paced = getattr(method, "is_paced", False)
        if is_paced:
            pass
        elif method.__api_method__.startswith(_SENDING):
            chat_id = getattr(method, "chat_id", None)
            chat = None if chat_id is None else self._chats.get((bot.id, chat_id))
            await self._wait_for_turn(bot, method, chat)
        elif method.__api_method__.startswith(_REMOVING):
            await self._wait_for_turn(bot, method, calls=CALLS_PER_REMOVAL)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            await self.obey(bot.id, error.retry_after)
            if is_paced or error.retry_after > LONGEST_WAIT_IN_PLACE_SECONDS:
                raise
            await asyncio.sleep(error.retry_after)
            return await make_request(bot, method)

    async def obey(self, bot_id: int, seconds: float) -> None:
        """Let nothing of a bot out for so long: Telegram answered with a 429."""
        self._bots.get(bot_id).pause(seconds)
        await self._pace.hold_back(bot_id, seconds)

    async def _wait_for_turn(
        self, bot: Bot, method: TelegramMethod[TelegramType], chat: TokenBucket | None = None, *, calls: int = 1
    ) -> None:
        whole = self._bots.get(bot.id)
        is_left_out = whole.expect(calls) > 0 and not getattr(method, "can_wait", True)
        held = 0.0 if is_left_out else await self._pace.go_ahead(bot.id)
        # From here to the taking nobody else gets in between.
        delay = max(whole.expect(calls), held, 0.0 if chat is None else chat.expect())
        if is_left_out or delay > LONGEST_WAIT_IN_PLACE_SECONDS:
            raise TelegramRetryAfter(method=method, message="paced", retry_after=math.ceil(delay))
        whole.take(calls)
        if chat is not None:
            chat.take()
        if delay > 0:
            await asyncio.sleep(delay)
