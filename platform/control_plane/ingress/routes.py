"""Where webhook addresses lead to, remembered for a few seconds so that the hot path asks no database."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg

from control_plane.ingress.strangers import Strangers
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.ids import BotId, TenantId

Route = TypeVar("Route")
FetchRow = Callable[..., Awaitable[asyncpg.Record | None]]
REMEMBERED_SECONDS = 30.0
"""How long an address that leads somewhere is believed: one that was given up leads to the same bot for so long."""
NOWHERE_SECONDS = 5.0
"""How long one that leads nowhere is believed to do so."""
_FRESH_SECONDS = 1.0
_REMEMBERED = 50_000
# Guessed addresses must not take all connections of the process.
_PARALLEL_LOOK_UPS = 3
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


_FIND_BOT = "SELECT tenant_id, bot_id, secret_hash FROM find_bot_route($1::bytea[])"
_FIND_SHOP = "SELECT tenant_id, bot_id FROM find_shop_route($1::bytea[])"


@dataclass(frozen=True, slots=True)
class WebhookRoute:
    """Where a bot's webhook address leads to, and the hash of the secret that must come with it."""

    tenant_id: TenantId
    bot_id: BotId
    secret_hash: bytes


class RouteCache(Generic[Route]):
    """Answers of a look-up, positive and negative, for a few seconds each and not too many of them."""

    def __init__(self, find: Callable[[str, str], Awaitable[Route | None]]) -> None:
        """Take the look-up."""
        self._find = find
        self._known: OrderedDict[str, tuple[float, Route | None]] = OrderedDict()
        self._asking: dict[str, asyncio.Event] = {}

    async def find(
        self, key: str, address: str = "", *, younger_than_seconds: float = REMEMBERED_SECONDS
    ) -> Route | None:
        """Return where a key leads to, as it was so many seconds ago at most; one key is looked up once at a time.

        Args:
            address: Who asks, for the look-up.
        """
        while True:
            known = self._known.get(key)
            if known is not None:
                longest = younger_than_seconds if known[1] is not None else min(younger_than_seconds, NOWHERE_SECONDS)
                if time.monotonic() - known[0] < longest:
                    return known[1]
            asking = self._asking.get(key)
            if asking is None:
                return await self._look_up(key, address)
            await asking.wait()

    async def _look_up(self, key: str, address: str) -> Route | None:
        done = self._asking[key] = asyncio.Event()
        asked_at = time.monotonic()
        try:
            route = await self._find(key, address)
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

    def __init__(self, fetch_row: FetchRow, ring: KeyRing, strangers: Strangers) -> None:
        """Take what runs a statement outside of every tenant, the keys of the hashes, and who sends what is wrong."""
        self._fetch_row, self._ring, self._strangers = fetch_row, ring, strangers
        self._room = asyncio.Semaphore(_PARALLEL_LOOK_UPS)
        self._strangers_room = asyncio.Semaphore(1)
        self._bots = RouteCache(self._find_bot)
        self._shops = RouteCache(self._find_shop)

    async def authenticate_bot(self, key: str, secret: bytes, *, sender: str = "") -> WebhookRoute | None:
        """Return the bot if the address and the header's secret are both right, whoever sends it.

        A secret that does not match is compared with the database once more: it may have been renewed a moment ago.
        A flood of wrong secrets costs one look-up a second.
        """
        if not is_plausible_key(key):
            return None
        given = hashlib.sha256(secret).digest()  # what `hash_token` gives, of any bytes
        route = await self._bots.find(key, sender)
        if route is None or hmac.compare_digest(given, route.secret_hash):
            return route
        route = await self._bots.find(key, sender, younger_than_seconds=_FRESH_SECONDS)
        return route if route is not None and hmac.compare_digest(given, route.secret_hash) else None

    async def find_shop(self, key: str, *, sender: str = "") -> tuple[TenantId, BotId] | None:
        """Return the bot whose shop sends its notices to this address."""
        return await self._shops.find(key, sender) if is_plausible_key(key) else None

    async def _find_bot(self, key: str, sender: str) -> WebhookRoute | None:
        row = await self._look_up(_FIND_BOT, key, sender)
        return None if row is None else WebhookRoute(TenantId(row[0]), BotId(row[1]), bytes(row[2]))

    async def _find_shop(self, key: str, sender: str) -> tuple[TenantId, BotId] | None:
        row = await self._look_up(_FIND_SHOP, key, sender)
        return None if row is None else (TenantId(row[0]), BotId(row[1]))

    async def _look_up(self, statement: str, key: str, sender: str) -> asyncpg.Record | None:
        # A flood of guesses waits for itself, and keeps no bot waiting whose address is looked up beside it.
        async with self._strangers_room if self._strangers.is_known(sender) else self._room:
            return await self._fetch_row(statement, self._ring.lookup_hashes(key))


def is_plausible_key(key: str) -> bool:
    """Tell whether a path segment has the form of our keys; others are not worth a look-up."""
    return _KEY.fullmatch(key) is not None
