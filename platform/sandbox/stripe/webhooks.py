"""Deliveries of events: signed, and repeated until a 2xx or for three days.

The moment in the signature is the machine's, because receivers compare it with theirs.
"""

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from sandbox.clock import Clock
from sandbox.deliveries import Deliverer, Delivery
from sandbox.fault_book import FaultBook
from sandbox.stripe.store import Account, Body

RETRY_PAUSES_SECONDS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 43_200)


def sign(payload: bytes, secrets: Sequence[str], *, timestamp: int) -> str:
    """Return the `Stripe-Signature` header; while a secret is being rolled there are two signatures."""
    signatures = (
        hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, "sha256").hexdigest() for secret in secrets
    )
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])


@dataclass(slots=True, kw_only=True)
class EventDelivery(Delivery):
    """One event on its way to one endpoint: its body is fixed at the moment of the event."""

    account: Account
    endpoint: Body
    event: Body
    payload: bytes
    url: str
    secrets: tuple[str, ...] = ()
    """Set when the delivery is forged: the endpoint's own secrets are not used then."""

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


class EventDeliverer(Deliverer[EventDelivery]):
    """Sends events to endpoints."""

    LIFETIME: ClassVar[timedelta] = timedelta(days=3)

    def __init__(self, clock: Clock, faults: FaultBook, pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS) -> None:
        super().__init__(clock, faults, pauses_seconds)

    def announce(self, account: Account, endpoint: Body, event: Body, payload: bytes) -> None:
        """Send the event, unless a fault says otherwise."""
        self._send_or_spoil(
            lambda: self._record(account, endpoint, event, payload), event=event["type"], owner=account.account_id,
            lane=endpoint["id"],
        )  # fmt: skip

    def announce_forged(
        self, account: Account, endpoint: Body, event: Body, payload: bytes, *, secret: str | None, url: str | None
    ) -> EventDelivery:
        """Send a body that need not be true, faults aside, signed with any secret."""
        delivery = self._record(account, endpoint, event, payload)
        delivery.url = url or delivery.url
        delivery.secrets = (secret,) if secret is not None else ()
        self.send(delivery)
        return delivery

    def _record(self, account: Account, endpoint: Body, event: Body, payload: bytes) -> EventDelivery:
        delivery = EventDelivery(
            delivery_id=next(self._ids), lane=endpoint["id"], began_at=self._clock.timestamp(), account=account,
            endpoint=endpoint, event=event, payload=payload, url=endpoint["url"],
        )  # fmt: skip
        self.log.append(delivery)
        return delivery

    async def _attempt(self, delivery: EventDelivery) -> bool:
        account, endpoint = delivery.account, delivery.endpoint
        if account.find("webhook_endpoint", endpoint["id"]) is None:
            delivery.status = "endpoint_deleted"
            delivery.first_attempt.set()
            return True
        secrets = delivery.secrets or current_secrets(account, endpoint, now=self._clock.timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": sign(delivery.payload, secrets, timestamp=int(time.time())),
        }
        outcome = await self._post(delivery.url, delivery.payload, headers)
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
