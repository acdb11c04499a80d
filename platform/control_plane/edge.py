"""What every request passes before the framework: size, origin of unsafe requests, and headers of every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from control_plane import idempotency
from lumenpay.broadcasts.media import MAX_FILE_BYTES

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 1024 * 1024
_FILES = re.compile(r"/api/v1/tenants/[^/]+/broadcasts/media/[^/]+")
"""The one place that takes a file: its bytes are read by the operation as they come, and nothing of them is kept."""
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_IMPERSONATION = b"x-lumenpay-impersonation"
RATE_LIMIT = "rate_limit"
"""Where a request's state has the headers that say how often its key may be used; on every answer, whatever it is."""
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class RepeatedNameError(Exception):
    """A JSON object says the same name twice: readers disagree on which one counts."""


class Edge:
    """Wraps an application; plain ASGI, since the framework's middleware doubles the cost of a request."""

    def __init__(self, app: App, *, public_url: str, cookie_names: tuple[str, ...]) -> None:
        """Take the application, our own origin, and the cookies that log somebody in."""
        parts = urlsplit(public_url)
        self._app = app
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._cookies = tuple(name.encode() + b"=" for name in cookie_names)
        self._headers = (*_HEADERS, _HSTS) if parts.scheme == "https" else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        guarded = self.guard(scope, send)
        if scope["method"] in _UNSAFE:
            takes_file = scope["method"] == "POST" and _FILES.fullmatch(scope["path"]) is not None
            fault = self._find_fault(headers, takes_file=takes_file)
            if takes_file and fault is None:
                await self._app(scope, receive, guarded)
                return
            body = b"" if fault else await _read_body(receive)
            fault = fault or ((413, "too_large") if body is None else _find_body_fault(body))
            if fault is not None:
                await _refuse(guarded, *fault)
                return
            receive = _replay(body or b"", receive)
            key = headers.get(idempotency.HEADER)
            if key is not None:
                await idempotency.answer_once(self._app, scope, receive, guarded, key=key, body=body or b"")
                return
        await self._app(scope, receive, guarded)

    def _find_fault(self, headers: dict[bytes, bytes], *, takes_file: bool) -> tuple[int, str] | None:
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > (MAX_FILE_BYTES if takes_file else MAX_BODY_BYTES):
            return 413, "too_large"
        if not headers.get(b"authorization", b"").lower().startswith(b"bearer ") and not self._is_same_origin(headers):
            return 403, "cross_site_request"
        has_body = length not in (b"", b"0") or b"transfer-encoding" in headers
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        if has_body and kind != (b"application/octet-stream" if takes_file else b"application/json"):
            return 415, "bytes_only" if takes_file else "json_only"
        if takes_file and b"transfer-encoding" in headers:
            return 411, "length_required"
        return None

    def _is_same_origin(self, headers: dict[bytes, bytes]) -> bool:
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site is not None and site not in (b"same-origin", b"none"):
            return False
        if origin is not None:
            return origin.decode("latin-1") == self._origin
        # Without a session cookie there is nothing that another site could make use of.
        is_signed_in = any(name in headers.get(b"cookie", b"") for name in self._cookies)
        return site is not None or not is_signed_in

    def guard(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that adds the guarding headers which an answer does not have."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"], *(pair for pair in self._headers if pair[0] not in given)
                ]  # fmt: skip
                view = scope.get("state", {}).get("impersonation")
                if view is not None:
                    message["headers"].append((_IMPERSONATION, view.encode()))
                message["headers"].extend(scope.get("state", {}).get(RATE_LIMIT, ()))
            await send(message)

        return send_with_headers


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or nothing when it is over the limit."""
    parts, size, is_more = [], 0, True
    while is_more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
        parts.append(part)
        is_more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts)


def _find_body_fault(body: bytes) -> tuple[int, str] | None:
    if not body:
        return None
    try:
        json.loads(body, object_pairs_hook=_refuse_repeated_names)
    except (RepeatedNameError, RecursionError, ValueError):
        return 400, "malformed"
    return None


def _refuse_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise RepeatedNameError
    return values


def _replay(body: bytes, receive: Receive) -> Receive:
    is_read = False

    async def receive_again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


async def _refuse(send: Send, status: int, code: str) -> None:
    body = orjson.dumps({"code": code, "message": code.replace("_", " ").capitalize() + ".", "fields": {}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
