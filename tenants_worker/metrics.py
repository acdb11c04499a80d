"""What worker processes count, and how a node shows it: children count in files, the main process adds them up.

Every figure has a label, so that none is opened before the node has said where its children count.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile

from billiard import current_process
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MultiProcessValue

from lumenpay.kit.logs import get_logger

_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_log = get_logger(__name__)

UPDATES = Counter("lumenpay_updates_total", "Handled updates; one that stays `new` comes again", ["outcome"])
UPDATE_SECONDS = Histogram("lumenpay_update_seconds", "Handling one update", ["outcome"], buckets=_SECONDS)
JOBS = Counter("lumenpay_jobs_total", "Tries of jobs that came to an end", ["kind", "outcome"])
JOB_SECONDS = Histogram("lumenpay_job_seconds", "One try of a job", ["kind"], buckets=_SECONDS)
CLOCK_HELD = Gauge(
    "lumenpay_clock_held", "1 while nothing is ended or charged, because the clock cannot be trusted", ["why"],
    multiprocess_mode="livemax",
)  # fmt: skip
BROADCAST_MESSAGES = Counter(
    "lumenpay_broadcast_messages_total", "Messages of broadcasts; `waiting` are those that come again", ["outcome"]
)
TICKS_RUN = Counter("lumenpay_ticks_total", "Moments of periodic work", ["tick", "outcome"])


class NodeMetrics:
    """The figures of one worker node, served by its main process."""

    def __init__(self, port: int) -> None:
        """Serve on a port from now on; children that are forked after this count for it."""
        self._folder = tempfile.mkdtemp(prefix="lumenpay-metrics-")
        os.environ[_FOLDER_VARIABLE] = self._folder
        # By the child's place in the pool, not by its id: one that is replaced leaves no file behind.
        values.ValueClass = MultiProcessValue(_find_place)  # type: ignore[no-untyped-call]  # the library carries no types here
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library carries no types here
        self._server, self._thread = start_http_server(port, registry=registry)

    def let_go(self) -> None:
        """Close what a child inherited, so that the port is free as soon as the main process is gone."""
        self._server.socket.close()

    def close(self) -> None:
        """Serve no more and leave no file behind."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        shutil.rmtree(self._folder, ignore_errors=True)


def open_node_metrics(port: int) -> NodeMetrics | None:
    """Serve the node's figures; without a port, or with one that is taken, there are none and the work goes on."""
    if not port:
        return None
    with contextlib.suppress(OSError):
        return NodeMetrics(port)
    _log.error("metrics_port_is_taken", port=port)
    return None


def _find_place() -> str:
    return f"child-{getattr(current_process(), 'index', 'none')}"
