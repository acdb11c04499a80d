"""HTTP to the control APIs of the built-in sandboxes: what BotFather, a channel's owner and a subscriber do there.

The servers share no code with us; this is the only client of theirs in the product, and only test drives use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from lumenpay.config import Settings
from lumenpay.kit.crypto import Secret
from lumenpay.test_drives.errors import SandboxUnavailableError, TestDriveActionRefusedError

_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
_CONNECTIONS = 50
_REFUSED = frozenset({400, 404, 409})


@dataclass(frozen=True, slots=True)
class SandboxShop:
    """A shop of the YooKassa sandbox."""

    shop_id: str
    secret_key: Secret


class SandboxControl:
    """Acts in both sandboxes.

    Raises `SandboxUnavailableError`, and `TestDriveActionRefusedError` for what they refuse.
    """

    def __init__(self, *, telegram_url: str, yookassa_url: str) -> None:
        """Take the servers' addresses; the session opens at the first call."""
        self._telegram, self._yookassa = f"{telegram_url}/sandbox", f"{yookassa_url}/sandbox"
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def make_person(self, *, telegram_id: int, name: str, locale: str) -> None:
        """Have a person with this id, whom the sandbox's own page shows as one of a test drive."""
        body = {"id": telegram_id, "first_name": name, "language_code": locale, "is_test_drive": True}
        await self._call("POST", f"{self._telegram}/users", body)

    async def make_bot(self, *, telegram_id: int, name: str, username: str, owner_id: int) -> Secret:
        """Have a bot with this id and return its token."""
        body = {"id": telegram_id, "name": name, "username": username, "owner_user_id": owner_id}
        return Secret(str((await self._call("POST", f"{self._telegram}/bots", body))["token"]))

    async def make_channel(self, *, chat_id: int, title: str, kind: str, owner_id: int, bot_id: int) -> None:
        """Have a channel with this id in which the bot is an administrator."""
        body = {"id": chat_id, "title": title, "type": kind, "owner_user_id": owner_id}
        await self._call("POST", f"{self._telegram}/channels", body)
        await self._call("PUT", f"{self._telegram}/channels/{chat_id}/admins/{bot_id}", {})

    async def erase_person(self, telegram_id: int) -> None:
        """Leave nothing of a person, nor of the bots and channels that the person owned. Safe to repeat."""
        await self._call("DELETE", f"{self._telegram}/users/{telegram_id}")

    async def open_shop(self, name: str) -> SandboxShop:
        """Open a test shop."""
        made = await self._call("POST", f"{self._yookassa}/shops", {"name": name, "test": True})
        return SandboxShop(str(made["shop_id"]), Secret(str(made["secret_key"])))

    async def notify_shop_at(self, shop_id: str, url: str) -> None:
        """Have the shop's notifications sent to an address."""
        await self._call("PUT", f"{self._yookassa}/shops/{shop_id}/notification-url", {"url": url})

    async def close_shop(self, shop_id: str) -> None:
        """Forget a shop with its payments. Safe to repeat."""
        await self._call("DELETE", f"{self._yookassa}/shops/{shop_id}")

    async def write(self, *, person_id: int, bot_id: int, text: str) -> None:
        """Write to the bot as the person."""
        await self._call("POST", f"{self._telegram}/users/{person_id}/messages", {"bot_id": bot_id, "text": text})

    async def press(self, *, person_id: int, bot_id: int, message_id: int, data: str) -> None:
        """Press a button of a message."""
        body = {"bot_id": bot_id, "message_id": message_id, "data": data}
        await self._call("POST", f"{self._telegram}/users/{person_id}/callbacks", body)

    async def follow_link(self, *, person_id: int, url: str) -> str:
        """Follow an entry link and return what came of it: `requested`, `joined`, or why not."""
        answer = await self._call("POST", f"{self._telegram}/users/{person_id}/join", {"invite_link": url})
        return str(answer["outcome"])

    async def read_chat(
        self, *, person_id: int, bot_id: int, newer_than: int = -1, wait_seconds: float = 0
    ) -> dict[str, Any]:
        """Return the chat's messages and version, once it is newer or the time is over."""
        query = {"version": str(newer_than), "wait": str(wait_seconds)}
        chat: dict[str, Any] = await self._call(
            "GET", f"{self._telegram}/users/{person_id}/chats/{bot_id}", query=query
        )
        return chat

    async def read_channel(self, chat_id: int) -> dict[str, Any]:
        """Return a channel with its members, requests and version."""
        channel: dict[str, Any] = await self._call("GET", f"{self._telegram}/channels/{chat_id}")
        return channel

    async def has_payment(self, *, shop_id: str, payment_id: str) -> bool:
        """Tell whether a payment is one of the shop's."""
        query = {"shop_id": shop_id, "id": payment_id, "limit": "1"}
        return bool((await self._call("GET", f"{self._yookassa}/payments", query=query))["payments"])

    async def pay(self, *, payment_id: str, card: str | None) -> str:
        """Pay by card, or decline without one; return the payment's state after it."""
        body = {"decline": True} if card is None else {"card": card}
        return str((await self._call("POST", f"{self._yookassa}/payments/{payment_id}/pay", body))["status"])

    async def _call(self, method: str, url: str, body: object = None, *, query: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        data = None if body is None else orjson.dumps(body)
        headers = {"Content-Type": "application/json"} if data is not None else None
        try:
            async with self._open_session().request(
                method, url, data=data, params=query, headers=headers, allow_redirects=False
            ) as response:
                content = await response.read()
                return _read_answer(response.status, content)
        except (TimeoutError, aiohttp.ClientError, OSError, orjson.JSONDecodeError) as error:
            raise SandboxUnavailableError(type(error).__name__) from error

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=_TIMEOUT, connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(), trust_env=False,
            )  # fmt: skip
        return self._session


def open_sandbox(settings: Settings) -> SandboxControl | None:
    """Return the client of the sandboxes that are configured, or nothing."""
    if not settings.has_test_drives:
        return None
    return SandboxControl(telegram_url=settings.sandbox_telegram_url, yookassa_url=settings.sandbox_yookassa_url)


def _read_answer(status: int, content: bytes) -> Any:  # noqa: ANN401 - JSON
    if status in _REFUSED:
        raise TestDriveActionRefusedError(f"the sandbox answered {status}")
    if not 200 <= status < 300:  # noqa: PLR2004 - success
        raise SandboxUnavailableError(f"the sandbox answered {status}")
    return orjson.loads(content) if content else None
