"""Periodic work: each moment of each rhythm is taken once, whoever notices it first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from lumenpay.db import dispatch, purging
from lumenpay.errors import LumenError
from lumenpay.idempotence import service as idempotence
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.ticks import finish_tick, last_due_at, take_tick
from lumenpay.kit.logs import get_logger
from lumenpay.webhooks import rules as webhook_rules
from tenants_worker.clock_watch import ClockWatch
from tenants_worker.context import WorkerContext
from tenants_worker.metrics import TICKS_RUN
from tenants_worker.tasks import (
    access_logs,
    analytics,
    autopay,
    billing,
    bots,
    broadcasts,
    channels,
    closings,
    console,
    erasures,
    exports,
    fiscal_receipts,
    gifts,
    letters,
    pauses,
    payments,
    reconciliations,
    refund_checks,
    refunds,
    shops,
    star_reconciliations,
    subscriptions,
    sweeps,
    test_drives,
    webhooks,
    win_backs,
)

RETENTION = timedelta(hours=48)
LONGEST_SECONDS = 120
PURGE_PAGE = 5000
PURGE_SECONDS = 90
LISTS_KEPT = timedelta(days=180)
"""How long an import says whom it was about, and its claim links open something."""
IMPORTS_AT_ONCE = 20
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """One rhythm: what is done how often, and by the workers of which queue."""

    name: str
    every_seconds: int
    queue: Queue
    run: Callable[[WorkerContext, datetime], Awaitable[None]]
    waits_for_clock: bool = False
    """It ends access, takes money or writes to people by the clock: while that cannot be trusted, it waits."""


async def wake_forgotten(ctx: WorkerContext, now: datetime) -> None:
    """Make lanes with unhandled updates known again; there should be none."""
    woken = await dispatch.wake_forgotten_inboxes(ctx.database, now=now)
    if woken:
        _log.info("inboxes_woken", count=woken)


async def purge(ctx: WorkerContext, now: datetime) -> None:
    """Remove what is done once no repeated delivery of it can come, and what was set aside once it is old.

    Goes on page by page until nothing is left or the time is over: what comes in an hour must go in an hour.
    """
    ends_at = time.monotonic() + PURGE_SECONDS
    kept_days = timedelta(days=ctx.settings.event_retention_days)
    for remove, age in (
        (purging.purge_handled, RETENTION),
        (purging.purge_settled, kept_days),
        (purging.purge_idempotent_requests, idempotence.KEPT),
        (purging.purge_webhook_events, webhook_rules.KEPT),
    ):
        while await remove(ctx.database, older_than=now - age, limit=PURGE_PAGE) >= PURGE_PAGE:
            if time.monotonic() > ends_at:
                _log.warning("purge_not_finished")
                return
    while await purging.purge_stripe_events(ctx.database, older_than=now - kept_days, limit=PURGE_PAGE) >= PURGE_PAGE:
        if time.monotonic() > ends_at:
            return
    # Each has thousands of lines: a few at a time, the next ones five minutes later.
    await purging.forget_imports(ctx.database, older_than=now - LISTS_KEPT, limit=IMPORTS_AT_ONCE)


TICKS = (
    Tick("subscriptions.expire", 2, Queue.ACCESS, subscriptions.expire_due, waits_for_clock=True),
    Tick("subscriptions.remind", 5, Queue.ACCESS, subscriptions.remind_due, waits_for_clock=True),
    Tick("subscriptions.end_pauses", 5, Queue.ACCESS, pauses.take_due_steps, waits_for_clock=True),
    Tick("gifts.steps", 60, Queue.ACCESS, gifts.take_due_steps, waits_for_clock=True),
    Tick("win_backs.steps", 30, Queue.HOUSEKEEPING, win_backs.take_due_steps, waits_for_clock=True),
    Tick("broadcasts.steps", 5, Queue.BROADCASTS, broadcasts.take_due_steps, waits_for_clock=True),
    Tick("autopay.steps", 5, Queue.MONEY, autopay.take_due_steps, waits_for_clock=True),
    Tick("payments.poll", 5, Queue.MONEY, payments.poll_due),
    Tick("payments.poll_refunds", 5, Queue.MONEY, refunds.poll_due),
    Tick("payments.sweep_refunds", 60, Queue.MONEY, refund_checks.sweep_due),
    Tick("shops.check", 60, Queue.MONEY, shops.check_due),
    Tick(bots.CHECK_ALL, 600, Queue.HOUSEKEEPING, bots.check_all_bots),
    Tick("channels.check_rights", 60, Queue.HOUSEKEEPING, channels.check_due),
    Tick("reconciliations.start_daily", 60, Queue.HOUSEKEEPING, reconciliations.start_due),
    Tick("reconciliations.start_daily_stars", 60, Queue.HOUSEKEEPING, star_reconciliations.start_due),
    Tick("fiscal_receipts.follow", 30, Queue.HOUSEKEEPING, fiscal_receipts.step_due),
    Tick("membership_sweeps.look", 60, Queue.HOUSEKEEPING, sweeps.look_due, waits_for_clock=True),
    Tick("billing.look", 60, Queue.MONEY, billing.look_due, waits_for_clock=True),
    Tick("inbox.wake_forgotten", 60, Queue.HOUSEKEEPING, wake_forgotten),
    Tick("analytics.close_days", 300, Queue.HOUSEKEEPING, analytics.close_due),
    Tick("exports.remove_old", 600, Queue.HOUSEKEEPING, exports.remove_old),
    Tick("erasures.forget", 60, Queue.HOUSEKEEPING, erasures.forget_due, waits_for_clock=True),
    Tick("erasures.find_gone", 60, Queue.HOUSEKEEPING, erasures.find_gone, waits_for_clock=True),
    Tick("access_logs.purge", 300, Queue.HOUSEKEEPING, access_logs.purge_due, waits_for_clock=True),
    Tick("tenants.remove_closed", 300, Queue.HOUSEKEEPING, closings.remove_due, waits_for_clock=True),
    Tick("test_drives.tend", 15, Queue.HOUSEKEEPING, test_drives.tend_due),
    Tick("housekeeping.purge", 300, Queue.HOUSEKEEPING, purge),
    Tick("console.check_invariants", 300, Queue.HOUSEKEEPING, console.check_all_invariants),
    Tick("console.end_impersonations", 60, Queue.HOUSEKEEPING, console.end_due_impersonations),
    Tick("letters.send", 2, Queue.HOUSEKEEPING, letters.send_due),
    Tick("webhooks.settle_lost", 60, Queue.WEBHOOKS, webhooks.settle_lost_deliveries),
    Tick("accounts.purge", 600, Queue.HOUSEKEEPING, letters.purge),
)


@dataclass(frozen=True, slots=True)
class TakenTick:
    """A moment of a rhythm that is ours to run."""

    tick: Tick
    due_at: datetime


class TickRunner:
    """Takes the ticks whose moment has come; remembers what it tried, so that it asks the database once a moment."""

    def __init__(
        self, context: WorkerContext, queues: frozenset[Queue] = frozenset(Queue), ticks: Sequence[Tick] = TICKS,
        watch: ClockWatch | None = None,
    ) -> None:  # fmt: skip
        """Serve the rhythms of these queues; know no moment yet."""
        self._watch = watch or ClockWatch(
            context.clock, witness=partial(dispatch.read_database_clock, context.database)
        )
        self._context = context
        self._ticks = [tick for tick in ticks if tick.queue in queues]
        self._tried: dict[str, datetime] = {}
        self._running: set[str] = set()

    async def claim(self) -> list[TakenTick]:
        """Return the moments that nobody took before; ones that were missed meanwhile count as one."""
        taken = []
        is_trusted = await self._watch.is_trusted() if any(tick.waits_for_clock for tick in self._ticks) else True
        for tick in self._ticks:
            due_at = last_due_at(self._context.clock.now(), every_seconds=tick.every_seconds)
            if tick.waits_for_clock and not is_trusted:
                continue
            if tick.name in self._running or self._tried.get(tick.name) == due_at:
                continue
            if await take_tick(self._context.database, job=tick.name, due_at=due_at):
                taken.append(TakenTick(tick, due_at))
                self._running.add(tick.name)
            self._tried[tick.name] = due_at
        return taken

    async def run(self, taken: TakenTick) -> None:
        """Run one tick; a failed one is logged and comes again at its next moment."""
        name, clock = taken.tick.name, self._context.clock
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await taken.tick.run(self._context, clock.now())
            await finish_tick(self._context.database, job=name, due_at=taken.due_at, now=clock.now())
            TICKS_RUN.labels(name, "done").inc()
        except Exception as error:  # noqa: BLE001 - the clock door: one failing rhythm must not stop the others
            TICKS_RUN.labels(name, "failed").inc()
            log = _log.warning if isinstance(error, LumenError) else _log.error
            log("tick_failed", tick=name, exc_info=error)
        finally:
            self._running.discard(name)

    async def run_due(self) -> int:
        """Take and run every tick whose moment has come; return how many there were."""
        taken = await self.claim()
        await asyncio.gather(*(self.run(tick) for tick in taken))
        return len(taken)
