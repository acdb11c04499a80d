"""The updates of one bot that it has not had yet, and where it wants them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from sandbox.telegram.state.users import Waiters
from sandbox.telegram.updates.kinds import is_wanted, lifetime_seconds, queue_of

if TYPE_CHECKING:
    import asyncio

    from sandbox.telegram.state.world import World


@dataclass(slots=True, eq=False)
class PendingUpdate:
    """One update on its way, serialised once."""

    update_id: int
    kind: str
    body: bytes
    queue_id: int
    expires_at: float
    failures: int = 0
    is_done: bool = False
    copies: int = 1
    # Faults strike an update once, not once per attempt.
    is_tried: bool = False


@dataclass(slots=True)
class WebhookSettings:
    """What setWebhook set. `allowed_updates` is None for Telegram's default."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    allowed_updates: list[str] | None = None


@dataclass(slots=True)
class WebhookErrors:
    """What went wrong last."""

    date: int = 0
    message: str = ""
    gone_since: float | None = None


@dataclass(eq=False)
class DeliveryState:
    """Which queues are being emptied over the webhook."""

    active: set[int] = field(default_factory=set)
    ready: deque[int] = field(default_factory=deque)
    retries: dict[int, asyncio.TimerHandle] = field(default_factory=dict)
    running: int = 0


class UpdateFeed:
    """Pending updates in order of their id, and in the queues in which a webhook gets them."""

    def __init__(self, world: World, bot_id: int, *, first_update_id: int) -> None:
        self._world = world
        self.bot_id = bot_id
        self.settings = WebhookSettings()
        self.errors = WebhookErrors()
        self.delivery = DeliveryState()
        self.pending: dict[int, PendingUpdate] = {}
        self.queues: dict[int, deque[PendingUpdate]] = {}
        self.waiters = Waiters()
        self._next_update_id = first_update_id

    def push(self, kind: str, content: dict[str, Any]) -> int | None:
        """The bot will get this update; None when it does not want the kind."""
        if not is_wanted(kind, self.settings.allowed_updates):
            return None
        return self._append(kind, {"update_id": self._take_id(), kind: content})

    def push_raw(self, update: dict[str, Any]) -> int:
        """The bot will get exactly this, wanted or not. `update_id` is filled in when it is absent."""
        if "update_id" not in update:
            update = {"update_id": self._take_id(), **update}
        kind = next((name for name in update if name != "update_id"), "unknown")
        return self._append(kind, update)

    def _take_id(self) -> int:
        self._next_update_id += 1
        return self._next_update_id

    def _append(self, kind: str, update: dict[str, Any]) -> int:
        raw_id = update["update_id"]
        update_id = raw_id if isinstance(raw_id, int) and raw_id not in self.pending else self._take_id()
        pending = PendingUpdate(
            update_id=update_id,
            kind=kind,
            body=orjson.dumps(update),
            queue_id=queue_of(kind, update.get(kind)),
            expires_at=self._world.clock.timestamp() + lifetime_seconds(kind),
        )
        self.pending[update_id] = pending
        self.queues.setdefault(pending.queue_id, deque()).append(pending)
        self.waiters.wake()
        self.ring(pending.queue_id)
        return update_id

    def ring(self, queue_id: int) -> None:
        """The courier looks at this queue, when there is a webhook."""
        if self.settings.url and self._world.courier is not None:
            self._world.courier.ring(self, queue_id)

    def head(self, queue_id: int) -> PendingUpdate | None:
        """The update to deliver next in a queue; the dead and the done are dropped on the way."""
        queue = self.queues.get(queue_id)
        now = self._world.clock.timestamp()
        while queue:
            first = queue[0]
            if not first.is_done and first.expires_at > now:
                return first
            self.finish(first)
        return None

    def finish(self, update: PendingUpdate) -> None:
        """The update is not pending any more."""
        update.is_done = True
        self.pending.pop(update.update_id, None)
        queue = self.queues.get(update.queue_id)
        while queue and queue[0].is_done:
            queue.popleft()
        if queue is not None and not queue:
            del self.queues[update.queue_id]

    def move(self, update: PendingUpdate, queue_id: int) -> None:
        """The update waits in another queue, so that later ones may overtake it."""
        queue = self.queues[update.queue_id]
        queue.remove(update)
        if not queue:
            del self.queues[update.queue_id]
        update.queue_id = queue_id
        self.queues.setdefault(queue_id, deque()).append(update)

    def drop_expired(self) -> None:
        """No dead update is counted as pending."""
        now = self._world.clock.timestamp()
        for update in [one for one in self.pending.values() if one.expires_at <= now]:
            self.finish(update)

    def drop_all(self) -> None:
        """Nothing is pending."""
        for update in list(self.pending.values()):
            self.finish(update)

    def restart(self) -> None:
        """Everything pending is tried now: the webhook changed, or time went by."""
        for handle in self.delivery.retries.values():
            handle.cancel()
        waiting = list(self.delivery.retries)
        self.delivery.retries.clear()
        self.delivery.active.difference_update(waiting)
        for queue_id in list(self.queues):
            self.ring(queue_id)

    def close(self) -> None:
        """Nothing is pending and nothing will be delivered."""
        self.settings = WebhookSettings()
        self.drop_all()
        self.restart()
        self.waiters.wake()
