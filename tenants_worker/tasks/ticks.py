"""Periodic work: each moment of each rhythm is taken once, whoever notices it first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumenpay.db import dispatch
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.ticks import finish_tick, last_due_at, take_tick
from lumenpay.kit.logs import get_logger
from tenants_worker.context import WorkerContext
from tenants_worker.tasks import bots, payments, subscriptions

RETENTION = timedelta(hours=48)
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """One rhythm: what is done how often, and by the workers of which queue."""

    name: str
    every_seconds: int
    queue: Queue
    run: Callable[[WorkerContext, datetime], Awaitable[None]]


async def wake_forgotten(ctx: WorkerContext, now: datetime) -> None:
    """Make lanes with unhandled updates known again; there should be none."""
    woken = await dispatch.wake_forgotten_inboxes(ctx.database, now=now)
    if woken:
        _log.info("inboxes_woken", count=woken)


async def purge(ctx: WorkerContext, now: datetime) -> None:
    """Remove handled updates and finished jobs once repeated deliveries of them cannot come any more."""
    await dispatch.purge_handled(ctx.database, older_than=now - RETENTION, limit=5000)


TICKS = (
    Tick("subscriptions.expire", 2, Queue.ACCESS, subscriptions.expire_due),
    Tick("subscriptions.remind", 5, Queue.ACCESS, subscriptions.remind_due),
    Tick("payments.poll", 5, Queue.MONEY, payments.poll_due),
    Tick("bots.check_all", 600, Queue.HOUSEKEEPING, bots.check_all_bots),
    Tick("inbox.wake_forgotten", 60, Queue.HOUSEKEEPING, wake_forgotten),
    Tick("housekeeping.purge", 300, Queue.HOUSEKEEPING, purge),
)


class TickRunner:
    """Takes the ticks whose moment has come; remembers what it tried, so that it asks the database once a moment."""

    def __init__(self, context: WorkerContext) -> None:
        """Know no moment yet."""
        self._context = context
        self._tried: dict[str, datetime] = {}

    async def run_due(self, queues: frozenset[Queue]) -> None:
        """Run every tick of these queues that nobody took before; a failed one is logged and comes again next time."""
        for tick in TICKS:
            if tick.queue not in queues:
                continue
            now = self._context.clock.now()
            due_at = last_due_at(now, every_seconds=tick.every_seconds)
            if self._tried.get(tick.name) == due_at:
                continue
            self._tried[tick.name] = due_at
            if not await take_tick(self._context.database, job=tick.name, due_at=due_at):
                continue
            try:
                await tick.run(self._context, now)
            except Exception as error:  # noqa: BLE001 - the clock door: one failing rhythm must not stop the others
                _log.warning("tick_failed", tick=tick.name, exc_info=error)
                continue
            await finish_tick(self._context.database, job=tick.name, due_at=due_at, now=self._context.clock.now())
