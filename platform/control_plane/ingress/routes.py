"""Where webhook addresses lead to, remembered for a few seconds so that the hot path asks no database."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from lumenpay.db import dispatch
from lumenpay.db.dispatch import WebhookRoute
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.ids import BotId, TenantId

Route = TypeVar("Route")
REMEMBERED_SECONDS = 5.0
_FRESH_SECONDS = 1.0
_REMEMBERED = 50_000
# Guessed addresses must not take all connections of the process.
_PARALLEL_LOOK_UPS = 4
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RouteCache(Generic[Route]):
    """Answers of a look-up, positive and negative, for a few seconds each and not too many of them."""

    def __init__(self, find: Callable[[str], Awaitable[Route | None]]) -> None:
        """Take the look-up."""
        self._find = find
        self._known: OrderedDict[str, tuple[float, Route | None]] = OrderedDict()
        self._asking: dict[str, asyncio.Event] = {}

    async def find(self, key: str, *, younger_than_seconds: float = REMEMBERED_SECONDS) -> Route | None:
        """Return where a key leads to, as it was so many seconds ago at most; one key is looked up once at a time."""
        while True:
            known = self._known.get(key)
            if known is not None and time.monotonic() - known[0] < younger_than_seconds:
                return known[1]
            asking = self._asking.get(key)
            if asking is None:
                return await self._look_up(key)
            await asking.wait()

    async def _look_up(self, key: str) -> Route | None:
        done = self._asking[key] = asyncio.Event()
        asked_at = time.monotonic()
        try:
            route = await self._find(key)
        finally:
            del self._asking[key]
            done.set()
        self._known[key] = (asked_at, route)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return route


class Routes:
    """Looks up bots and shops by the keys in their webhook addresses."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        """Take where to look, and the keys of the hashes."""
        self._database, self._ring = database, ring
        self._room = asyncio.Semaphore(_PARALLEL_LOOK_UPS)
        self._bots = RouteCache(self._find_bot)
        self._shops = RouteCache(self._find_shop)

    async def authenticate_bot(self, key: str, secret: bytes) -> WebhookRoute | None:
        """Return the bot if the address and the header's secret are both right.

        A secret that does not match is compared with the database once more: it may have been renewed a moment ago.
        A flood of wrong secrets costs one look-up a second.
        """
        if not is_plausible_key(key):
            return None
        given = hashlib.sha256(secret).digest()  # what `hash_token` gives, of any bytes
        route = await self._bots.find(key)
        if route is None or hmac.compare_digest(given, route.secret_hash):
            return route
        route = await self._bots.find(key, younger_than_seconds=_FRESH_SECONDS)
        return route if route is not None and hmac.compare_digest(given, route.secret_hash) else None

    async def find_shop(self, key: str) -> tuple[TenantId, BotId] | None:
        """Return the bot whose shop sends its notices to this address."""
        return await self._shops.find(key) if is_plausible_key(key) else None

    async def _find_bot(self, key: str) -> WebhookRoute | None:
        async with self._room:
            return await dispatch.find_bot_route(self._database, hashes=self._ring.lookup_hashes(key))

    async def _find_shop(self, key: str) -> tuple[TenantId, BotId] | None:
        async with self._room:
            return await dispatch.find_shop_route(self._database, hashes=self._ring.lookup_hashes(key))


def is_plausible_key(key: str) -> bool:
    """Tell whether a path segment has the form of our keys; others are not worth a look-up."""
    return _KEY.fullmatch(key) is not None
