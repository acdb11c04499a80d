"""What connected bots that do nothing cost a worker: each has answered one update, then all are silent."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uvloop

from lumenpay.config import get_settings
from lumenpay.jobs.catalogue import Queue
from tenants_worker.runtime import Worker, open_context
from tests.bench.answering import store_backlog
from tests.bench.ground import ROOT, Ground, SeededBot
from tests.bench.updates import StartUpdate, make_updates

_WARM_BOTS, _WARM_UPDATES = 8, 400
_LONGEST_SECONDS = 100.0


def measure_idle_memory(ground: Ground, bots: list[SeededBot]) -> tuple[float, int]:
    """Return the growth in MB of a worker process, and how many bots it served; the first few are its warm-up."""
    argv = [sys.executable, "-m", "tests.bench.idle_memory"]
    with subprocess.Popen(
        argv, env=ground.environment(), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            warm = [update for update, _ in zip(make_updates(bots[:_WARM_BOTS]), range(_WARM_UPDATES), strict=False)]
            before = _serve(ground, child, warm)
            rest = bots[_WARM_BOTS:]
            after = _serve(ground, child, [update for update, _ in zip(make_updates(rest), rest, strict=False)])
        finally:
            child.kill()
    return (after["bytes"] - before["bytes"]) / 1e6, int(after["bots"])


def _serve(ground: Ground, child: subprocess.Popen[str], updates: list[StartUpdate]) -> dict[str, float]:
    assert child.stdin is not None
    assert child.stdout is not None
    uvloop.run(store_backlog(ground, updates))
    child.stdin.write("measure\n")
    child.stdin.flush()
    deadline = time.monotonic() + _LONGEST_SECONDS
    uvloop.run(wait_until_handled(ground, deadline))
    child.stdin.write("measure\n")
    child.stdin.flush()
    child.stdout.readline()
    return dict(json.loads(child.stdout.readline()))


async def wait_until_handled(ground: Ground, deadline: float) -> None:
    """Return when no stored update waits any more, or at the deadline of the monotonic clock."""
    connection = await ground.connect_superuser()
    while time.monotonic() < deadline:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM telegram_updates WHERE status = 'new')"):
            break
        await asyncio.sleep(0.3)
    await connection.close()


async def _work() -> None:
    # The worker logs to its standard output; figures have one for themselves, and its lines go where errors go.
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = Worker(open_context(get_settings()), frozenset({Queue.UPDATES}))
    worker.start()
    while await asyncio.to_thread(sys.stdin.readline):
        gc.collect()
        figures = {"bytes": _resident_bytes(), "bots": len(worker._inbox._runtimes)}
        told.write(json.dumps(figures) + "\n")
        told.flush()


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    asyncio.run(_work())
