"""Ends processes of the product as a crash would, in an order that only the seed decides."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from operations.child_process import ChildProcess
from tests.faults.stage import Stage

_PAUSE_SECONDS = 1.0


class Killer:
    """Sends SIGKILL to whatever the dice name, each time the run has come a bit further."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._dice = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self._blows: dict[str, Callable[[], bool]] = {
            "api": lambda: _kill(stage.api.pid),
            "postgres": lambda: _kill(stage.postgres.pid),
        }
        for worker in stage.workers:
            self._blows[f"{worker.name} parent"] = lambda worker=worker: _kill(worker.pid)
            self._blows[f"{worker.name} child"] = lambda worker=worker: _kill(self._find_child(worker))
        if valkey := stage.valkey:
            self._blows["valkey"] = lambda: _kill(valkey.pid)

    async def run(self, kills: int, progress: Callable[[], float]) -> None:
        """Kill so many times, evenly over the progress of the run, which goes from 0 to 1."""
        for number in range(kills):
            while progress() < number / kills:  # noqa: ASYNC110 - a figure, not an event
                await asyncio.sleep(0.02)
            await asyncio.sleep(self._dice.uniform(0, _PAUSE_SECONDS))
            await self._kill_one()

    async def _kill_one(self) -> None:
        while True:
            name = self._dice.choice(sorted(self._blows))
            if await asyncio.to_thread(self._blows[name]):
                self.kills[name] += 1
                return
            # It is down already; it will be back.
            await asyncio.sleep(0.1)

    def _find_child(self, worker: ChildProcess) -> int | None:
        pid = worker.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except OSError:
            return None
        return int(self._dice.choice(children)) if children else None


def _kill(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
