"""Streams end as soon as the process is told to stop: the server would wait for them until its patience is over."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from control_plane.events.hub import ChangeHub

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def ending_streams(changes: ChangeHub) -> Iterator[None]:
    """Have the streams ended by the signals that stop the process; whoever handled these before still does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(changes.end)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
