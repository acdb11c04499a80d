"""The Celery application: queues, prefork children with an event loop each, and beat's schedule of rings."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.signals import (
    celeryd_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
)
from celery.worker import state
from kombu.entity import Queue as BrokerQueue
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.bots.errors import SecretKeyMissingError
from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.config import get_settings
from lumenpay.db.guard import DatabaseNotMigratedError, UnsafeDatabaseRoleError, check_database_role
from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import ANSWER_SECONDS, TASK_NAME
from lumenpay.kit.crypto import KeyRing
from lumenpay.kit.logs import configure_logging, get_logger
from lumenpay.kit.memory import settle_memory, uncollected
from lumenpay.kit.sentry import configure_sentry
from lumenpay.telegram.loading import load_aiogram
from tenants_worker.child_watch import watch_children
from tenants_worker.metrics import NodeMetrics, open_node_metrics

if TYPE_CHECKING:
    from tenants_worker.runtime import WorkerProcess

QUEUES_VARIABLE = "LUMENPAY_WORKER_QUEUES"
VISIBILITY_SECONDS = 600
HARD_LIMIT_SECONDS = int(ANSWER_SECONDS) + 60

_log = get_logger(__name__)
settings = get_settings()
app = Celery("lumenpay", broker=settings.redis_url.get_secret_value() or "memory://")
app.conf.update(
    task_queues=[BrokerQueue(queue.value) for queue in Queue],
    task_default_queue=Queue.HOUSEKEEPING.value,
    task_create_missing_queues=False,
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=HARD_LIMIT_SECONDS,
    # A hard limit above the visibility timeout would run a task twice.
    broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS, "socket_timeout": 30, "socket_keepalive": True},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=3,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    beat_schedule={
        f"ring-{queue.value}": {
            "task": TASK_NAME,
            "schedule": seconds,
            "args": [queue.value],
            "options": {"queue": queue.value, "expires": 5},
        }
        for queue, seconds in ((Queue.ACCESS, 2.0), (Queue.MONEY, 5.0), (Queue.HOUSEKEEPING, 30.0))
    },
)

_process: WorkerProcess | None = None
_metrics: NodeMetrics | None = None


@setup_logging.connect
def _configure_logging(**_: Any) -> None:  # noqa: ANN401 - Celery's signal
    configure_logging(level=settings.log_level)


@celeryd_init.connect
def _remember_queues(options: dict[str, Any] | None = None, **_: Any) -> None:  # noqa: ANN401 - Celery's signal
    chosen = (options or {}).get("queues") or [queue.value for queue in Queue]
    names = chosen.split(",") if isinstance(chosen, str) else list(chosen)
    os.environ[QUEUES_VARIABLE] = ",".join(names)
    _check_start()


def _check_start() -> None:
    """Refuse to start with what could never work. A database that does not answer yet is waited for by the children."""
    try:
        ring = settings.key_ring()
        asyncio.run(_check_database(ring))
    except (ValueError, UnsafeDatabaseRoleError, SecretKeyMissingError) as error:
        # Celery swallows other exceptions of signals.
        raise SystemExit(f"refusing to start: {error}") from None
    except (DatabaseNotMigratedError, SQLAlchemyError, OSError, TimeoutError) as error:
        _log.warning("database_not_ready", error=type(error).__name__)


async def _check_database(ring: KeyRing) -> None:
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application_name="lumenpay-check")
    try:
        await check_database_role(database)
        await check_sealing_keys(database, ring)
    finally:
        await database.close()


@worker_init.connect
def _open_node(sender: Any, **_: Any) -> None:  # noqa: ANN401 - Celery's signal
    global _metrics  # noqa: PLW0603 - one a node, made before the fork
    with uncollected():
        load_aiogram()
        # Takes seconds and 200 MB: once, and only in a node that passed the checks of its start.
        import tenants_worker.runtime  # noqa: F401 - loaded here for the children, who use it after the fork
    settle_memory()
    _metrics = open_node_metrics(settings.metrics_port)

    def is_stopping() -> bool:
        # Zero is a request too: it is the exit status that was asked for.
        return any(asked not in (None, False) for asked in (state.should_stop, state.should_terminate))

    watch_children(expected=sender.concurrency, is_stopping=is_stopping)


@worker_shutdown.connect
def _close_node(**_: Any) -> None:  # noqa: ANN401 - Celery's signal
    if _metrics is not None:
        _metrics.close()


@worker_process_init.connect
def _open_process(**_: Any) -> None:  # noqa: ANN401 - Celery's signal
    global _process  # noqa: PLW0603 - one a process, made after the fork
    from tenants_worker.runtime import WorkerProcess  # loaded before the fork

    if _metrics is not None:
        _metrics.let_go()
    configure_logging(level=settings.log_level)
    configure_sentry(settings.sentry_dsn.get_secret_value(), environment=settings.environment.value, release="0.1.0")
    names = os.environ.get(QUEUES_VARIABLE, "")
    queues = frozenset(Queue(name) for name in names.split(",") if name) or frozenset(Queue)
    _process = WorkerProcess(queues)
    _process.start()


@worker_process_shutdown.connect
def _close_process(**_: Any) -> None:  # noqa: ANN401 - Celery's signal
    if _process is not None:
        _process.stop()


@app.task(name=TASK_NAME)
def answer_doorbell(queue_name: str) -> None:
    """Look into a queue at once, and stay with what is due in it for about two seconds."""
    if _process is None:
        _log.error("doorbell_without_a_worker", queue=queue_name, program=sys.argv[0])
        return
    _process.answer(Queue(queue_name))
