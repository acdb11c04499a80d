"""Deliveries of events: signed, sent at once, repeated with growing pauses until a 2xx or for three days.

The pauses are of the sandbox's time: moving its clock forward makes due repetitions go out. The moment in the signature
is the machine's, because receivers compare it with theirs.
"""

import asyncio
import contextlib
import hmac
import time
from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import aiohttp

from sandbox.clock import Clock
from sandbox.fault_book import FaultBook
from sandbox.stripe.store import Account, Body

LIFETIME = timedelta(days=3)
RETRY_PAUSES_SECONDS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 43_200)
_LOG_LENGTH = 20_000
_TIMEOUT = aiohttp.ClientTimeout(total=10)

# While a request is served, the deliveries it causes, so that a fault can hold the answer back until they have arrived.
deliveries_of_request: ContextVar[list[asyncio.Event] | None] = ContextVar("deliveries_of_request", default=None)


def sign(payload: bytes, secrets: Sequence[str], *, timestamp: int) -> str:
    """Return the `Stripe-Signature` header; while a secret is being rolled there are two signatures."""
    signatures = (
        hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, "sha256").hexdigest() for secret in secrets
    )
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])


@dataclass(slots=True)
class Delivery:
    """One event on its way to one endpoint: its body is fixed at the moment of the event."""

    delivery_id: int
    account: Account
    endpoint: Body
    event: Body
    payload: bytes
    url: str
    created_at: float
    secrets: tuple[str, ...] = ()
    """Set when the delivery is forged: the endpoint's own secrets are not used then."""
    status: str = "pending"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    first_attempt: asyncio.Event = field(default_factory=asyncio.Event)

    def body(self) -> dict[str, Any]:
        """Return the delivery as the control API shows it."""
        return {
            "id": self.delivery_id,
            "account_id": self.account.account_id,
            "endpoint": self.endpoint["id"],
            "event": self.event["type"],
            "event_id": self.event["id"],
            "status": self.status,
            "attempts": self.attempts,
        }


class Deliverer:
    """Sends events to endpoints and remembers the last 20,000 deliveries."""

    def __init__(self, clock: Clock, faults: FaultBook, pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS) -> None:
        self.log: deque[Delivery] = deque(maxlen=_LOG_LENGTH)
        self.pauses_seconds = pauses_seconds
        self._clock = clock
        self._faults = faults
        self._ids = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[str, list[Delivery]] = {}
        self._http: aiohttp.ClientSession | None = None
        self._moved = asyncio.Event()
        clock.on_advance(self._wake)

    def open(self) -> None:
        """Open the HTTP session; to be called inside the running event loop."""
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100, ssl=False), timeout=_TIMEOUT)

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

    def announce(self, account: Account, endpoint: Body, event: Body, payload: bytes) -> None:
        """Send the event, unless a fault keeps it silent, doubles it or lets the next one overtake."""
        strikes = {
            fault.kind: fault for fault in self._faults.strike_delivery(event=event["type"], owner=account.account_id)
        }
        copies = int(strikes["duplicate"].effect.get("copies", 2)) if "duplicate" in strikes else 1
        overtaken = self._held.pop(endpoint["id"], [])
        for _ in range(copies):
            delivery = self._record(account, endpoint, event, payload)
            if "never" in strikes:
                delivery.status = "suppressed"
            elif "reorder" in strikes:
                delivery.status = "held"
                self._held.setdefault(endpoint["id"], []).append(delivery)
                hold_seconds = float(strikes["reorder"].effect.get("hold_seconds", 5))
                asyncio.get_running_loop().call_later(hold_seconds, self._release, delivery)
            else:
                self.send(delivery)
        for delivery in overtaken:
            self._release(delivery)

    def announce_forged(
        self, account: Account, endpoint: Body, event: Body, payload: bytes, *, secret: str | None, url: str | None
    ) -> Delivery:
        """Send a body that need not be true, faults aside, signed with any secret."""
        delivery = self._record(account, endpoint, event, payload)
        delivery.url = url or delivery.url
        delivery.secrets = (secret,) if secret is not None else ()
        self.send(delivery)
        return delivery

    def send(self, delivery: Delivery) -> None:
        """Start a delivery."""
        delivery.status = "pending"
        waiting = deliveries_of_request.get()
        if waiting is not None:
            waiting.append(delivery.first_attempt)
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _record(self, account: Account, endpoint: Body, event: Body, payload: bytes) -> Delivery:
        delivery = Delivery(
            next(self._ids), account, endpoint, event, payload, endpoint["url"], self._clock.timestamp()
        )
        self.log.append(delivery)
        return delivery

    def _release(self, delivery: Delivery) -> None:
        held = self._held.get(delivery.endpoint["id"], [])
        if delivery in held:
            held.remove(delivery)
        if delivery.status == "held":
            # Later than what overtook it, which has only just been handed to the network.
            asyncio.get_running_loop().call_later(0.05, self.send, delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        attempt = 0
        while not await self._attempt(delivery):
            pause = self.pauses_seconds[min(attempt, len(self.pauses_seconds) - 1)]
            attempt += 1
            await self._wait(pause)
            if self._clock.timestamp() - delivery.created_at >= LIFETIME.total_seconds():
                delivery.status = "given_up"
                return

    async def _wait(self, seconds: float) -> None:
        due_at = self._clock.timestamp() + seconds
        while (left_seconds := due_at - self._clock.timestamp()) > 0:
            moved = self._moved
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_seconds):
                    await moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _attempt(self, delivery: Delivery) -> bool:
        account, endpoint = delivery.account, delivery.endpoint
        if self._http is None or account.find("webhook_endpoint", endpoint["id"]) is None:
            delivery.status = "endpoint_deleted"
            delivery.first_attempt.set()
            return True
        secrets = delivery.secrets or current_secrets(account, endpoint, now=self._clock.timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign(delivery.payload, secrets, timestamp=int(time.time())),
        }
        outcome: int | str
        try:
            async with self._http.post(
                delivery.url, data=delivery.payload, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                outcome = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            outcome = type(error).__name__
        is_delivered = isinstance(outcome, int) and 200 <= outcome < 300
        delivery.attempts.append({"at": self._clock.unix(), "url": delivery.url, "outcome": outcome})
        delivery.status = "delivered" if is_delivered else "retrying"
        if is_delivered and delivery.event["pending_webhooks"]:
            delivery.event["pending_webhooks"] -= 1
        delivery.first_attempt.set()
        return is_delivered


def current_secrets(account: Account, endpoint: Body, *, now: float) -> tuple[str, ...]:
    """Return the secrets that sign now: the endpoint's, and the one before it until it expires."""
    hidden = account.hidden[endpoint["id"]]
    old = hidden.get("old_secret")
    return (hidden["secret"], old) if old and now < hidden["old_secret_ends_at"] else (hidden["secret"],)
