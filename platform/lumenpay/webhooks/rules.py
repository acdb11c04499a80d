"""Pure rules of outgoing webhooks: when a failed delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""Between the tries of one delivery, as Standard Webhooks advises; after the last one it is dead."""
GIVEN_UP_AFTER: Final = timedelta(days=5)
"""An endpoint that takes nothing for so long is switched off."""
LONGEST_OVERLAP: Final = timedelta(days=7)
MAX_ENDPOINTS: Final = 10
KEPT: Final = timedelta(days=30)
"""How long events and their deliveries are kept, and can be replayed."""
GONE: Final = 410
_SUCCESS = range(200, 300)


def is_taken(status: int | None) -> bool:
    """Tell whether an answer means that the event was taken."""
    return status in _SUCCESS


def decide_next_attempt(attempts: int, *, now: datetime, jitter: float) -> datetime | None:
    """Return when a delivery that failed `attempts` times is tried again; nothing when it is dead.

    Args:
        jitter: Between 0 and 1: stretches the pause by up to a tenth, so that not all come back together.
    """
    return None if attempts > len(PAUSES) else now + PAUSES[attempts - 1] * (1 + jitter / 10)


def is_given_up(failing_since_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether an endpoint has taken nothing for too long."""
    return failing_since_at is not None and now - failing_since_at >= GIVEN_UP_AFTER
