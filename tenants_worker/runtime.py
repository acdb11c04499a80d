"""One event loop a worker process, in a thread of its own: Celery tasks hand work to it, and it looks by itself.

The loop polls PostgreSQL every second, so a broken or missing broker changes only how soon work is noticed.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Coroutine
from typing import Any

from lumenpay.config import Settings, get_settings
from lumenpay.db.guard import check_database_role
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import SystemClock
from lumenpay.kit.logs import get_logger
from lumenpay.models.inbox import FAST_LANE, NORMAL_LANE
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.context import WorkerContext
from tenants_worker.inbox_drain import InboxDrain
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks.registry import HANDLERS, check_registry
from tenants_worker.tasks.ticks import TickRunner

POLL_SECONDS = 1.0
ANSWER_SECONDS = 55.0
"""How long one ring is worked on before the Celery task ends and another process may take over."""
_FAST_QUEUES = frozenset({Queue.MONEY, Queue.ACCESS, Queue.UPDATES})
_log = get_logger(__name__)


def open_context(settings: Settings) -> WorkerContext:
    """Return fresh connections for one process; nothing connects before it is used."""
    return WorkerContext(
        settings=settings,
        database=Database(settings.database_url.get_secret_value(), pool_size=16, application_name="lumenpay-worker"),
        doorbell=Doorbell(settings.redis_url.get_secret_value()),
        ring=settings.key_ring(),
        telegram=TelegramClient(api_url=settings.telegram_api_url),
        yookassa=YooKassaClient(api_url=settings.yookassa_api_url),
        clock=SystemClock(),
    )


class Worker:
    """Does whatever is due in some queues. Usable without Celery, on any event loop."""

    def __init__(self, context: WorkerContext, queues: frozenset[Queue]) -> None:
        """Take connections, and which queues to serve."""
        self.context = context
        self.queues = queues
        self._jobs = JobRunner(context, HANDLERS)
        self._inbox = InboxDrain(context, feed_update)
        self._ticks = TickRunner(context)
        self._busy: dict[Queue, asyncio.Lock] = {queue: asyncio.Lock() for queue in Queue}

    async def run_until_idle(self, queue: Queue) -> int:
        """Work on a queue until nothing is due in it; return how much was done. One turn at a time a queue."""
        done = 0
        async with self._busy[queue]:
            while worked := await self._run_once(queue):
                done += worked
        return done

    async def _run_once(self, queue: Queue) -> int:
        worked = 0
        if queue in _FAST_QUEUES:
            worked += await self._inbox.run_due(FAST_LANE)
        if queue is Queue.UPDATES:
            worked += await self._inbox.run_due(NORMAL_LANE)
        return worked + await self._jobs.run_due(queue)

    async def run_ticks(self) -> None:
        """Run the periodic work of the queues whose moment has come."""
        await self._ticks.run_due(self.queues)

    async def poll(self) -> None:
        """Look for work in each queue that is not being worked on already."""
        idle = [queue for queue in self.queues if not self._busy[queue].locked()]
        await asyncio.gather(self.run_ticks(), *(self.run_until_idle(queue) for queue in idle))

    async def close(self) -> None:
        """Close every connection."""
        await self.context.telegram.close()
        await self.context.yookassa.close()
        await self.context.doorbell.close()
        await self.context.database.close()


class WorkerProcess:
    """The event loop of a prefork child and the worker on it."""

    def __init__(self, queues: frozenset[Queue]) -> None:
        """Take which queues the process serves."""
        self._queues = queues
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker-loop", daemon=True)
        self._worker: Worker | None = None
        self._poller: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the loop and the poller; returns at once, whether or not the database answers."""
        check_registry()
        self._thread.start()
        self._submit(self._open()).result(timeout=30)

    def answer(self, queue: Queue) -> None:
        """Work on a queue because its bell rang; returns when nothing is due any more."""
        worker = self._worker
        if worker is None:
            return
        future = self._submit(self._answer(worker, queue))
        try:
            future.result(timeout=ANSWER_SECONDS)
        except TimeoutError:
            _log.info("answer_takes_long", queue=queue.value)

    def stop(self) -> None:
        """Let what is being done end, for a few seconds, then close everything."""
        try:
            self._submit(self._close()).result(timeout=20)
        except TimeoutError:
            _log.warning("worker_closed_in_a_hurry")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    async def _open(self) -> None:
        self._worker = Worker(open_context(get_settings()), self._queues)
        self._poller = asyncio.create_task(self._poll_for_ever(self._worker))

    async def _answer(self, worker: Worker, queue: Queue) -> None:
        await worker.context.doorbell.answer(queue)
        try:
            await worker.run_until_idle(queue)
        except Exception as error:  # noqa: BLE001 - the worker door: the poller comes back to what is left
            _log.warning("answer_failed", queue=queue.value, exc_info=error)

    async def _poll_for_ever(self, worker: Worker) -> None:
        is_role_checked = False
        while True:
            try:
                if not is_role_checked:
                    await check_database_role(worker.context.database)
                    is_role_checked = True
                await worker.poll()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while: look again
                _log.warning("poll_failed", error=type(error).__name__, detail=str(error)[:200])
            await asyncio.sleep(POLL_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the load

    async def _close(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        if self._worker is not None:
            await self._worker.close()

    def _submit(self, work: Coroutine[Any, Any, None]) -> Any:  # noqa: ANN401 - a concurrent future
        return asyncio.run_coroutine_threadsafe(work, self._loop)
