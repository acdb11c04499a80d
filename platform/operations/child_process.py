"""One child process in a process group of its own, with its log file, its ready check and a certain end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from operations.embedded.liveness import wait_until
from operations.process_group import find_orphaned_group, group_is_alive, record_group, signal_group

_POLL_SECONDS = 0.05
_KILL_SECONDS = 10.0
_LOG_TAIL_BYTES = 2_000


class ChildStartError(Exception):
    """A child process ended or stayed silent before it was ready; the end of its log is in the message."""


@dataclass(frozen=True)
class ChildSpec:
    """What to run.

    Attributes:
        env: The whole environment of the child; nothing is inherited.
        is_ready: Asked repeatedly after the start; the child counts as started at the first True.
        ready_text: What the child must have printed since this start, besides; None asks for nothing.
        stop_seconds: How long SIGTERM may take before SIGKILL.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    is_ready: Callable[[], bool] = lambda: True
    ready_text: str | None = None
    ready_seconds: float = 60.0
    stop_seconds: float = 30.0
    cwd: Path | None = None


class ChildProcess:
    """A service that is a process of ours; what an earlier, killed run of ours left behind is ended first."""

    def __init__(self, spec: ChildSpec, *, folder: Path, cancelled: threading.Event | None = None) -> None:
        """Start nothing yet; `folder` gets `log/<name>.log` and `run/<name>.pid`; `cancelled` cuts a start short."""
        self.spec = spec
        self._cancelled = cancelled or threading.Event()
        self._log_start = 0
        self.log_path = folder / "log" / f"{spec.name}.log"
        self._pid_file = folder / "run" / f"{spec.name}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The name from the specification."""
        return self.spec.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs; also the id of its group."""
        return self._process.pid if self._process is not None and self.is_running() else None

    def is_running(self) -> bool:
        """Tell whether the process itself (not what it started) is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Leave the process running and ready; does nothing when it already runs.

        Raises:
            ChildStartError: It ended, or was not ready in time; nothing of it is left.
        """
        if self.is_running():
            return
        self.stop()
        self._launch()
        deadline = time.monotonic() + self.spec.ready_seconds
        while not self._is_ready():
            if not self.is_running() or time.monotonic() >= deadline or self._cancelled.wait(_POLL_SECONDS):
                self._fail()
        if not self.is_running():
            self._fail()

    def stop(self) -> None:
        """End the process and all it started: SIGTERM to the group, SIGKILL to what is left after `stop_seconds`."""
        group = self._process.pid if self._process is not None else find_orphaned_group(self._pid_file)
        if group is not None:
            self._end_group(group)
        if self._process is not None:
            self._process.wait(_KILL_SECONDS)
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """SIGKILL the whole group, as a crash of the machine would; the specification stays usable."""
        if self._process is not None:
            signal_group(self._process.pid, signal.SIGKILL)
            self._process.wait(_KILL_SECONDS)

    def read_log_tail(self) -> str:
        """Return the end of what the process printed."""
        text = self.log_path.read_bytes() if self.log_path.exists() else b""
        return text[-_LOG_TAIL_BYTES:].decode(errors="replace")

    def _launch(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                list(self.spec.argv),
                env=dict(self.spec.env),
                cwd=self.spec.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        record_group(self._pid_file, self._process.pid)

    def _is_ready(self) -> bool:
        if self.spec.ready_text is not None:
            with self.log_path.open("rb") as log:
                log.seek(self._log_start)
                if self.spec.ready_text.encode() not in log.read():
                    return False
        return self.spec.is_ready()

    def _fail(self) -> None:
        code = self._process.poll() if self._process is not None else None
        self.stop()
        waited = "was cancelled" if self._cancelled.is_set() else "was not ready in time"
        reason = waited if code is None else f"ended with code {code}"
        message = f"{self.name} {reason}. The end of {self.log_path}:\n{self.read_log_tail()}"
        raise ChildStartError(message)

    def _end_group(self, group: int) -> None:
        signal_group(group, signal.SIGTERM)
        if not wait_until(lambda: self._is_over(group), seconds=self.spec.stop_seconds):
            signal_group(group, signal.SIGKILL)
            wait_until(lambda: self._is_over(group), seconds=_KILL_SECONDS)

    def _is_over(self, group: int) -> bool:
        # Reaps our own child; otherwise it would stay in the group as a zombie for ever.
        if self._process is not None:
            self._process.poll()
        return not group_is_alive(group)


def inherited_environment(**changes: str) -> dict[str, str]:
    """Return our own environment with changes, for a child that should see it."""
    return {**os.environ, **changes}
