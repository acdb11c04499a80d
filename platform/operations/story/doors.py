"""HTTP to the product and to the sandboxes, as the people of the story use them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

Value = TypeVar("Value")
_POLL_SECONDS = 0.2


class StoryBrokenError(Exception):
    """A step did not hold."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everybody listens."""

    product: str
    telegram: str
    yookassa: str
    mail: str


class Doors:
    """One HTTP session; answers other than 2xx break the story."""

    def __init__(self, addresses: Addresses) -> None:
        """Take the addresses; the session opens on entering."""
        self.addresses = addresses
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=30)
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def product(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Call the product's API as the portal would, from its own origin."""
        return await self._call(method, f"{self.addresses.product}/api/v1{path}", body)

    async def telegram(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Act in the Telegram sandbox."""
        return await self._call(method, f"{self.addresses.telegram}/sandbox{path}", body)

    async def yookassa(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Act in the YooKassa sandbox."""
        return await self._call(method, f"{self.addresses.yookassa}/sandbox{path}", body)

    async def mail(self, method: str, path: str) -> Any:  # noqa: ANN401 - JSON
        """Look into the mail sandbox."""
        return await self._call(method, f"{self.addresses.mail}/sandbox{path}", None)

    async def _call(self, method: str, url: str, body: object) -> Any:  # noqa: ANN401 - JSON
        assert self._session is not None  # noqa: S101 - used inside `async with`
        headers = {"Origin": self.addresses.product}
        async with self._session.request(method, url, json=body, headers=headers) as response:
            content = await response.text()
            if not 200 <= response.status < 300:  # noqa: PLR2004 - success
                raise StoryBrokenError(f"{method} {url} answered {response.status}: {content[:300]}")
            return await response.json() if content else None


async def wait_for(what: str, look: Callable[[], Awaitable[Value | None]], *, seconds: float) -> Value:
    """Look again and again until there is something to see.

    Raises:
        StoryBrokenError: Nothing came in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise StoryBrokenError(f"waited {seconds:.0f} s in vain: {what}")
        await asyncio.sleep(_POLL_SECONDS)
