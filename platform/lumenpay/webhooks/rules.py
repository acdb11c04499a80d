"""Pure rules of outgoing webhooks: when a failed delivery is tried again, and when an endpoint is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

PAUSES: Final = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""Between the tries of one delivery, as Standard Webhooks advises; after the last one it is dead."""
TRIED_FOR: Final = sum(PAUSES, timedelta()) * 1.1
"""From the first try to the last one at most, however long an endpoint asks us to wait."""
LONGEST_ASKED: Final = timedelta(days=1)
"""How long an endpoint can have us wait for the next try."""
ASKING: Final = frozenset({429, 503})
"""Answers whose `Retry-After` is listened to."""
TOO_MANY: Final = 429
HELD_UNASKED: Final = timedelta(minutes=1)
"""How long an endpoint is left alone that has too much to do and does not say for how long."""
LOOKED_AT_AGAIN: Final = timedelta(hours=1)
"""A delivery that waits for its endpoint looks so often whether somebody has ended that."""
GIVEN_UP_AFTER: Final = timedelta(days=5)
"""An endpoint that takes nothing for so long is switched off."""
LONGEST_OVERLAP: Final = timedelta(days=7)
MAX_ENDPOINTS: Final = 10
KEPT: Final = timedelta(days=30)
"""How long events and their deliveries are kept, and can be replayed."""
GONE: Final = 410
NOT_MADE: Final = "not_made"
"""The failure of a delivery that was given up for a reason of ours."""
_LONGEST_NUMBER = 9
_SUCCESS = range(200, 300)


def is_taken(status: int | None) -> bool:
    """Tell whether an answer means that the event was taken."""
    return status in _SUCCESS


def decide_next_attempt(
    attempts: int, *, now: datetime, jitter: float, tried_since_at: datetime, asked_at: datetime | None = None
) -> datetime | None:
    """Return when a delivery that failed `attempts` times is tried again; nothing when it is dead.

    Args:
        jitter: Between 0 and 1: stretches the pause by up to a tenth, so that not all come back together.
        tried_since_at: The first of these tries; the last one is three days later at most.
        asked_at: The endpoint asked not to be called before.
    """
    ends_at = tried_since_at + TRIED_FOR
    if attempts > len(PAUSES) or now >= ends_at:
        return None
    next_at = now + PAUSES[attempts - 1] * (1 + jitter / 10)
    return min(max(next_at, asked_at or next_at), ends_at)


def read_retry_after(value: str, *, status: int | None, now: datetime) -> datetime | None:
    """Return the moment before which an endpoint asks not to be called, a day from now at most; nothing if it does not.

    Args:
        value: The header `Retry-After`: seconds, or a date as HTTP writes it.
    """
    value = value.strip()
    if status not in ASKING or not value:
        return None
    if value.isascii() and value.isdigit():
        is_sane = len(value) <= _LONGEST_NUMBER
        return now + min(timedelta(seconds=int(value)) if is_sane else LONGEST_ASKED, LONGEST_ASKED)
    try:
        asked_at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if asked_at.tzinfo is None:
        asked_at = asked_at.replace(tzinfo=UTC)
    return min(asked_at, now + LONGEST_ASKED)


def decide_hold(status: int | None, *, asked_at: datetime | None, now: datetime) -> datetime | None:
    """Return until when nothing is sent to an endpoint that answered so; nothing when it asks for no rest.

    Args:
        asked_at: The moment that it named in its answer.
    """
    return asked_at or (now + HELD_UNASKED if status == TOO_MANY else None)


def decide_rest(held_until_at: datetime | None, *, tried_since_at: datetime | None, now: datetime) -> datetime | None:
    """Return until when a delivery waits because its endpoint asked to be left alone; nothing when it is made now.

    Args:
        tried_since_at: The first of its tries: the last one is three days later, whatever the endpoint asks.
    """
    if held_until_at is not None and tried_since_at is not None:
        held_until_at = min(held_until_at, tried_since_at + TRIED_FOR)
    return held_until_at if held_until_at is not None and held_until_at > now else None


def is_given_up(failing_since_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether an endpoint has taken nothing for too long."""
    return failing_since_at is not None and now - failing_since_at >= GIVEN_UP_AFTER
