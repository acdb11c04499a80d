"""What has happened: Bot API calls and webhook deliveries, the newest first to be kept."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call and its answer."""

    seq: int
    bot_id: int | None
    method: str
    parameters: dict[str, Any]
    status: int
    answer: object
    at: float

    def as_json(self) -> dict[str, Any]:
        """The call as the control API shows it."""
        return {
            "seq": self.seq,
            "bot_id": self.bot_id,
            "method": self.method,
            "parameters": self.parameters,
            "status": self.status,
            "ok": self.status < 300,
            "answer": self.answer,
            "at": self.at,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand an update to a webhook. `status` is None when no answer came."""

    seq: int
    bot_id: int
    update_id: int
    kind: str
    queue_id: int
    attempt: int
    status: int | None
    error: str | None
    began_at: float
    ended_at: float


class Recorder:
    """Bounded logs of calls and deliveries, and counts without a bound."""

    def __init__(self, size: int) -> None:
        self._calls: deque[Call] = deque(maxlen=size)
        self._deliveries: deque[Delivery] = deque(maxlen=size)
        self._counts: Counter[tuple[str, int]] = Counter()
        self._delivery_counts: Counter[str] = Counter()
        self._last_call = 0
        self._last_delivery = 0

    def add_call(
        self, bot_id: int | None, method: str, parameters: dict[str, Any], *, status: int, answer: object, at: float
    ) -> None:
        """The call is counted and, while there is room, kept."""
        self._last_call += 1
        self._counts[method, status] += 1
        if self._calls.maxlen:
            self._calls.append(Call(self._last_call, bot_id, method, parameters, status, answer, at))

    def next_delivery(self) -> int:
        """The number of the next delivery attempt."""
        self._last_delivery += 1
        return self._last_delivery

    def add_delivery(self, delivery: Delivery) -> None:
        """The delivery attempt is counted and, while there is room, kept."""
        self._delivery_counts[str(delivery.status or "no answer")] += 1
        self._deliveries.append(delivery)

    def calls(self, *, bot_id: int | None, method: str | None, after: int) -> Iterator[Call]:
        """Kept calls, oldest first, after a sequence number."""
        wanted = None if method is None else method.lower()
        for call in self._calls:
            if call.seq <= after or (bot_id is not None and call.bot_id != bot_id):
                continue
            if wanted is None or call.method.lower() == wanted:
                yield call

    def deliveries(self, *, bot_id: int | None, after: int) -> Iterator[Delivery]:
        """Kept delivery attempts, in the order in which they ended."""
        for delivery in self._deliveries:
            if delivery.seq > after and bot_id in {None, delivery.bot_id}:
                yield delivery

    def counts(self) -> dict[str, Any]:
        """How often each method was answered with each status, and deliveries by status."""
        calls: dict[str, dict[str, int]] = {}
        for (method, status), count in sorted(self._counts.items()):
            calls.setdefault(method, {})[str(status)] = count
        return {"calls": calls, "deliveries": dict(self._delivery_counts)}

    def clear(self) -> None:
        """Nothing is remembered."""
        self._calls.clear()
        self._deliveries.clear()
        self._counts.clear()
        self._delivery_counts.clear()
