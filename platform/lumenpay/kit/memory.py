"""Keeps Python's collector of cycles away from what lives as long as the process."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 10_000
"""After so many new containers the young ones are looked through; Python's own 700 is for small programs."""
_settled: set[int] = set()


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing while the block loads modules: nothing of theirs is garbage, and looking for it takes a fifth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def settle_memory() -> None:
    """Leave everything loaded so far out of later collections, and collect less often. For the end of the start-up.

    Modules, models and schemas are hundreds of thousands of objects: a full collection looks through each of them and
    stops the event loop meanwhile. Only the first call of a process does something.
    """
    if os.getpid() in _settled:
        return
    _settled.add(os.getpid())
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
