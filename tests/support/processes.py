"""Real processes of the product, with an environment that holds nothing of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


class WorkerNode:
    """A Celery worker: one main process and its prefork children."""

    def __init__(self, env: dict[str, str], *, queues: Sequence[str], processes: int, log: Path) -> None:
        argv = [
            sys.executable, "-m", "celery", "-A", "tenants_worker.app", "worker", "--queues", ",".join(queues),
            "--concurrency", str(processes), "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
            "--without-heartbeat", "--hostname", f"{log.stem}@test",
        ]  # fmt: skip
        path = f"{ROOT / 'platform'}{os.pathsep}{ROOT}"
        base = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "HOME": str(log.parent), "LC_ALL": "C.UTF-8"}
        self._log = log
        with log.open("ab") as output:
            self._main = subprocess.Popen(
                argv, env=base | env, cwd=log.parent, stdout=output, stderr=output, start_new_session=True
            )

    @property
    def log(self) -> str:
        """What it printed so far."""
        return self._log.read_text(errors="replace")

    def is_running(self) -> bool:
        """Tell whether the main process is alive."""
        return self._main.poll() is None

    def children(self) -> list[int]:
        """Return the ids of the living prefork children."""
        return [pid for pid in processes_of_session(self._main.pid) if pid != self._main.pid]

    def kill_children(self) -> None:
        """End the children as the kernel would when memory runs out."""
        for pid in self.children():
            _kill(pid)

    def signal_children(self, number: signal.Signals) -> None:
        """Send a signal to the children, such as one that pauses them as a swapping machine does."""
        for pid in self.children():
            os.kill(pid, number)

    def kill_main(self) -> None:
        """End only the main process, as an operator's `kill -9` does."""
        self._main.kill()
        self._main.wait(timeout=10)

    def kill(self) -> None:
        """End everything as a power cut would."""
        self._main.kill()
        self.kill_children()
        self._main.wait(timeout=10)
        self.kill_children()

    def stop(self, *, seconds: float = 30.0) -> float:
        """Stop it in order and return how long that took.

        Raises:
            subprocess.TimeoutExpired: It did not stop in time.
        """
        began_at = time.monotonic()
        self.ask_to_stop()
        self._main.wait(timeout=seconds)
        return time.monotonic() - began_at

    def ask_to_stop(self) -> None:
        """Send the signal of an orderly stop."""
        self._main.send_signal(signal.SIGTERM)

    def wait(self, *, seconds: float) -> int:
        """Return the exit status of a worker that ends by itself."""
        return self._main.wait(timeout=seconds)


def processes_of_session(session: int) -> list[int]:
    """Return the processes of a session, zombies aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
