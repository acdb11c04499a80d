"""How much work waits, for Prometheus: read from the database now and then, whoever asks."""

from __future__ import annotations

import time

from prometheus_client import Gauge

from lumenpay.db.dispatch import read_queue_figures
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue

WAITING = Gauge("lumenpay_queue_waiting", "Jobs (or inbox lanes) that wait", ["queue"])
OLDEST = Gauge("lumenpay_queue_oldest_seconds", "For how long the oldest one is due", ["queue"])
DEAD = Gauge("lumenpay_queue_dead", "Jobs (or updates) that wait for a human", ["queue"])
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
    READ_AT.set(time.time())
