"""Ends a worker node that stays short of children, so that whoever supervises it starts a complete one.

Celery replaces dead children in the loop that reads from the broker: while the broker is away it does not, and a node
whose only child was killed would stay alive and do nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from billiard import active_children

from lumenpay.kit.logs import get_logger

PATIENCE_SECONDS = 5.0
"""Longer than Celery takes to replace a child while it has a broker."""
START_SECONDS = 30.0
"""How long the first children may take to be forked, on a busy machine too."""
_LOOK_SECONDS = 0.1
_log = get_logger(__name__)


def watch_children(*, expected: int, is_stopping: Callable[[], bool]) -> None:
    """Start looking after the node's children, from a thread of the main process.

    Args:
        expected: How many children a complete node has; it may start with fewer for a while.
        is_stopping: Whether the node is being stopped in order, when children are meant to go.
    """
    threading.Thread(target=_watch, args=(expected, is_stopping), name="child-watch", daemon=True).start()


def _watch(expected: int, is_stopping: Callable[[], bool]) -> None:
    # A child may die before it was ever seen here, so the time runs from the beginning, only more patiently.
    gives_up_at = time.monotonic() + START_SECONDS
    while not is_stopping():
        alive = count_living_children()
        if alive >= expected:
            gives_up_at = time.monotonic() + PATIENCE_SECONDS
        elif time.monotonic() > gives_up_at:
            _log.error("children_not_replaced", expected=expected, alive=alive)
            # Nothing here could mend the pool; the other children notice that they are orphans and end in order.
            os._exit(1)
        time.sleep(_LOOK_SECONDS)


def count_living_children() -> int:
    """Return how many pool processes of this process live, and leave the dead ones to be reaped by Celery.

    Celery's loop asks once, when a child ends: reaped here at that moment, the child would never be replaced.
    """
    known = active_children(_cleanup=lambda: None)
    return sum(child.pid is not None and not _has_ended(child.pid) for child in known)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
