"""Where an embedded server's files live and which account it runs under.

Servers must not run as root, and an ordinary account cannot see into, say, root's home: then the files go elsewhere.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from operations.embedded.errors import EmbeddedServerError
from operations.embedded.secrets import write_private

_NOTE = "elsewhere"
_PROGRAMS = "programs"
_ACCOUNTS = ("nobody", "daemon", "www-data")
_SHARED_FOLDERS = (Path("/var/tmp"), Path("/tmp"))  # noqa: S108 — only unguessable folders made by mkdtemp are used.


class RunAs(TypedDict, total=False):
    """Arguments of `Popen` that drop root; empty for an ordinary caller."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An ordinary account of this machine."""

    uid: int
    gid: int


def choose_account() -> Account | None:
    """Return the account that servers run under when we are root, None when we are not.

    Raises:
        EmbeddedServerError: We are root and the machine has no ordinary account.
    """
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in (*_ACCOUNTS, *known):
        if name in known:
            return Account(uid=known[name].pw_uid, gid=known[name].pw_gid)
    message = "PostgreSQL refuses to run as root and this machine has no other account; run as an ordinary user."
    raise EmbeddedServerError(message)


def run_as(account: Account | None) -> RunAs:
    """Return the `Popen` arguments that start a program under the account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def can_reach(path: Path, account: Account | None) -> bool:
    """Tell whether the account may enter every folder down to and including the path (or run it, for a file)."""
    return account is None or all(_may_enter(part.stat(), account) for part in (path, *path.parents))


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the file's lock; another process, or another server of this one, waits."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def find_home(folder: Path) -> Path:
    """Return the folder that holds the servers' data, as far as it has been decided; creates nothing."""
    note = folder / _NOTE
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else folder


def ensure_home(folder: Path, account: Account | None) -> Path:
    """Return the folder that holds the servers' data: the given one, or one elsewhere that the account can reach.

    A folder elsewhere is remembered in the file `elsewhere`, so that every later start finds the same data.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    with locked(folder / "home.lock"):
        home = find_home(folder)
        if home.is_dir() and can_reach(home, account):
            return home
        home = _make_home_elsewhere(folder, account)
        write_private(folder / _NOTE, f"{home}\n")
        return home


def forget_home(folder: Path) -> None:
    """Remove a folder elsewhere that no longer holds anybody's data; does nothing when there is none."""
    home = find_home(folder)
    if home == folder or (home.is_dir() and any(part.name != _PROGRAMS for part in home.iterdir())):
        return
    shutil.rmtree(home, ignore_errors=True)
    (folder / _NOTE).unlink()


def _make_home_elsewhere(folder: Path, account: Account | None) -> Path:
    key = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    for shared in _SHARED_FOLDERS:
        if shared.is_dir() and can_reach(shared, account):
            home = Path(tempfile.mkdtemp(prefix=f"lumenpay-{key}-", dir=shared))
            home.chmod(0o711)
            return home
    message = f"The account that servers run under can reach neither {folder} nor a shared temporary folder."
    raise EmbeddedServerError(message)


def ensure_owned_folder(path: Path, account: Account | None) -> Path:
    """Make a private folder that belongs to the account the server runs under."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    return path


def ensure_runnable(program: Path, *, root: Path, names: tuple[str, ...], home: Path, account: Account | None) -> Path:
    """Return a path under which the account can run the program; copies the named parts of `root` when it must."""
    if account is None or can_reach(program, account):
        return program
    # The time in the name makes an upgraded package a new copy.
    copy = home / _PROGRAMS / f"{names[0].partition('/')[0]}-{program.stat().st_mtime_ns}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        for name in names:
            shutil.copytree(root / name, draft / name, symlinks=True)
        _open_for_everybody(draft)
        draft.rename(copy)
    return copy / program.relative_to(root)


def _open_for_everybody(folder: Path) -> None:
    for part in (folder.parent, folder, *folder.rglob("*")):
        if not part.is_symlink():
            mode = part.stat().st_mode
            part.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
