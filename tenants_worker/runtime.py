"""One event loop a worker process, in a thread of its own: Celery tasks ring on it, and it looks for work by itself.

Every station polls PostgreSQL, so a broken or missing broker changes only how soon work is noticed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

import uvloop

from lumenpay.billing.stripe_gateway import open_stripe
from lumenpay.bots.errors import SecretKeyMissingError
from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.config import Settings, get_settings
from lumenpay.db.guard import DatabaseNotMigratedError, UnsafeDatabaseRoleError, check_database_role
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import ANSWER_SECONDS, Doorbell
from lumenpay.kit.clock import SystemClock
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import get_logger
from lumenpay.kit.memory import settle_memory
from lumenpay.letters.mailer import Mailer
from lumenpay.models.inbox import CHECKOUT_LANE, FAST_LANE, NORMAL_LANE
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.pace import BotPace
from lumenpay.test_drives.sandbox import open_sandbox
from tenants_worker.bot.dispatcher import feed_update
from tenants_worker.context import WorkerContext
from tenants_worker.inbox_drain import FeedUpdate, InboxDrain
from tenants_worker.job_runner import JobRunner
from tenants_worker.leases import LeaseKeeper
from tenants_worker.stations import AnyStation, Station
from tenants_worker.tasks.registry import HANDLERS, check_registry
from tenants_worker.tasks.ticks import TickRunner

GRACE_SECONDS = 12.0
_STUCK_SECONDS = 30.0
_LOOK_AROUND_SECONDS = 1.0
_ROOM_FOR_JOBS, _ROOM_FOR_BOTS, _ROOM_FOR_TICKS = 24, 24, 8
_ROOM_FOR_CALLS = {Queue.BROADCASTS: 64, Queue.WEBHOOKS: 64}
"""Each waits for its bot's turns, or for an endpoint, most of the time."""
_FAST_QUEUES = frozenset({Queue.MONEY, Queue.ACCESS, Queue.UPDATES})
_log = get_logger(__name__)
_T = TypeVar("_T")


def open_context(settings: Settings) -> WorkerContext:
    """Return fresh connections for one process; nothing connects before it is used."""
    url = settings.database_url.get_secret_value()
    return WorkerContext(
        settings=settings,
        database=Database(
            url, pool_size=16, application_name="lumenpay-worker", is_billed=settings.has_billing
        ),
        doorbell=Doorbell(settings.redis_url.get_secret_value()),
        ring=settings.key_ring(),
        telegram=TelegramClient(
            api_url=settings.telegram_api_url, sandbox_url=settings.sandbox_telegram_url,
            pace=BotPace(settings.redis_url.get_secret_value()),
        ),
        yookassa=YooKassaClient(api_url=settings.yookassa_api_url, sandbox_url=settings.sandbox_yookassa_url),
        clock=SystemClock(),
        # A connection of its own: renewals must not wait behind the work whose leases they renew.
        leases=LeaseKeeper(Database(url, pool_size=1, application_name="lumenpay-worker-leases")),
        sandbox=open_sandbox(settings),
        stripe=open_stripe(settings),
        mailer=Mailer(Secret(settings.smtp_url.get_secret_value()), sender=settings.mail_from),
    )  # fmt: skip


class Worker:
    """Does whatever is due in some queues. Usable without Celery, on any event loop."""

    def __init__(self, context: WorkerContext, queues: frozenset[Queue], *, feed: FeedUpdate = feed_update) -> None:
        """Take connections, which queues to serve, and what handles one update."""
        self.context = context
        self._jobs = JobRunner(context, HANDLERS)
        self._inbox = InboxDrain(context, feed)
        self._ticks = TickRunner(context, queues)
        self._serving: set[asyncio.Task[None]] = set()
        self._stations: dict[Queue, list[AnyStation]] = {queue: [self._job_station(queue)] for queue in queues}
        if Queue.UPDATES in queues:
            self._stations[Queue.UPDATES].append(self._inbox_station(NORMAL_LANE))
        if queues & _FAST_QUEUES:
            fast = [self._inbox_station(lane) for lane in (CHECKOUT_LANE, FAST_LANE)]
            for queue in queues & _FAST_QUEUES:
                self._stations[queue].extend(fast)
        self._clock_station = self._tick_station()

    def start(self) -> None:
        """Begin to look for work, on the running loop."""
        for station in self._all_stations():
            self._keep(station.serve())
        self._keep(self.context.leases.serve())

    async def answer(self, queue: Queue) -> None:
        """Look into a queue at once; return when nothing is due in it any more, or after two seconds."""
        stations = self._stations.get(queue, [])
        await self.context.doorbell.answer(queue)
        for station in (*stations, self._clock_station):
            station.ring()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await asyncio.gather(*(station.wait_until_idle() for station in stations))
        except TimeoutError:
            return

    async def close(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Let what is being done end, for a while, then close every connection."""
        await asyncio.gather(*(station.close(grace_seconds=grace_seconds) for station in self._all_stations()))
        await self.context.leases.close()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self.context.telegram.close()
        await self.context.yookassa.close()
        await self.context.webhooks.close()
        if self.context.sandbox is not None:
            await self.context.sandbox.close()
        if self.context.stripe is not None:
            await self.context.stripe.close()
        await self.context.doorbell.close()
        await self.context.database.close()

    def _all_stations(self) -> set[AnyStation]:
        return {self._clock_station}.union(*self._stations.values())

    def _job_station(self, queue: Queue) -> AnyStation:
        return Station(
            f"jobs.{queue.value}", claim=lambda limit: self._jobs.claim(queue, limit), run=self._jobs.run,
            room=_ROOM_FOR_CALLS.get(queue, _ROOM_FOR_JOBS), spawn=asyncio.create_task,
        )  # fmt: skip

    def _inbox_station(self, lane: int) -> AnyStation:
        return Station(
            f"inbox.{lane}", claim=lambda limit: self._inbox.claim(lane, limit), run=self._inbox.run,
            room=_ROOM_FOR_BOTS, spawn=asyncio.create_task,
        )  # fmt: skip

    def _tick_station(self) -> AnyStation:
        return Station(
            "ticks", claim=lambda _limit: self._ticks.claim(), run=self._ticks.run, room=_ROOM_FOR_TICKS,
            spawn=asyncio.create_task,
        )  # fmt: skip

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)


class WorkerProcess:
    """The event loop of a prefork child and the worker on it."""

    def __init__(self, queues: frozenset[Queue]) -> None:
        """Take which queues the process serves."""
        self._queues = queues
        self._parent = os.getppid()
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker-loop", daemon=True)
        self._worker: Worker | None = None
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the loop; returns at once, whether or not the database answers."""
        check_registry()
        self._thread.start()
        self._submit(self._open()).result(timeout=_STUCK_SECONDS)

    def answer(self, queue: Queue) -> None:
        """Work on a queue because its bell rang; returns within about two seconds."""
        if self._worker is None:
            return  # The database has not been looked at yet; the stations will look for work by themselves.
        try:
            self._submit(self._worker.answer(queue)).result(timeout=_STUCK_SECONDS)
        except TimeoutError:
            _log.critical("event_loop_stuck", queue=queue.value)
            os._exit(os.EX_SOFTWARE)  # Celery starts another process, and the leases end.

    def stop(self) -> None:
        """Let what is being done end, for a few seconds, then close everything."""
        try:
            self._submit(self._close()).result(timeout=GRACE_SECONDS + 8)
        except TimeoutError:
            _log.warning("worker_closed_in_a_hurry")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    async def _open(self) -> None:
        self._watch = asyncio.create_task(self._look_around(open_context(get_settings())))

    async def _look_around(self, context: WorkerContext) -> None:
        while not await self._is_database_fit(context):  # noqa: ASYNC110 - nobody tells us when it is
            await asyncio.sleep(_LOOK_AROUND_SECONDS)
        self._worker = Worker(context, self._queues)
        self._worker.start()
        settle_memory()
        while os.getppid() == self._parent:  # noqa: ASYNC110 - the system sends no event
            await asyncio.sleep(_LOOK_AROUND_SECONDS)
        # Celery's main process was killed: a process that nobody can stop must not go on.
        _log.warning("parent_is_gone")
        await self._worker.close()
        os._exit(os.EX_OK)

    async def _is_database_fit(self, context: WorkerContext) -> bool:
        try:
            await check_database_role(context.database)
            await check_sealing_keys(context.database, context.ring)
        except (UnsafeDatabaseRoleError, SecretKeyMissingError) as error:
            _log.critical("start_refused", error=str(error))
            os.kill(self._parent, signal.SIGTERM)
        except DatabaseNotMigratedError as error:
            _log.warning("database_not_migrated", error=str(error))
        except Exception as error:  # noqa: BLE001 - the worker door: the database may be away for a while
            _log.warning("database_not_reached", error=type(error).__name__)
        else:
            return True
        return False

    async def _close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._worker is not None:
            await self._worker.close()

    def _submit(self, work: Coroutine[Any, Any, _T]) -> Future[_T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)
