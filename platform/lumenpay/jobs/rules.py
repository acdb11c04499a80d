"""When a job that failed is tried again."""

from __future__ import annotations

LONGEST_DELAY_SECONDS = 300.0


def decide_delay_seconds(attempts: int, *, jitter: float) -> float:
    """Return the pause before the next try: 1, 2, 4 … up to 300 seconds, stretched by up to a quarter.

    Args:
        attempts: Tries so far, one or more.
        jitter: Between 0 and 1, so that jobs that failed together do not come back together.
    """
    return min(2.0 ** min(attempts - 1, 20), LONGEST_DELAY_SECONDS) * (1 + jitter / 4)
