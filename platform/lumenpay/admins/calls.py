"""How often people may call the API: per person and per tenant, all calls and changes apart, in one round trip.

Calls go on without Redis: each process counts its own then. What could be guessed is counted elsewhere (`limits`), and
refused while it cannot be.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from lumenpay.kit.logs import get_logger

WINDOW_SECONDS: Final = 60
PERSON_CALLS: Final = 1200
"""A minute, of one person in all tenants; a page of the portal asks for about ten things."""
PERSON_CHANGES: Final = 300
TENANT_CALLS: Final = 6000
"""A minute, of all people of a tenant; programs with keys are counted by key."""
TENANT_CHANGES: Final = 1200
_WAIT_SECONDS = 0.5
_AWAY_SECONDS = 5.0
"""For how long nobody asks Redis again that did not answer."""
_REMEMBERED = 50_000
_COUNT = """
local found = {}
for number, key in ipairs(KEYS) do
    local count = redis.call('INCR', key)
    if count == 1 then redis.call('EXPIRE', key, ARGV[1]) end
    found[number] = {count, redis.call('PTTL', key)}
    if count > tonumber(ARGV[number + 1]) then break end
end
return found
"""
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of one limit after a call was counted."""

    limit: int
    count: int
    reset_seconds: float

    @property
    def remaining(self) -> int:
        """How many calls more it allows."""
        return max(0, self.limit - self.count)

    @property
    def is_spent(self) -> bool:
        """Whether this call was one too many."""
        return self.count > self.limit


_Limits = Sequence[tuple[str, int]]


class CallLimiter:
    """Counts calls over all processes; by itself while Redis does not answer."""

    def __init__(self, redis_url: str) -> None:
        """Connect lazily; without an address this process counts by itself."""
        self._redis = _open(redis_url) if redis_url else None
        self._script = self._redis.register_script(_COUNT) if self._redis is not None else None
        self._own = OwnWindows()
        self._away_until = 0.0

    async def count(self, *, person: UUID, tenant: UUID | None, is_change: bool) -> Window:
        """Count a call, and return the limit that is nearest to its end. Never raises.

        A call that is one too many of a person's is none of the tenant's: colleagues go on.
        """
        limits = _limits(person, tenant, is_change=is_change)
        windows = await self._ask(limits) or self._own.count(limits)
        return min(windows, key=lambda window: window.remaining / window.limit - window.is_spent)

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            await self._redis.aclose()

    async def _ask(self, limits: _Limits) -> list[Window]:
        if self._script is None or time.monotonic() < self._away_until:
            return []
        keys, amounts = zip(*limits, strict=True)
        try:
            found = await self._script(keys=keys, args=[WINDOW_SECONDS, *amounts])
        except (RedisError, OSError, TimeoutError) as error:
            self._away_until = time.monotonic() + _AWAY_SECONDS
            _log.warning("calls_counted_by_this_process", error=type(error).__name__)
            return []
        return [
            Window(limit, count, max(1.0, left / 1000)) for limit, (count, left) in zip(amounts, found, strict=False)
        ]


class OwnWindows:
    """The same count in this process, for not too many keys."""

    def __init__(self) -> None:
        """Know no key yet."""
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, limits: _Limits) -> list[Window]:
        """Count a call against each limit, until one is spent."""
        found, now = [], time.monotonic()
        for key, limit in limits:
            count, ends_at = self._known.get(key, (0, 0.0))
            if ends_at <= now:
                count, ends_at = 0, now + WINDOW_SECONDS
            self._known[key] = (count + 1, ends_at)
            self._known.move_to_end(key)
            found.append(Window(limit, count + 1, max(1.0, math.ceil(ends_at - now))))
            if count + 1 > limit:
                break
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found


def _limits(person: UUID, tenant: UUID | None, *, is_change: bool) -> _Limits:
    limits = [(f"calls:person:{person}", PERSON_CALLS)]
    if is_change:
        limits.append((f"calls:person:{person}:changes", PERSON_CHANGES))
    if tenant is not None:
        limits.append((f"calls:tenant:{tenant}", TENANT_CALLS))
        if is_change:
            limits.append((f"calls:tenant:{tenant}:changes", TENANT_CHANGES))
    return limits


def _open(redis_url: str) -> Redis:
    return Redis.from_url(
        redis_url, socket_timeout=_WAIT_SECONDS, socket_connect_timeout=_WAIT_SECONDS, retry=Retry(NoBackoff(), 0)
    )
