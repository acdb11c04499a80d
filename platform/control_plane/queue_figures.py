"""How much work waits and what is broken, for Prometheus: read from the database now and then, whoever asks."""

from __future__ import annotations

import time

from prometheus_client import Gauge

from lumenpay.db.dispatch import read_queue_figures
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue
from lumenpay.staff.invariants import list_invariants
from lumenpay.telegram.rates import ENDS_PER_MINUTE

WAITING = Gauge("lumenpay_queue_waiting", "Jobs (or inbox lanes) that wait", ["queue"])
OLDEST = Gauge("lumenpay_queue_oldest_seconds", "For how long the oldest one is due", ["queue"])
DEAD = Gauge("lumenpay_queue_dead", "Jobs (or updates) that wait for a human", ["queue"])
BROKEN = Gauge("lumenpay_invariant_violations", "Rows that break what must always be true", ["check"])
UNCHECKED = Gauge("lumenpay_invariant_errors", "1 where a check could not be made", ["check"])
CHECKED_AT = Gauge("lumenpay_invariant_checked_at_seconds", "When a check was last made", ["check"])
ENDS = Gauge("lumenpay_ends_per_minute", "People whom one bot can take out and tell in a minute, by Telegram's limits")
READ_AT = Gauge("lumenpay_queue_figures_read_at_seconds", "When these figures were last read")
_QUEUES = ("inbox", *(queue.value for queue in Queue))


async def refresh_queue_figures(database: Database) -> None:
    """Set the gauges to what the database says now; a queue that it does not name is empty."""
    found = {name: figures for name, *figures in await read_queue_figures(database)}
    for queue in {*_QUEUES, *found}:
        waiting, oldest_seconds, dead = found.get(queue, (0, 0.0, 0))
        WAITING.labels(queue).set(waiting)
        OLDEST.labels(queue).set(max(0.0, oldest_seconds))  # what is planned for later is not due
        DEAD.labels(queue).set(dead)
    for result in await list_invariants(database):
        BROKEN.labels(result.name).set(result.violations)
        UNCHECKED.labels(result.name).set(bool(result.error))
        CHECKED_AT.labels(result.name).set(result.checked_at.timestamp())
    ENDS.set(ENDS_PER_MINUTE)
    READ_AT.set(time.time())
