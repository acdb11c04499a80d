"""What the embedded servers share: one start at a time, adoption of a running server, clean stop, crash recovery."""

import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from operations.embedded.errors import EmbeddedServerError
from operations.embedded.liveness import find_command_line, has_ended, signal_if_alive, wait_until
from operations.embedded.placement import choose_account, ensure_home, find_home, forget_home, locked, run_as
from operations.embedded.ports import choose_port, find_remembered_port

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_RETRY_SECONDS = 0.2
_LOG_TAIL_BYTES = 2_000


class EmbeddedServer(ABC):
    """A server process whose data outlives it; it may have been started by an earlier run of ours."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        """Prepare nothing yet; `folder` keeps the state of this and the other embedded server."""
        self._folder = folder.resolve()
        self._account = choose_account()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def log_path(self) -> Path:
        """The file that collects what the server prints."""
        return self._folder / "log" / f"{self.name}.log"

    @property
    def data(self) -> Path:
        """The folder with the server's data; it belongs to the account that the server runs under."""
        return self._home / self.name

    @property
    def port(self) -> int:
        """The loopback port of the last start.

        Raises:
            EmbeddedServerError: The server has never been started.
        """
        port = find_remembered_port(self._port_file)
        if port is None:
            message = f"{self.name} has never been started in {self._folder}."
            raise EmbeddedServerError(message)
        return port

    @property
    def pid(self) -> int | None:
        """The process id of the running server, whoever started it."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        pid = self._read_pid()
        command = find_command_line(pid) if pid is not None else None
        # A number alone proves nothing: after a crash or a reboot it may belong to somebody else.
        return pid if command is not None and str(self.data) in command else None

    def is_running(self) -> bool:
        """Tell whether the server's process is alive; it may still be recovering."""
        return self.pid is not None

    def start(self) -> None:
        """Leave the server running and answering; does nothing when it already is.

        Raises:
            EmbeddedServerError: It did not come up within a minute; the end of its log is in the message.
        """
        ensure_home(self._folder, self._account)
        with locked(self._folder / f"{self.name}.lock"):
            deadline = time.monotonic() + _START_SECONDS
            self._prepare()
            while not self._try_start(deadline):
                if time.monotonic() >= deadline:
                    message = f"{self.name} did not start. The end of {self.log_path}:\n{self._read_log_tail()}"
                    raise EmbeddedServerError(message)
                time.sleep(_RETRY_SECONDS)

    def stop(self) -> None:
        """Stop the server in order; committed data is on disk. Does nothing when it is not running."""
        pid = self.pid
        if pid is None:
            return
        if not self._end(pid, self.stop_signal):
            self._end(pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the server as a power cut would; the next start recovers."""
        pid = self.pid
        if pid is not None:
            self._end(pid, signal.SIGKILL)

    def destroy(self) -> None:
        """Stop the server and delete its data, and the folder elsewhere when this was the last server in it."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        forget_home(self._folder)

    @abstractmethod
    def _prepare(self) -> None:
        """Create the data when there is none; safe to repeat."""

    @abstractmethod
    def _command(self, port: int) -> list[str]:
        """Return the command that runs the server in the foreground; it must contain the path of the data."""

    @abstractmethod
    def _read_pid(self) -> int | None:
        """Return what the server's own pid file says, which may be stale."""

    @abstractmethod
    def _answers(self, pid: int) -> bool:
        """Tell whether the server that answers on our port is this process with this data, and takes work."""

    def _forget_crash(self) -> None:  # noqa: B027 — only PostgreSQL refuses to start over its own remains.
        """Remove what a killed server left and what would keep the next one from starting."""

    @property
    def _home(self) -> Path:
        return find_home(self._folder)

    @property
    def _port_file(self) -> Path:
        return self._folder / f"{self.name}.port"

    def _try_start(self, deadline: float) -> bool:
        pid = self.pid
        if pid is None:
            self._forget_crash()
            pid = self._launch(choose_port(self._port_file))
        while self.pid == pid and time.monotonic() < deadline:
            if self._answers(pid):
                return True
            time.sleep(0.02)
        return False

    def _launch(self, port: int) -> int:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self._child = subprocess.Popen(
                self._command(port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=server_environment(),
                start_new_session=True,  # Ctrl-C in the terminal must reach the supervisor first, not the database.
                umask=0o077,
                **run_as(self._account),
            )
        return self._child.pid

    def _end(self, pid: int, signal_number: int) -> bool:
        signal_if_alive(pid, signal_number)
        # Not by the pid file: a server removes it a moment before it ends, and a start would meet it still there.
        child = self._child if self._child is not None and self._child.pid == pid else None
        return wait_until(lambda: child.poll() is not None if child else has_ended(pid), seconds=_STOP_SECONDS)

    def _read_log_tail(self) -> str:
        text = self.log_path.read_bytes() if self.log_path.exists() else b""
        return text[-_LOG_TAIL_BYTES:].decode(errors="replace")


def server_environment() -> dict[str, str]:
    """Return an environment without variables (PGPORT, PGOPTIONS, …) that would change what a server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
