"""HTTP to YooKassa: credentials with every call, bounded waits, and three kinds of failure.

A 500, a timeout or a lost answer means that the result is unknown, not that the call failed (see the gateway's
description of its interaction format): the caller repeats it with the same key or looks the payment up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from lumenpay.bots.secrets import ShopSecrets
from lumenpay.kit.crypto import Secret
from lumenpay.payments.errors import (
    GatewayCredentialsError,
    GatewayForbiddenError,
    GatewayNotFoundError,
    GatewayRefusedError,
    GatewayUnavailableError,
)
from lumenpay.payments.providers.protocol import GatewayList, GatewayPayment, GatewayReceipt, GatewayRefund
from lumenpay.payments.providers.yookassa.parsing import names_order, read_payment
from lumenpay.payments.providers.yookassa.receipts import read_receipt
from lumenpay.payments.providers.yookassa.refunds import read_refund

# The gateway itself answers within 30 seconds.
_TIMEOUT = aiohttp.ClientTimeout(total=35, connect=10, sock_connect=3)
_MAX_BODY = 2 * 1024 * 1024


class YooKassaClient:
    """Speaks to YooKassa for any shop; holds no credentials."""

    def __init__(self, *, api_url: str, sandbox_url: str = "", max_connections: int = 100) -> None:
        """Take the API's address, `https://…/v3`, and that of the sandbox's server; the session opens at a call."""
        self._api_url = api_url.rstrip("/")
        self._sandbox_url = f"{sandbox_url.rstrip('/')}/v3" if sandbox_url else ""
        self._max_connections = max_connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the session."""
        await self.close()

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def create_payment(
        self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str
    ) -> GatewayPayment:
        """Create a payment; the same key and body within a day give the same payment."""
        return read_payment(await self._call(shop, "POST", "/payments", body=body, key=idempotence_key))

    async def get_payment(self, shop: ShopSecrets, gateway_payment_id: str) -> GatewayPayment:
        """Return a payment of the shop."""
        return read_payment(await self._call(shop, "GET", _path("payments", gateway_payment_id)))

    async def cancel_payment(
        self, shop: ShopSecrets, gateway_payment_id: str, *, idempotence_key: str
    ) -> GatewayPayment:
        """Cancel an uncaptured payment."""
        path = _path("payments", gateway_payment_id) + "/cancel"
        return read_payment(await self._call(shop, "POST", path, body={}, key=idempotence_key))

    async def list_payments(self, shop: ShopSecrets, *, query: Mapping[str, str]) -> tuple[list[GatewayPayment], str]:
        """Return one page of the shop's payments and the cursor of the next one, empty at the end."""
        found = await self.read_list(shop, query=query)
        return found.payments, found.next_cursor

    async def read_list(self, shop: ShopSecrets, *, query: Mapping[str, str]) -> GatewayList:
        """Return one page of the shop's payments; one that we cannot read and that names no order is only counted.

        The shop may be used by other systems too, in ways that we know nothing of.
        """
        raw = await self._call(shop, "GET", "/payments", query=query)
        items = raw.get("items")
        if not isinstance(items, list):
            raise GatewayUnavailableError("not a list", is_outcome_unknown=True)
        found: list[GatewayPayment] = []
        for item in items:
            try:
                found.append(read_payment(item))
            except GatewayUnavailableError:
                if names_order(item):
                    raise
        return GatewayList(found, len(items) - len(found), str(raw.get("next_cursor") or ""))

    async def create_refund(self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str) -> GatewayRefund:
        """Give money of a payment back; the same key and body within a day give the same refund."""
        return read_refund(await self._call(shop, "POST", "/refunds", body=body, key=idempotence_key))

    async def get_refund(self, shop: ShopSecrets, refund_id: str) -> GatewayRefund:
        """Return a refund of the shop."""
        return read_refund(await self._call(shop, "GET", _path("refunds", refund_id)))

    async def list_refunds(self, shop: ShopSecrets, *, query: Mapping[str, str]) -> tuple[list[GatewayRefund], str]:
        """Return one page of the shop's refunds and the cursor of the next one, empty at the end."""
        raw = await self._call(shop, "GET", "/refunds", query=query)
        items = raw.get("items")
        found = [read_refund(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        return found, str(raw.get("next_cursor") or "")

    async def create_receipt(
        self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str
    ) -> GatewayReceipt:
        """Make a receipt by itself; the same key and body within a day give the same receipt."""
        return read_receipt(await self._call(shop, "POST", "/receipts", body=body, key=idempotence_key))

    async def get_receipt(self, shop: ShopSecrets, receipt_id: str) -> GatewayReceipt:
        """Return a receipt of the shop."""
        return read_receipt(await self._call(shop, "GET", _path("receipts", receipt_id)))

    async def list_receipts(self, shop: ShopSecrets, *, query: Mapping[str, str]) -> list[GatewayReceipt]:
        """Return the newest receipts of a payment or a refund; the gateway keeps up to 50 of each."""
        raw = await self._call(shop, "GET", "/receipts", query={**query, "limit": "100"})
        items = raw.get("items")
        if not isinstance(items, list):
            raise GatewayUnavailableError("not a list", is_outcome_unknown=True)
        return [read_receipt(item) for item in items if isinstance(item, dict)]

    async def check_keys(self, *, shop_id: str, secret_key: Secret) -> bool:
        """Return whether the shop is a test shop, if the gateway accepts the keys.

        `GET /me` is documented for partners only, so a shop that is refused there is asked for its payments instead.

        Raises:
            GatewayCredentialsError: The keys are wrong.
            GatewayForbiddenError: They are right, and may not even list payments: no sale could be followed.
        """
        shop = ShopSecrets(shop_id, secret_key, notice_key=Secret(""))
        try:
            raw = await self._call(shop, "GET", "/me")
        except (GatewayNotFoundError, GatewayRefusedError, GatewayCredentialsError, GatewayForbiddenError):
            # Wrong keys are refused here too; a shop that is only no partner is not.
            raw = await self._call(shop, "GET", "/payments", query={"limit": "1"})
        return bool(raw.get("test", secret_key.reveal().startswith("test_")))

    async def _call(
        self, shop: ShopSecrets, method: str, path: str, *,
        body: Mapping[str, Any] | None = None, key: str | None = None, query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        headers = {"Authorization": aiohttp.encode_basic_auth(shop.shop_id, shop.secret_key.reveal())}
        if key:
            headers["Idempotence-Key"] = key
        api_url = self._choose_address(shop)
        try:
            async with self._open_session().request(
                method, api_url + path, json=body, params=query, headers=headers, allow_redirects=False
            ) as response:
                content = await _read_body(response)
                return _read_answer(response.status, content, response.headers.get("Retry-After"))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise GatewayUnavailableError(type(error).__name__, is_outcome_unknown=False) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise GatewayUnavailableError(type(error).__name__, is_outcome_unknown=True) from None

    def _choose_address(self, shop: ShopSecrets) -> str:
        # The one place that decides between the gateway and the sandbox.
        if not shop.is_in_sandbox:
            return self._api_url
        if not self._sandbox_url:
            raise GatewayUnavailableError("there is no sandbox", is_outcome_unknown=False)
        return self._sandbox_url

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=_TIMEOUT,
                connector=aiohttp.TCPConnector(limit=self._max_connections),
                json_serialize=lambda value: orjson.dumps(value).decode(),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    # One read of a stream gives what has arrived so far, not all of it.
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > _MAX_BODY:
            raise GatewayUnavailableError("the answer is too long", is_outcome_unknown=True)
    return bytes(content)


def _path(collection: str, object_id: str) -> str:
    # An id comes from a notice that nobody signed: it must not become another path.
    if not object_id or len(object_id) > 64 or not all(c.isascii() and (c.isalnum() or c in "-_") for c in object_id):  # noqa: PLR2004 - the gateway's ids have 36
        raise GatewayNotFoundError("not an id")
    return f"/{collection}/{object_id}"


def _read_answer(status: int, content: bytes, retry_after: str | None) -> dict[str, Any]:
    try:
        raw = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise GatewayUnavailableError(f"status {status} without JSON", is_outcome_unknown=True) from None
    if not isinstance(raw, dict):
        raise GatewayUnavailableError("not an object", is_outcome_unknown=True)
    if status == 200:  # noqa: PLR2004 - the only success
        return raw
    reason, parameter = str(raw.get("code", ""))[:64], str(raw.get("parameter", ""))[:64]
    if status == 429:  # noqa: PLR2004 - too many requests: nothing was done
        raise GatewayUnavailableError(
            reason, is_outcome_unknown=False, retry_after_seconds=_seconds(retry_after, raw.get("retry_after"))
        )
    if status >= 500 or status == 202:  # noqa: PLR2004 - the result is unknown
        raise GatewayUnavailableError(f"status {status}", is_outcome_unknown=True)
    if status == 403:  # noqa: PLR2004 - the shop may not do this
        raise GatewayForbiddenError(reason)
    if status == 401:  # noqa: PLR2004 - wrong keys
        raise GatewayCredentialsError(reason)
    if status == 404:  # noqa: PLR2004 - no such object in this shop
        raise GatewayNotFoundError(reason)
    raise GatewayRefusedError(reason or f"status_{status}", parameter=parameter)


def _seconds(header: str | None, milliseconds: object) -> float:
    if header and header.isdigit():
        return float(header)
    return float(milliseconds) / 1000 if isinstance(milliseconds, int | float) else 1.0
