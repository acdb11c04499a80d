"""Process groups: signalling one, telling whether it lives, and finding one that a killed run of ours left behind."""

import json
import os
import subprocess
from pathlib import Path

_PROC = Path("/proc")


def signal_group(group: int, signal_number: int) -> None:
    """Send the signal to every process of the group; a group that has gone is not an error."""
    try:
        os.killpg(group, signal_number)
    except ProcessLookupError:
        return


def group_is_alive(group: int) -> bool:
    """Tell whether the group has a process that is more than a zombie."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group that consists of zombies.
        return False
    if not _PROC.joinpath("self").exists():
        return True
    return any(_is_live_member(entry, group) for entry in _PROC.iterdir() if entry.name.isdigit())


def record_group(file: Path, pid: int) -> None:
    """Remember the group of a process just started, well enough not to mistake another process for it later."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"pid": pid, "birth": _find_birth(pid)}), encoding="ascii")


def find_orphaned_group(file: Path) -> int | None:
    """Return the recorded group if its first process is still the one recorded; numbers are reused, births are not."""
    try:
        record = json.loads(file.read_text(encoding="ascii"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    pid = int(record["pid"])
    birth = _find_birth(pid)
    return pid if birth is not None and birth == record["birth"] else None


def _find_birth(pid: int) -> str | None:
    if _PROC.joinpath("self").exists():
        fields = _read_stat(_PROC / str(pid))
        # Field 22 of the manual page is the start time; the list begins with field 3. A reboot restarts that clock.
        boot = _PROC.joinpath("sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}:{fields[19]}" if fields else None
    answer = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "lstart="], capture_output=True, text=True, check=False, timeout=5
    )
    return answer.stdout.strip() or None


def _is_live_member(entry: Path, group: int) -> bool:
    fields = _read_stat(entry)
    return bool(fields) and fields[0] not in {"Z", "X"} and int(fields[2]) == group


def _read_stat(entry: Path) -> list[str]:
    try:
        text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    # The name in parentheses may itself contain spaces and parentheses.
    return text.rpartition(")")[2].split()
