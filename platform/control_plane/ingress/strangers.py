"""Who sends webhooks with a wrong address or secret, by the address they come from.

Counted in this process, so that nothing has to answer for it, and only once a request was found wrong: what comes with
the right secret is never refused, be it from an address that also sends thousands of wrong ones (Telegram's own, where
somebody points a bot of theirs at us).
"""

from __future__ import annotations

import time
from collections import OrderedDict

from lumenpay.admins.limits import network_of

BURST = 60.0
PER_SECOND = 1.0
_REMEMBERED = 50_000


class Strangers:
    """A bucket for each address; the least recently used ones are forgotten."""

    def __init__(self, *, burst: float = BURST, per_second: float = PER_SECOND) -> None:
        """Know nobody yet."""
        self._burst, self._per_second = burst, per_second
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def note(self, address: str) -> float | None:
        """Count a wrong request; return after how many seconds the next one is looked at, if this was one too many."""
        if not address:
            return None
        network, now = network_of(address), time.monotonic()
        left = self._left(network, now)
        self._known[network] = (max(0.0, left - 1), now)
        self._known.move_to_end(network)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return None if left >= 1 else (1 - left) / self._per_second

    def is_known(self, address: str) -> bool:
        """Tell whether an address has sent too much that was wrong."""
        return bool(address) and self._left(network_of(address), time.monotonic()) < 1

    def _left(self, network: str, now: float) -> float:
        left, at = self._known.get(network, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)
