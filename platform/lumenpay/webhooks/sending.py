"""Calls the addresses that tenants name, and nothing else: every connection's address is looked at when it is made.

No redirect is followed, no proxy and no cookie is used, and of an answer only its beginning is read, as it comes.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from aiohttp.abc import AbstractResolver

from lumenpay.webhooks.addresses import is_public

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=10, sock_connect=5)
_EXCERPT_BYTES = 512
_MAX_CONNECTIONS = 64


class AddressForbiddenError(OSError):
    """The name leads to an address that is not of the public internet."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: the answer's status and how it begins, or why there is none."""

    status: int | None
    failure: str = ""
    excerpt: str = ""
    duration_ms: int = 0
    retry_after: str = ""
    """The header of this name, as it came."""


class WebhookCaller(Protocol):
    """Whatever can call an endpoint."""

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Call once and return what it came to; what fails outside is an outcome, never an exception."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


class PublicCaller:
    """Calls endpoints on the public internet."""

    def __init__(
        self,
        *,
        is_allowed: Callable[[str], bool] = is_public,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        limit: aiohttp.ClientTimeout = _TIMEOUT,
    ) -> None:
        """Take which addresses may be connected to, and how names are looked up; nothing opens before a call.

        Args:
            tls: What certificates are checked against; without one, what everybody's are.
            limit: How long a call may take.
        """
        self._is_allowed, self._resolver, self._tls, self._limit = is_allowed, resolver, tls, limit
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Call once and return what it came to."""
        began_at = time.monotonic()
        status, failure, excerpt, retry_after = None, "", b"", ""
        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                status, retry_after = answer.status, answer.headers.get("retry-after", "")
                excerpt = await answer.content.read(_EXCERPT_BYTES)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Also while the beginning of an answer was read: then the status counts, if it is a good one or not.
            failure = "" if status is not None else _name_failure(error)
        text = excerpt.decode("utf-8", "replace").replace("\x00", "")
        return Outcome(status, failure, text, round((time.monotonic() - began_at) * 1000), retry_after)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=_MAX_CONNECTIONS, resolver=self._resolver, ssl=self._tls if self._tls is not None else True,
                socket_factory=self._open_socket,
                # Looked up and looked at each time: a name may lead elsewhere by now.
                use_dns_cache=False, force_close=True,
            )  # fmt: skip
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=self._limit, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
                trust_env=False,
            )  # fmt: skip
        return self._session

    def _open_socket(self, found: tuple[Any, ...]) -> socket.socket:
        # The last step before the connection, and to this very address: no second look-up comes between.
        family, kind, protocol, _, address = found
        if not self._is_allowed(str(address[0])):
            raise AddressForbiddenError("not a public address")
        return socket.socket(family=family, type=kind, proto=protocol)


def _name_failure(error: Exception) -> str:
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return "timeout"
    cause = getattr(error, "os_error", None)
    # The library refuses odd notations of addresses by itself.
    is_odd = isinstance(error, aiohttp.InvalidURL)
    if is_odd or isinstance(cause, AddressForbiddenError) or "not a public address" in str(cause or ""):
        return "address_forbidden"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "name_unknown"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no_connection"
    return "broken_answer"
