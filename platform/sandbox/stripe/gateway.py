"""The running Stripe: its memory, its clock, its faults, its events, and what comes due as time passes."""

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from itertools import count
from typing import Any

import orjson

from sandbox.clock import Clock
from sandbox.stripe.errors import ApiError
from sandbox.stripe.faults import StripeFaults
from sandbox.stripe.parameters import api_version
from sandbox.stripe.store import Account, Body, Store, new_id
from sandbox.stripe.webhooks import RETRY_PAUSES_SECONDS, EventDeliverer

_LOG_LENGTH = 20_000

# Of the request that is being served, for the events it causes: its id and its idempotency key.
request_of_event: ContextVar[dict[str, str | None] | None] = ContextVar("request_of_event", default=None)


class Gateway:
    """Everything behind the HTTP interface; tests reach it through `app[GATEWAY]`."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        public_url: str = "",
        retry_pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS,
    ) -> None:
        self.clock = clock or Clock()
        self.public_url = public_url
        """Where browsers reach the hosted pages; set by the first request when empty."""
        self.faults = StripeFaults()
        self.deliverer = EventDeliverer(self.clock, self.faults, retry_pauses_seconds)
        self.store = Store()
        self.requests: deque[dict[str, Any]] = deque(maxlen=_LOG_LENGTH)
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._at: int | None = None

    def reset(self) -> None:
        """Forget accounts, objects, keys, faults and logs; time goes on."""
        self.deliverer.forget()
        self.faults.remove()
        self.store = Store()
        self.requests.clear()
        self._due.clear()

    def now(self) -> int:
        """Return the moment in Unix seconds; for what comes due, the moment at which it was due."""
        return self.clock.unix() if self._at is None else self._at

    def schedule(self, at: int, work: Callable[[], None]) -> None:
        """Have the work done when the moment comes; it looks for itself whether it still makes sense."""
        heapq.heappush(self._due, (at, next(self._order), work))

    def run_due(self) -> int:
        """Do everything that has come due, in order of time, and return how much it was."""
        done, until = 0, self.clock.unix()
        while self._due and self._due[0][0] <= until:
            at, _, work = heapq.heappop(self._due)
            self._at = at
            try:
                work()
            finally:
                self._at = None
            done += 1
        return done

    def emit(self, account: Account, event_type: str, subject: Body, previous: Body | None = None) -> Body:
        """Record an event about the object as it stands and tell the endpoints that listen to it."""
        data: Body = {"object": deepcopy(subject)}
        if previous is not None:
            data["previous_attributes"] = previous
        endpoints = [
            endpoint
            for endpoint in account.oldest_first("webhook_endpoint", status="enabled")
            if {"*", event_type} & set(endpoint["enabled_events"])
        ]
        event: Body = {
            "id": new_id("evt_1"),
            "object": "event",
            "api_version": api_version(),
            "created": self.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": len(endpoints),
            "request": request_of_event.get() or {"id": None, "idempotency_key": None},
            "type": event_type,
        }
        account.put(event)
        payload = orjson.dumps(event, option=orjson.OPT_INDENT_2)
        for endpoint in endpoints:
            self.deliverer.announce(account, endpoint, event, payload)
        return event

    @contextmanager
    def changing(self, account: Account, subject: Body, event_type: str) -> Iterator[None]:
        """Emit the event with the previous values when the object has changed by the end of the block.

        When the block is refused, the object is again what it was.
        """
        before = deepcopy(subject)
        try:
            yield
        except ApiError:
            subject.clear()
            subject.update(before)
            raise
        previous = difference(before, subject)
        if previous:
            self.emit(account, event_type, subject, previous)


def difference(before: Body, after: Body) -> Body:
    """Return what the changed fields were before: of inner objects only the changed fields, of lists all."""
    previous: Body = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        is_inner = isinstance(old, dict) and isinstance(new, dict) and old.get("object") is None
        previous[name] = difference(old, new) if is_inner and isinstance(old, dict) and isinstance(new, dict) else old
    return previous
