"""Node for the web app: the machine's own where it is new enough, else the one that comes as a Python package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST = (20, 19)
LOCK = "requirements-node.lock"


class WebBuildError(Exception):
    """The web app cannot be built; the text says why."""


@dataclass(frozen=True)
class Node:
    """A folder with `node` and `npm`, and which version they are."""

    folder: Path
    version: str

    def run(self, argv: Sequence[str], *, cwd: Path, log: Path | None = None) -> int:
        """Run a program of Node's; into a log file, or into this terminal. Return its exit code."""
        env = self.environment(os.environ)
        program = shutil.which(argv[0], path=env["PATH"]) or argv[0]
        if log is None:
            return subprocess.run([program, *argv[1:]], cwd=cwd, env=env, check=False).returncode
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return subprocess.run(
                [program, *argv[1:]], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            ).returncode

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        """Return an environment in which this Node comes first."""
        return {**env, "PATH": f"{self.folder}{os.pathsep}{env.get('PATH', '')}", "npm_config_update_notifier": "false"}


def find_node() -> Node | None:
    """Return a Node that is new enough: the machine's, or the one in our own environment."""
    for folder in (*os.environ.get("PATH", "").split(os.pathsep), str(Path(sys.executable).parent)):
        program = Path(folder) / "node"
        if not (program.is_file() and (Path(folder) / "npm").is_file()):
            continue
        found = _version_of(program)
        if found is not None and tuple(int(part) for part in found.split(".")[:2]) >= OLDEST:
            return Node(Path(folder), found)
    return None


def ensure_node(webapp: Path, *, log: Path | None = None) -> Node:
    """Return a Node, installed as a Python package into our own environment where there is none.

    Raises:
        WebBuildError: There is none, and none can be installed.
    """
    found = find_node()
    if found is not None:
        return found
    argv = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(webapp / LOCK)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
    found = find_node()
    if found is None:
        raise WebBuildError(f"there is no Node {'.'.join(map(str, OLDEST))} or newer, and pip could not install one")
    return found


def _version_of(program: Path) -> str | None:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = done.stdout.strip().removeprefix("v")
    return version if done.returncode == 0 and version[:1].isdigit() else None
