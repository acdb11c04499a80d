"""How often somebody may try: per account, per address and per both, counted in Redis; uncounted is refused."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Any

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from lumenpay.admins.errors import AttemptsUncountedError, TooManyAttemptsError
from lumenpay.kit.logs import get_logger

_PREFIX = "attempts"
_WAIT_SECONDS = 2.0
_COME_BACK_SECONDS = 5.0
_Window = tuple[RateLimitItem, tuple[str, ...]]
_log = get_logger(__name__)


class Attempt(StrEnum):
    """What is tried."""

    LOG_IN = "log_in"
    SIGN_UP = "sign_up"
    LETTER = "letter"
    """Asking for a letter: a new link, a reset."""
    CODE = "code"
    """Showing a code or a link's token."""
    LINK = "link"
    """Opening the page of a letter's link; counted apart, so that looking costs no attempt to use it."""
    VERIFY = "verify"
    """Showing the link of a sign-up with its password."""
    PROVE = "prove"
    PROVIDER = "provider"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Terms:
    """Ever longer windows: who goes on trying waits ever longer."""

    account: str
    """Over all addresses; wide, so that a stranger cannot easily keep somebody out."""
    pair: str
    """One account from one address."""
    address: str


TERMS = {
    Attempt.LOG_IN: Terms("100/hour;300/day", "5/minute;20/hour;60/day", "30/minute;300/hour"),
    Attempt.SIGN_UP: Terms("10/hour;20/day", "5/hour", "30/minute;200/hour"),
    Attempt.LETTER: Terms("5/hour;15/day", "2/minute;5/hour", "20/minute;100/hour"),
    Attempt.CODE: Terms("20/hour;60/day", "5/minute;20/hour", "30/minute;300/hour"),
    Attempt.LINK: Terms("60/hour;200/day", "20/minute;60/hour", "30/minute;300/hour"),
    Attempt.VERIFY: Terms("20/hour;60/day", "5/minute;20/hour", "30/minute;300/hour"),
    Attempt.PROVE: Terms("20/hour;60/day", "5/minute;20/hour", "30/minute;300/hour"),
    Attempt.INVITE: Terms("30/hour;100/day", "30/hour", "60/hour"),
    Attempt.PROVIDER: Terms("60/hour", "60/hour", "30/minute;300/hour"),
}


UNCOUNTED_TOO = frozenset({Attempt.SIGN_UP, Attempt.VERIFY})
"""What goes on without Redis: nothing that somebody has can be guessed there."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window after a call was counted."""

    item: RateLimitItem
    remaining: int
    reset_seconds: float
    is_spent: bool
    """This call was one too many."""


class AttemptLimiter:
    """Counts attempts over all processes."""

    def __init__(self, redis_url: str) -> None:
        """Connect lazily; without an address nothing can be counted, and so nothing is let through."""
        self._pool = _open(redis_url) if redis_url else None
        self._strategy = SlidingWindowCounterRateLimiter(_store(redis_url, self._pool)) if self._pool else None

    async def count(self, attempt: Attempt, *, address: str, account: str = "") -> None:
        """Count one attempt.

        Args:
            account: Whatever names the account; only its hash is kept.

        Raises:
            TooManyAttemptsError: Not now.
            AttemptsUncountedError: Redis does not answer.
        """
        try:
            if self._strategy is None:
                raise RedisError("no address")  # noqa: TRY301 - the same answer as when it is away
            for item, key in _windows(attempt, address=address, account=account):
                if not await self._strategy.hit(item, *key):
                    stats = await self._strategy.get_window_stats(item, *key)
                    raise TooManyAttemptsError(retry_after_seconds=max(1.0, stats.reset_time - time.time()))
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("attempts_uncounted", error=type(error).__name__)
            if attempt in UNCOUNTED_TOO:
                return
            raise AttemptsUncountedError(retry_after_seconds=_COME_BACK_SECONDS) from error

    async def spend(self, item: RateLimitItem, *key: str) -> Allowance:
        """Count one call and return what is left.

        Raises:
            AttemptsUncountedError: Redis does not answer.
        """
        try:
            if self._strategy is None:
                raise RedisError("no address")  # noqa: TRY301 - the same answer as when it is away
            is_spent = not await self._strategy.hit(item, *key)
            stats = await self._strategy.get_window_stats(item, *key)
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("calls_uncounted", error=type(error).__name__)
            raise AttemptsUncountedError(retry_after_seconds=_COME_BACK_SECONDS) from error
        return Allowance(item, max(0, stats.remaining), max(1.0, stats.reset_time - time.time()), is_spent)

    async def forgive(self, attempt: Attempt, *, address: str, account: str) -> None:
        """Forget what an account tried from one address: it was right after all. Never raises."""
        if self._strategy is None:
            return
        try:
            for item in parse_many(TERMS[attempt].pair):
                await self._strategy.clear(item, *_pair_key(attempt, address=address, account=account))
        except (RedisError, OSError, TimeoutError) as error:
            _log.info("attempts_not_forgiven", error=type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.disconnect()


def _open(redis_url: str) -> ConnectionPool:
    # Without tries of its own: whoever waits at the door is told to come back.
    return ConnectionPool.from_url(
        redis_url, socket_timeout=_WAIT_SECONDS, socket_connect_timeout=_WAIT_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def _store(redis_url: str, pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage(f"async+{redis_url}", implementation="redispy", key_prefix=_PREFIX, **options)


def _windows(attempt: Attempt, *, address: str, account: str) -> list[_Window]:
    terms = TERMS[attempt]
    found: list[_Window] = [
        (item, (attempt.value, "address", network_of(address))) for item in parse_many(terms.address)
    ]
    if account:
        pair, whole = _pair_key(attempt, address=address, account=account), (attempt.value, "account", _digest(account))
        found += [(item, pair) for item in parse_many(terms.pair)]
        found += [(item, whole) for item in parse_many(terms.account)]
    return found


def _pair_key(attempt: Attempt, *, address: str, account: str) -> tuple[str, ...]:
    return (attempt.value, "pair", _digest(account), network_of(address))


def _digest(account: str) -> str:
    return hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def network_of(address: str) -> str:
    """Return whose address it is: one IPv6 subscriber has a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)
