"""The ASGI application of webhooks. Plain ASGI, because a framework would cost more than all the rest of the work."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from control_plane.ingress.metrics import REFUSED, SECONDS
from control_plane.ingress.patience import Patience
from control_plane.ingress.routes import Routes
from control_plane.ingress.scanning import scan_notice, scan_update
from control_plane.ingress.strangers import Strangers
from control_plane.ingress.stripe_door import STATUS_OF_FAULT, STRIPE_PATH, StripeDoor
from control_plane.ingress.writer import IngressFullError, RawUpdate, UpdateWriter
from lumenpay.billing.stripe_events import EventRefusedError
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import Clock
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.logs import get_logger

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TELEGRAM_PATH = "/tg/"
YOOKASSA_PATH = "/webhooks/yookassa/"
MAX_UPDATE_BYTES = 1024 * 1024
MAX_NOTICE_BYTES = 256 * 1024
BODY_SECONDS = 10.0
RETRY_AFTER_SECONDS = b"5"

_SECRET_HEADER = b"x-telegram-bot-api-secret-token"
_INGEST_NOTICE = "SELECT ingest_notice($1, $2, $3, $4, $5, $6, $7, $8)"
_REASONS = {
    400: b"not an event\n", 401: b"wrong address or secret\n", 404: b"nothing here\n", 405: b"POST only\n",
    408: b"the body came too slowly\n",
    413: b"too large\n", 429: b"too much with a wrong address or secret\n", 503: b"not stored, try again\n",
}  # fmt: skip
_OUTAGES = (IngressFullError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError, TimeoutError)
_NO_SECRET = Secret("")
_STRANGE = 401
"""What nobody gets who knows an address and its secret."""
_log = get_logger(__name__)


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class IngressApp:
    """Answers 200 only for what is committed; 503 asks the sender to repeat, 4xx tells that it never will be stored."""

    def __init__(
        self, *, database: Database, doorbell: Doorbell, ring: KeyRing, clock: Clock,
        body_seconds: float = BODY_SECONDS, stripe_secret: Secret = _NO_SECRET, is_stripe_live: bool = False,
    ) -> None:  # fmt: skip
        """Take the process's connections; the writer opens its own small pool with the same role."""
        self._patience = Patience(body_seconds)
        self._stripe = StripeDoor(webhook_secret=stripe_secret, is_live=is_stripe_live, clock=clock, doorbell=doorbell)
        self._doorbell, self._clock = doorbell, clock
        dsn = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._writer = UpdateWriter(dsn, doorbell=doorbell, clock=clock)
        self._strangers = Strangers()
        self._routes = Routes(self._writer.fetch_row, ring, self._strangers)

    async def startup(self) -> None:
        """Get ready to store."""
        await self._writer.start()

    async def shutdown(self) -> None:
        """Store what was accepted and close."""
        await self._writer.close()

    @staticmethod
    def handles(path: str) -> bool:
        """Tell whether a path is a webhook's."""
        return path.startswith((TELEGRAM_PATH, YOOKASSA_PATH)) or path == STRIPE_PATH

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        path: str = scope["path"]
        kind = "stripe" if path == STRIPE_PATH else "telegram" if path.startswith(TELEGRAM_PATH) else "yookassa"
        began_at = time.perf_counter()
        try:
            _check_method(scope["method"])
            if kind == "telegram":
                await self._take_update(scope, receive, path[len(TELEGRAM_PATH) :])
            elif kind == "stripe":
                await self._take_event(scope, receive)
            else:
                await self._take_notice(scope, receive, path[len(YOOKASSA_PATH) :])
        except _RefusedError as error:
            await self._refuse(scope, send, kind, error.status)
        except EventRefusedError as error:
            await self._refuse(scope, send, kind, STATUS_OF_FAULT[error.fault])
        except _OUTAGES as error:
            REFUSED.labels(kind, 503).inc()
            _log.warning("event_not_stored", kind=kind, error=type(error).__name__)
            await _answer(send, 503)
        except Exception as error:  # noqa: BLE001 - the HTTP door: the sender repeats, whatever is wrong with us
            REFUSED.labels(kind, 503).inc()
            _log.error("event_not_stored", kind=kind, exc_info=error)
            await _answer(send, 503)
        else:
            SECONDS[kind].observe(time.perf_counter() - began_at)
            await _answer(send, 200)

    async def _refuse(self, scope: Scope, send: Send, kind: str, status: int) -> None:
        """Say what is wrong; to whoever sends nothing but that, only that they shall wait."""
        wait_seconds = self._strangers.note(_sender(scope)) if status == _STRANGE else None
        if wait_seconds is not None:
            status = 429
        REFUSED.labels(kind, status).inc()
        await _answer(send, status, retry_after_seconds=wait_seconds)

    async def _take_update(self, scope: Scope, receive: Receive, key: str) -> None:
        secret = b""
        for name, value in scope["headers"]:
            if name == _SECRET_HEADER:
                secret = value
        route = await self._routes.authenticate_bot(key, secret, sender=_sender(scope))
        if route is None:
            raise _RefusedError(401)
        body = await _read_body(scope, receive, limit=MAX_UPDATE_BYTES, patience=self._patience)
        facts = scan_update(body)
        if facts is None:
            raise _RefusedError(400)
        await self._writer.store(RawUpdate(route.tenant_id, route.bot_id, facts[0], facts[1], body))

    async def _take_notice(self, scope: Scope, receive: Receive, key: str) -> None:
        route = await self._routes.find_shop(key, sender=_sender(scope))
        if route is None:
            raise _RefusedError(401)
        body = await _read_body(scope, receive, limit=MAX_NOTICE_BYTES, patience=self._patience)
        facts = scan_notice(body)
        if facts is None:
            raise _RefusedError(400)
        async with self._writer.pool.acquire(timeout=3) as connection:
            await connection.execute(_INGEST_NOTICE, *route, new_uuid7(), new_uuid7(), *facts, body, self._clock.now())
        await self._doorbell.ring((Queue.MONEY,))

    async def _take_event(self, scope: Scope, receive: Receive) -> None:
        if not self._stripe.is_open:
            raise _RefusedError(404)
        body = await _read_body(scope, receive, limit=MAX_NOTICE_BYTES, patience=self._patience)
        await self._stripe.store(self._writer.pool, body, scope["headers"])


def _sender(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _check_method(method: str) -> None:
    if method != "POST":
        raise _RefusedError(405)


async def _read_body(scope: Scope, receive: Receive, *, limit: int, patience: Patience) -> bytes:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            raise _RefusedError(413)
    task = patience.begin()
    try:
        body = await _receive_all(receive, limit=limit)
    except asyncio.CancelledError:
        if patience.end(task):
            raise _RefusedError(408) from None
        raise
    except BaseException:
        patience.end(task)
        raise
    patience.end(task)
    return body


async def _receive_all(receive: Receive, *, limit: int) -> bytes:
    parts: list[bytes] = []
    size, has_more = 0, True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _RefusedError(400)
        body: bytes = message.get("body", b"")
        has_more = message.get("more_body", False)
        size += len(body)
        if size > limit:
            raise _RefusedError(413)
        parts.append(body)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _answer(send: Send, status: int, *, retry_after_seconds: float | None = None) -> None:
    body = _REASONS.get(status, b"")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 503:  # noqa: PLR2004 - the sender repeats after this time
        headers.append((b"retry-after", RETRY_AFTER_SECONDS))
    elif retry_after_seconds is not None:
        headers.append((b"retry-after", str(math.ceil(retry_after_seconds)).encode()))
    elif status in (408, 413):  # the rest of the body is not worth reading
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
