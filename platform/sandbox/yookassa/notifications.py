"""Notifications to the shops: repeated until a 200 or for 24 hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, ClassVar

import orjson
from yarl import URL

from sandbox.clock import Clock
from sandbox.deliveries import Deliverer, Delivery
from sandbox.fault_book import FaultBook
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.store import Shop

RETRY_PAUSES_SECONDS = (1, 2, 5, 10, 30, 60, 300, 900, 3600)
_HTTPS_PORTS = frozenset({443, 8443})
_JSON = {"Content-Type": "application/json"}


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


@dataclass(slots=True, kw_only=True)
class Notification(Delivery):
    """One notification on its way: its body is fixed at the moment of the event."""

    shop: Shop
    event: str
    payload: bytes
    created_at: datetime
    url: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the notification as the control API shows it."""
        return {
            "id": self.delivery_id,
            "shop_id": self.shop.shop_id,
            "event": self.event,
            "status": self.status,
            "created_at": stamp(self.created_at),
            "attempts": self.attempts,
            "body": orjson.loads(self.payload),
        }


class Notifier(Deliverer[Notification]):
    """Sends notifications to the shops."""

    LIFETIME: ClassVar[timedelta] = timedelta(hours=24)

    def __init__(self, clock: Clock, faults: FaultBook, pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS) -> None:
        super().__init__(clock, faults, pauses_seconds)

    def announce(self, shop: Shop, event: str, subject: dict[str, Any]) -> None:
        """Tell the shop what happened, unless a fault says otherwise."""
        self._send_or_spoil(
            lambda: self._record(shop, event, subject), event=event, owner=shop.shop_id, lane=shop.shop_id
        )

    def announce_forged(
        self, shop: Shop, event: str, subject: dict[str, Any], *, copies: int, url: str | None
    ) -> list[Notification]:
        """Send copies of a body that need not be true, faults aside."""
        sent = [self._record(shop, event, subject, url) for _ in range(copies)]
        for notification in sent:
            self.send(notification)
        return sent

    def _record(self, shop: Shop, event: str, subject: dict[str, Any], url: str | None = None) -> Notification:
        payload, now = orjson.dumps({"type": "notification", "event": event, "object": subject}), self._clock.now()
        notification = Notification(
            delivery_id=next(self._ids), lane=shop.shop_id, began_at=now.timestamp(), shop=shop, event=event,
            payload=payload, created_at=now, url=url,
        )  # fmt: skip
        self.log.append(notification)
        return notification

    async def _attempt(self, delivery: Notification) -> bool:
        url = delivery.url or delivery.shop.notification_url
        if url is None:
            delivery.status = "no_url"
            delivery.first_attempt.set()
            return True
        outcome = await self._post(url, delivery.payload, _JSON)
        # "200, and anything else is repeated": another 2xx is not an answer either.
        is_delivered = outcome == 200
        delivery.attempts.append({"at": stamp(self._clock.now()), "url": url, "outcome": outcome})
        delivery.status = "delivered" if is_delivered else "retrying"
        delivery.first_attempt.set()
        return is_delivered
