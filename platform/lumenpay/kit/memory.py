"""Keeps Python's collector of cycles away from what lives as long as the process."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 10_000
"""After so many new containers the young ones are looked through; Python's own 700 is for small programs."""


def settle_memory() -> None:
    """Leave everything loaded so far out of later collections, and collect less often. Called once after start-up.

    Modules, models and schemas are hundreds of thousands of objects: a full collection looks through each of them and
    stops the event loop meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
