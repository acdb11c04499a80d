"""The built web app, kept as long as its sources stay the same."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from operations.web.node import Node, WebBuildError, ensure_node

STAMP = ".built-from"
_SOURCES = ("src", "public", "scripts", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.app.json")


def hash_sources(webapp: Path) -> str:
    """Return one value for everything that a build is made of."""
    digest = hashlib.sha256()
    for name in _SOURCES:
        start = webapp / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            if path.is_file():
                digest.update(f"{path.relative_to(webapp).as_posix()}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def is_built(webapp: Path) -> bool:
    """Tell whether what lies in `dist` was built from these sources."""
    stamp = webapp / "dist" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == hash_sources(webapp)


def install_packages(webapp: Path, node: Node, *, log: Path | None = None) -> None:
    """Bring `node_modules` to what the lock file says; nothing happens where it is that already.

    Raises:
        WebBuildError: npm failed.
    """
    lock = hashlib.sha256((webapp / "package-lock.json").read_bytes()).hexdigest()
    stamp = webapp / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text(encoding="ascii").strip() == lock:
        return
    if node.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=webapp, log=log):
        raise WebBuildError("npm could not install the packages of the web app")
    stamp.write_text(lock, encoding="ascii")


def build_web_app(webapp: Path, *, log: Path, say: Callable[[str], None] = lambda _text: None) -> bool:
    """Build the web app unless it is built; tell whether there was anything to do.

    Args:
        say: Told what is being done, a few times.

    Raises:
        WebBuildError: It cannot be built here.
    """
    if not (webapp / "package.json").is_file():
        raise WebBuildError("its sources are not here")
    if is_built(webapp):
        return False
    log.unlink(missing_ok=True)
    say("Looking for Node …")
    node = ensure_node(webapp, log=log)
    say("Installing the web app's packages (once per lock file) …")
    install_packages(webapp, node, log=log)
    say("Building the web app …")
    sources = hash_sources(webapp)
    shutil.rmtree(webapp / "dist", ignore_errors=True)
    if node.run(["npm", "run", "--silent", "build"], cwd=webapp, log=log):
        raise WebBuildError(f"the build failed; {log} says why")
    (webapp / "dist" / STAMP).write_text(sources, encoding="ascii")
    return True
