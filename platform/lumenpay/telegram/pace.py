"""The pace of a bot that all processes keep together, in Valkey: its broadcasts take turns, at a fixed distance.

What somebody waits for takes no turn: it goes out at once, and the broadcasts behind it by one turn later. A 429 holds
back everything of the bot, in every process, for as long as Telegram says. Without Valkey each process keeps to a pace
that is slow enough for several of them.

The turns of all the bots of a process are asked for together (`_TurnDesk`), and with patience: a process that is short
of time hears late of an answer that came at once, and would slow down every bot as if there were no Valkey.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from lumenpay.kit.logs import get_logger
from lumenpay.telegram.rates import BULK_RATE, BULK_RATE_ALONE

LONGEST_AHEAD_SECONDS: Final = 2.0
"""Turns that are further away are not given out: who takes one must be able to use it."""
_ANSWER_SECONDS, _PATIENT_SECONDS = 0.25, 2.0
"""How long an answer may take: while somebody waits for a message, and for turns, which lie ahead anyway."""
_BREAK_SECONDS, _LOOK_SECONDS = 1.0, 1.0
_BOTS_REMEMBERED = 10_000
_MICRO = 1_000_000
_ANY_KEY = "pace:any"
# KEYS: the bot's next turn, until when it is held back, whether any bot has something to keep to. All moments are of
# the server's clock, in microseconds: the machines' own clocks need not agree.
_TAKE_TURNS = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local start = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(redis.call('GET', KEYS[2]) or '0'))
redis.call('SET', KEYS[3], '1', 'PX', 3000)
if start - now > tonumber(ARGV[3]) then return {0, start - now} end
local after = start + ARGV[1] * ARGV[2]
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
return {1, start - now}
"""
_GO_AHEAD = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local held = tonumber(redis.call('GET', KEYS[2]) or '0')
if held > now then return held - now end
local turn = tonumber(redis.call('GET', KEYS[1]) or '0')
if turn > 0 then
  local after = math.max(now, turn) + ARGV[1]
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
end
return 0
"""
_HOLD_BACK = """
local t = redis.call('TIME')
local until_at = t[1] * 1000000 + t[2] + ARGV[1]
if until_at > tonumber(redis.call('GET', KEYS[2]) or '0') then
  redis.call('SET', KEYS[2], string.format('%.0f', until_at), 'PX', math.ceil(ARGV[1] / 1000))
end
redis.call('SET', KEYS[3], '1', 'PX', math.ceil(ARGV[1] / 1000) + 3000)
return 0
"""
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns that were given out, or how long it takes until there are any.

    `starts_at` is of the monotonic clock; turn `n` of them comes `n * interval_seconds` later.
    """

    are_given: bool
    starts_at: float
    interval_seconds: float

    @property
    def wait_seconds(self) -> float:
        """How long until the first one, from now."""
        return max(0.0, self.starts_at - time.monotonic())

    def at(self, number: int) -> float:
        """The moment of one of the turns, of the monotonic clock."""
        return self.starts_at + number * self.interval_seconds


class _Line:
    """A way to Valkey that is left alone for a moment after it gave no answer in time."""

    def __init__(self, redis_url: str, *, answer_seconds: float) -> None:
        self._redis: Redis | None = _connect(redis_url) if redis_url else None
        self._answer_seconds = answer_seconds
        self._broken_until = 0.0

    @property
    def is_open(self) -> bool:
        return self._redis is not None and time.monotonic() >= self._broken_until

    async def ask(self, question: Callable[[Redis], Awaitable[Any]]) -> Any:  # noqa: ANN401 - what Valkey answers
        """Return the answer; nothing where none came."""
        if self._redis is None or not self.is_open:
            return None
        try:
            async with asyncio.timeout(self._answer_seconds):
                return await question(self._redis)
        except (RedisError, OSError, TimeoutError) as error:
            self._broken_until = time.monotonic() + _BREAK_SECONDS
            _log.info("pace_kept_alone", error=type(error).__name__)
            return None

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()


@dataclass(slots=True, eq=False)
class _Asked:
    bot: int
    count: int
    answer: tuple[float, tuple[int, int] | None] | None = None
    """The moment of the question, and whether turns were given and how far away they are."""


class _TurnDesk:
    """Asks for turns in one message for all: who comes while a question is on its way is part of the next one."""

    def __init__(self, line: _Line, interval: float) -> None:
        self._line = line
        self._arguments = (str(round(interval * _MICRO)), str(round(LONGEST_AHEAD_SECONDS * _MICRO)))
        self._waiting: list[_Asked] = []
        self._asking = asyncio.Lock()

    async def ask(self, bot: int, count: int) -> tuple[float, tuple[int, int] | None]:
        """Return when it was asked, on the monotonic clock, and the answer; none where there was none."""
        asked = _Asked(bot, count)
        self._waiting.append(asked)
        async with self._asking:
            if asked.answer is None:
                together, self._waiting = self._waiting, []
                await self._ask_for(together)
        assert asked.answer is not None  # noqa: S101 - everybody who was taken along has one
        return asked.answer

    async def _ask_for(self, together: Sequence[_Asked]) -> None:
        asked_at, answers = time.monotonic(), None
        try:
            answers = await self._line.ask(lambda redis: self._put(redis, together))
        finally:
            # Also where whoever asked for all of them was stopped.
            for asked, answer in zip(together, answers or [None] * len(together), strict=True):
                asked.answer = (asked_at, answer)

    async def _put(self, redis: Redis, together: Sequence[_Asked]) -> list[Any]:
        interval, longest = self._arguments
        pipeline = redis.pipeline(transaction=False)
        for asked in together:
            keys = _keys(asked.bot)
            pipeline.eval(_TAKE_TURNS, len(keys), *keys, interval, str(asked.count), longest)
        return await pipeline.execute()


class BotPace:
    """What one process asks before it sends. Never raises; a message of its own waits a quarter of a second at most."""

    def __init__(self, redis_url: str = "", *, rate: float = BULK_RATE, rate_alone: float = BULK_RATE_ALONE) -> None:
        """Connect lazily; without an address the process keeps to its own slow pace."""
        self.rate = rate
        """Turns a second of a bot."""
        self._interval, self._interval_alone = 1 / rate, 1 / rate_alone
        self._quick = _Line(redis_url, answer_seconds=_ANSWER_SECONDS)
        self._patient = _Line(redis_url, answer_seconds=_PATIENT_SECONDS)
        self._desk = _TurnDesk(self._patient, self._interval)
        self._looked_at, self._is_any = -_LOOK_SECONDS, False
        self._next: dict[int, float] = {}
        self._held: dict[int, float] = {}

    async def take_turns(self, bot: int, count: int) -> Turns:
        """Return the next turns of a bot's broadcasts."""
        asked_at, answer = await self._desk.ask(bot, count)
        if answer is None:
            return self._take_alone(bot, count)
        given, wait = answer
        # The next ones after an outage must not fall into the turns that were given out last.
        self._next[bot] = asked_at + wait / _MICRO + count * self._interval
        held_until = self._held.get(bot, 0.0)
        if held_until > asked_at + wait / _MICRO:
            return Turns(are_given=False, starts_at=held_until, interval_seconds=self._interval)
        return Turns(bool(given), asked_at + wait / _MICRO, self._interval)

    async def go_ahead(self, bot: int) -> float:
        """Have the bot's broadcasts make room for a message that goes out now; return how long it is held back."""
        held = max(0.0, self._held.get(bot, 0.0) - time.monotonic())
        if held or not await self._is_any_busy():
            return held
        answer = await self._run(self._quick, _GO_AHEAD, bot, self._interval)
        return 0.0 if answer is None else float(answer) / _MICRO

    async def hold_back(self, bot: int, seconds: float) -> None:
        """Let nothing of the bot out for so long, in any process: Telegram said so."""
        if len(self._held) > _BOTS_REMEMBERED:
            self._forget()
        self._held[bot] = max(self._held.get(bot, 0.0), time.monotonic() + seconds)
        await self._run(self._patient, _HOLD_BACK, bot, seconds)

    async def close(self) -> None:
        """Close the connections."""
        await self._quick.close()
        await self._patient.close()

    def _take_alone(self, bot: int, count: int) -> Turns:
        now = time.monotonic()
        if len(self._next) > _BOTS_REMEMBERED:
            self._forget()
        start = max(now, self._next.get(bot, 0.0), self._held.get(bot, 0.0))
        if start - now > LONGEST_AHEAD_SECONDS:
            return Turns(are_given=False, starts_at=start, interval_seconds=self._interval_alone)
        self._next[bot] = start + count * self._interval_alone
        return Turns(are_given=True, starts_at=start, interval_seconds=self._interval_alone)

    def _forget(self) -> None:
        now = time.monotonic()
        for moments in (self._next, self._held):
            for bot in [bot for bot, moment in moments.items() if moment <= now]:
                del moments[bot]

    async def _is_any_busy(self) -> bool:
        # While nobody's broadcast runs, one question a second is all that the others pay for it.
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_SECONDS and self._quick.is_open:
            self._looked_at = now
            answer = await self._quick.ask(lambda redis: redis.exists(_ANY_KEY))
            self._is_any = self._is_any if answer is None else bool(answer)
        return self._is_any

    async def _run(self, line: _Line, script: str, bot: int, seconds: float) -> Any:  # noqa: ANN401 - what it returns
        keys = _keys(bot)
        return await line.ask(lambda redis: redis.eval(script, len(keys), *keys, str(round(seconds * _MICRO))))


def _keys(bot: int) -> Sequence[str]:
    return (f"pace:{bot}:turn", f"pace:{bot}:held", _ANY_KEY)


def _connect(redis_url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        redis_url, socket_timeout=_PATIENT_SECONDS, socket_connect_timeout=1.0, max_connections=8, timeout=1
    )
    return Redis.from_pool(pool)
