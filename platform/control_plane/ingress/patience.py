"""How long a body may take. One timer for all requests: a timer for each would cost more than the reading."""

from __future__ import annotations

import asyncio
from typing import Any

_LOOKS = 8
"""How often within the time it looks: nobody gets more than an eighth of it on top."""


class Patience:
    """Interrupts tasks that wait longer than so many seconds."""

    def __init__(self, seconds: float) -> None:
        """Wait for nobody yet."""
        self._seconds = seconds
        self._since: dict[asyncio.Task[Any], float] = {}
        self._interrupted: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> asyncio.Task[Any]:
        """Count from now on for the running task; `end` must follow."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - requests run in tasks
        loop = asyncio.get_running_loop()
        self._since[task] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._seconds / _LOOKS, self._look)
        return task

    def end(self, task: asyncio.Task[Any]) -> bool:
        """Stop counting; tell whether it was this that interrupted the task."""
        self._since.pop(task, None)
        if task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        task.uncancel()
        return True

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now, self._timer = loop.time(), None
        # The oldest come first.
        for task, since in list(self._since.items()):
            if now - since < self._seconds:
                break
            del self._since[task]
            self._interrupted.add(task)
            task.cancel()
        if self._since:
            self._timer = loop.call_later(self._seconds / _LOOKS, self._look)
