"""Keeps a set of services running: starts them in order, restarts what crashed, stops everything in reverse order."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Protocol

import structlog

_POLL_SECONDS = 0.1
_STABLE_SECONDS = 30.0

_log = structlog.get_logger(__name__)


class Service(Protocol):
    """Something that runs: a child process, or an embedded server. All calls are safe to repeat."""

    @property
    def name(self) -> str:
        """The name in logs and reports."""

    def start(self) -> None:
        """Return when the service takes work; raise when it cannot."""

    def is_running(self) -> bool:
        """Tell whether it is alive."""

    def stop(self) -> None:
        """Return when nothing of it is left."""


@dataclass(frozen=True)
class RestartPolicy:
    """How patiently a crashed service is started again."""

    enabled: bool = True
    first_delay_seconds: float = 0.2
    longest_delay_seconds: float = 10.0

    def delay_seconds(self, failures: int) -> float:
        """Return the pause before the attempt that follows so many failures in a row (one or more)."""
        doublings = min(failures - 1, 20)
        return min(self.first_delay_seconds * 2.0**doublings, self.longest_delay_seconds)


class _Watched:
    """A service with the history that decides when it is tried again."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.failures = 0
        self.started_at = 0.0
        self.retry_at: float | None = None
        self.given_up = False


class Supervisor:
    """Runs services until it is told to stop; `time.monotonic` is its only clock."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        restart: RestartPolicy | None = None,
        stopping: threading.Event | None = None,
        on_restart: Callable[[str], None] | None = None,
    ) -> None:
        """Take what to run.

        Args:
            services: In the order in which they start.
            restart: For all services.
            stopping: Set when a stop is requested; give it to child processes too, so that it cuts their starts short.
            on_restart: Told the name of each service revived.
        """
        self._watched = [_Watched(service) for service in services]
        self._restart = restart or RestartPolicy()
        self._on_restart = on_restart
        self._stopping = stopping or threading.Event()
        self._restarts: dict[str, int] = {}

    @property
    def restarts(self) -> dict[str, int]:
        """How often each service has been started again."""
        return dict(self._restarts)

    def start(self) -> None:
        """Start all in order; when one cannot start, those already started are stopped and the error is raised.

        Returns early, with everything stopped, when a stop is requested meanwhile.
        """
        try:
            for watched in self._watched:
                if self._stopping.is_set():
                    return
                watched.service.start()
                watched.started_at = time.monotonic()
                _log.info("service_started", service=watched.service.name)
        except BaseException:
            was_requested = self._stopping.is_set()
            self.stop()
            if not was_requested:
                raise

    def run(self, *, seconds: float | None = None) -> None:
        """Watch and revive until a stop is requested, or for so long."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not self._stopping.wait(_POLL_SECONDS):
            if deadline is not None and time.monotonic() >= deadline:
                return
            self.check()

    def check(self) -> None:
        """Look at every service once and start again what is due."""
        for watched in self._watched:
            if self._stopping.is_set():
                return
            self._check_one(watched)

    def request_stop(self) -> None:
        """Make `run` return soon; safe in signal handlers and from other threads."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop all in reverse order; one that fails to stop does not save the others."""
        self._stopping.set()
        errors: list[Exception] = []
        for watched in reversed(self._watched):
            try:
                watched.service.stop()
            except Exception as error:  # noqa: BLE001 — collected and raised below.
                errors.append(error)
        if errors:
            message = "Some services did not stop."
            raise ExceptionGroup(message, errors)

    @contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Start all, stop on SIGINT and SIGTERM, and leave nothing behind. Main thread only."""
        previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self.start()
            yield self
        finally:
            self.stop()
            for number, action in previous.items():
                signal.signal(number, action)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.request_stop()

    def _check_one(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.given_up:
            return
        if watched.retry_at is None:
            if watched.service.is_running():
                if watched.failures and now - watched.started_at > _STABLE_SECONDS:
                    watched.failures = 0
                return
            self._plan_restart(watched, now)
        if watched.retry_at is not None and now >= watched.retry_at:
            self._revive(watched)

    def _plan_restart(self, watched: _Watched, now: float) -> None:
        watched.failures += 1
        if not self._restart.enabled:
            watched.given_up = True
            _log.error("service_ended", service=watched.service.name)
            return
        watched.retry_at = now + self._restart.delay_seconds(watched.failures)
        _log.warning("service_crashed", service=watched.service.name, failures=watched.failures)

    def _revive(self, watched: _Watched) -> None:
        name = watched.service.name
        try:
            watched.service.start()
        except Exception as error:  # noqa: BLE001 — whatever stops a start, the next attempt comes after a pause.
            watched.failures += 1
            watched.retry_at = time.monotonic() + self._restart.delay_seconds(watched.failures)
            _log.warning("service_restart_failed", service=name, failures=watched.failures, error=str(error))
            return
        watched.retry_at = None
        watched.started_at = time.monotonic()
        self._restarts[name] = self._restarts.get(name, 0) + 1
        _log.info("service_restarted", service=name)
        if self._on_restart is not None:
            self._on_restart(name)
