"""Where webhook addresses lead to, remembered for a few seconds so that the hot path asks no database."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from lumenpay.db import dispatch
from lumenpay.db.dispatch import WebhookRoute
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing, hash_token
from lumenpay.models.ids import BotId, TenantId

Route = TypeVar("Route")
REMEMBERED_SECONDS = 5.0
_REMEMBERED = 50_000
_LONGEST_KEY = 64


class RouteCache(Generic[Route]):
    """Answers of a look-up, positive and negative, for a few seconds each and not too many of them."""

    def __init__(self, find: Callable[[str], Awaitable[Route | None]]) -> None:
        """Take the look-up."""
        self._find = find
        self._known: OrderedDict[str, tuple[float, Route | None]] = OrderedDict()

    async def find(self, key: str, *, is_fresh: bool = False) -> Route | None:
        """Return where a key leads to; `is_fresh` asks the database whatever is remembered."""
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[0] > now and not is_fresh:
            return known[1]
        route = await self._find(key)
        self._known[key] = (now + REMEMBERED_SECONDS, route)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return route


class Routes:
    """Looks up bots and shops by the keys in their webhook addresses."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        """Take where to look, and the keys of the hashes."""
        self._database, self._ring = database, ring
        self._bots = RouteCache(self._find_bot)
        self._shops = RouteCache(self._find_shop)

    async def authenticate_bot(self, key: str, secret: bytes) -> WebhookRoute | None:
        """Return the bot if the address and the header's secret are both right.

        A secret that does not match is compared with the database once more: it may have been renewed a moment ago.
        """
        if not is_plausible_key(key):
            return None
        given = hash_token(secret.decode("utf-8", "surrogateescape"))
        route = await self._bots.find(key)
        if route is not None and hmac.compare_digest(given, route.secret_hash):
            return route
        route = await self._bots.find(key, is_fresh=True)
        return route if route is not None and hmac.compare_digest(given, route.secret_hash) else None

    async def find_shop(self, key: str) -> tuple[TenantId, BotId] | None:
        """Return the bot whose shop sends its notices to this address."""
        return await self._shops.find(key) if is_plausible_key(key) else None

    async def _find_bot(self, key: str) -> WebhookRoute | None:
        return await dispatch.find_bot_route(self._database, hashes=self._ring.lookup_hashes(key))

    async def _find_shop(self, key: str) -> tuple[TenantId, BotId] | None:
        return await dispatch.find_shop_route(self._database, hashes=self._ring.lookup_hashes(key))


def is_plausible_key(key: str) -> bool:
    """Tell whether a path segment has the form of our keys; others are not worth a look-up."""
    return 0 < len(key) <= _LONGEST_KEY and key.isascii() and all(c.isalnum() or c in "-_" for c in key)
