"""Keeps Python's collector of cycles away from what lives as long as the process."""

from __future__ import annotations

import gc
from functools import cache

_NEW_OBJECTS = 10_000
"""After so many new containers the young ones are looked through; Python's own 700 is for small programs."""


@cache
def settle_memory() -> None:
    """Leave everything loaded so far out of later collections, and collect less often. For the end of the start-up.

    Only the first call of a process does something.

    Modules, models and schemas are hundreds of thousands of objects: a full collection looks through each of them and
    stops the event loop meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
