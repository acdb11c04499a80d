"""Notifications to the shops: sent at once, repeated with a growing pause until a 200 or for 24 hours.

The pauses are of the sandbox's time: moving its clock forward makes due repetitions go out.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import count
from typing import Any

import aiohttp
import orjson
from yarl import URL

from sandbox.clock import Clock
from sandbox.fault_book import FaultBook
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.store import Shop

LIFETIME = timedelta(hours=24)
RETRY_PAUSES_SECONDS = (1, 2, 5, 10, 30, 60, 300, 900, 3600)
_HTTPS_PORTS = frozenset({443, 8443})
_LOG_LENGTH = 20_000
_TIMEOUT = aiohttp.ClientTimeout(total=10)

# While a request is served, the events it causes, so that a fault can hold the answer back until they have arrived.
events_of_request: ContextVar[list[asyncio.Event] | None] = ContextVar("events_of_request", default=None)


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def is_notification_url(url: str) -> bool:
    """Tell whether the gateway would send notifications there: https on 443 or 8443, or anything on this machine."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    if parsed.scheme in {"http", "https"} and is_loopback(parsed.host):
        return True
    return parsed.scheme == "https" and bool(parsed.host) and parsed.port in _HTTPS_PORTS


@dataclass(slots=True)
class Notification:
    """One notification on its way: its body is fixed at the moment of the event."""

    notification_id: int
    shop: Shop
    event: str
    payload: bytes
    created_at: datetime
    url: str | None = None
    status: str = "pending"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    first_attempt: asyncio.Event = field(default_factory=asyncio.Event)

    def body(self) -> dict[str, Any]:
        """Return the notification as the control API shows it."""
        return {
            "id": self.notification_id,
            "shop_id": self.shop.shop_id,
            "event": self.event,
            "status": self.status,
            "created_at": stamp(self.created_at),
            "attempts": self.attempts,
            "body": orjson.loads(self.payload),
        }


class Notifier:
    """Sends notifications and remembers the last 20,000 of them."""

    def __init__(self, clock: Clock, faults: FaultBook, pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS) -> None:
        self.log: deque[Notification] = deque(maxlen=_LOG_LENGTH)
        self._clock = clock
        self._faults = faults
        self._pauses_seconds = pauses_seconds
        self._ids = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[str, list[Notification]] = {}
        self._http: aiohttp.ClientSession | None = None
        self._moved = asyncio.Event()
        clock.on_advance(self._wake)

    def open(self) -> None:
        """Open the HTTP session; to be called inside the running event loop."""
        # The gateway accepts any certificate.
        connector = aiohttp.TCPConnector(limit=200, limit_per_host=100, ssl=False)
        self._http = aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT)

    async def close(self) -> None:
        """Stop sending and close the HTTP session."""
        self.forget()
        if self._http is not None:
            await self._http.close()

    def forget(self) -> None:
        """Drop everything that is on its way and the log."""
        for task in self._tasks:
            task.cancel()
        self._held.clear()
        self.log.clear()

    def announce(self, shop: Shop, event: str, subject: dict[str, Any]) -> None:
        """Tell the shop what happened, unless a fault keeps it silent, doubles it or lets the next one overtake."""
        strikes = {fault.kind: fault for fault in self._faults.strike_delivery(event=event, owner=shop.shop_id)}
        copies = int(strikes["duplicate"].effect.get("copies", 2)) if "duplicate" in strikes else 1
        overtaken = self._held.pop(shop.shop_id, [])
        for _ in range(copies):
            notification = self._record(shop, event, subject)
            if "never" in strikes:
                notification.status = "suppressed"
            elif "reorder" in strikes:
                notification.status = "held"
                self._held.setdefault(shop.shop_id, []).append(notification)
                hold_seconds = float(strikes["reorder"].effect.get("hold_seconds", 5))
                asyncio.get_running_loop().call_later(hold_seconds, self._release, notification)
            else:
                self.send(notification)
        for notification in overtaken:
            self._release(notification)

    def announce_forged(
        self, shop: Shop, event: str, subject: dict[str, Any], *, copies: int, url: str | None
    ) -> list[Notification]:
        """Send copies of a body that need not be true, faults aside."""
        sent = [self._record(shop, event, subject, url) for _ in range(copies)]
        for notification in sent:
            self.send(notification)
        return sent

    def send(self, notification: Notification) -> None:
        """Start delivering a notification."""
        notification.status = "pending"
        waiting = events_of_request.get()
        if waiting is not None:
            waiting.append(notification.first_attempt)
        task = asyncio.get_running_loop().create_task(self._deliver(notification))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _record(self, shop: Shop, event: str, subject: dict[str, Any], url: str | None = None) -> Notification:
        payload = orjson.dumps({"type": "notification", "event": event, "object": subject})
        notification = Notification(next(self._ids), shop, event, payload, self._clock.now(), url)
        self.log.append(notification)
        return notification

    def _release(self, notification: Notification) -> None:
        held = self._held.get(notification.shop.shop_id, [])
        if notification in held:
            held.remove(notification)
        if notification.status == "held":
            # Later than what overtook it, which has only just been handed to the network.
            asyncio.get_running_loop().call_later(0.05, self.send, notification)

    async def _deliver(self, notification: Notification) -> None:
        attempt = 0
        while not await self._attempt(notification):
            pause = self._pauses_seconds[min(attempt, len(self._pauses_seconds) - 1)]
            attempt += 1
            await self._wait(pause)
            if self._clock.now() - notification.created_at >= LIFETIME:
                notification.status = "given_up"
                return

    async def _wait(self, seconds: float) -> None:
        due_at = self._clock.now() + timedelta(seconds=seconds)
        while (left_seconds := (due_at - self._clock.now()).total_seconds()) > 0:
            moved = self._moved
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_seconds):
                    await moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _attempt(self, notification: Notification) -> bool:
        url = notification.url or notification.shop.notification_url
        if url is None or self._http is None:
            notification.status = "no_url"
            notification.first_attempt.set()
            return True
        outcome: int | str
        try:
            async with self._http.post(
                url,
                data=notification.payload,
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as answer:
                await answer.read()
                outcome = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            outcome = type(error).__name__
        # "200, and anything else is repeated": another 2xx is not an answer either.
        delivered = outcome == 200
        notification.attempts.append({"at": stamp(self._clock.now()), "url": url, "outcome": outcome})
        notification.status = "delivered" if delivered else "retrying"
        notification.first_attempt.set()
        return delivered
