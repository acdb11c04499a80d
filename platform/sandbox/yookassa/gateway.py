"""The running gateway: its memory, its clock, its faults, and the deadlines that come true as time passes."""

import heapq
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.yookassa.faults import GatewayFaults
from sandbox.yookassa.idempotence import IdempotenceKeys
from sandbox.yookassa.notifications import RETRY_PAUSES_SECONDS, Notifier
from sandbox.yookassa.store import Entry, Shop, Store

_LOG_LENGTH = 20_000


class Gateway:
    """Everything behind the HTTP interface; tests reach it through `app[GATEWAY]`."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        public_url: str | None = None,
        retry_pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS,
    ) -> None:
        self.clock = clock or Clock()
        self.public_url = public_url
        self.faults = GatewayFaults()
        self.notifier = Notifier(self.clock, self.faults, retry_pauses_seconds)
        self.store = Store()
        self.keys = IdempotenceKeys()
        self.requests: deque[dict[str, Any]] = deque(maxlen=_LOG_LENGTH)
        self._deadlines: list[tuple[datetime, str, Entry]] = []

    def reset(self) -> None:
        """Forget shops, objects, keys, faults and logs; time goes on."""
        self.notifier.forget()
        self.faults.remove()
        self.store = Store()
        self.keys = IdempotenceKeys()
        self.requests.clear()
        self._deadlines.clear()

    def set_deadline(self, entry: Entry, at: datetime) -> None:
        """Have the payment looked at when the moment comes; an earlier deadline of it no longer counts."""
        entry.deadline = at
        heapq.heappush(self._deadlines, (at, entry.body["id"], entry))

    def take_overdue(self) -> list[Entry]:
        """Return the payments whose deadline has passed, each once."""
        now = self.clock.now()
        overdue: list[Entry] = []
        while self._deadlines and self._deadlines[0][0] <= now:
            at, _, entry = heapq.heappop(self._deadlines)
            if entry.deadline == at:
                entry.deadline = None
                overdue.append(entry)
        return overdue

    def announce(self, shop: Shop, event: str, subject: dict[str, Any]) -> None:
        """Notify the shop of an event."""
        self.notifier.announce(shop, event, subject)
