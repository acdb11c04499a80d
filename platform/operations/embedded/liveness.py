"""Whether a process that we may not have started is alive, and is the one that we mean."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_POLL_SECONDS = 0.02


def find_command_line(pid: int) -> str | None:
    """Return the command line of a live process; None when it is gone or only waits to be reaped."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            raw = (proc / str(pid) / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return raw.replace(b"\0", b" ").decode(errors="replace").strip() or None
    answer = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False, timeout=5
    )
    return answer.stdout.strip() or None


def has_ended(pid: int) -> bool:
    """Tell whether the process is gone or only waits to be reaped; one still giving memory back has not ended."""
    process = Path("/proc") / str(pid)
    if not (Path("/proc") / "self").exists():
        answer = subprocess.run(
            ["/bin/ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False, timeout=5
        )
        return answer.stdout.strip()[:1] in {"", "Z"}
    try:
        # The name in brackets may itself hold brackets and spaces; the state follows the last one.
        state = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        # The first thread waits to be reaped while the others still end.
        return state in {"Z", "X"} and len(list((process / "task").iterdir())) <= 1
    except (FileNotFoundError, ProcessLookupError):
        return True


def signal_if_alive(pid: int, signal_number: int) -> None:
    """Send the signal; a process that has already gone is not an error."""
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll until the condition holds; False when the time is over first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
