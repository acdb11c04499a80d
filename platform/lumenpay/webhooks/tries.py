"""The tries of a delivery as they are kept beside it: when each began, how long it took and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

KEPT_TRIES: Final = 20
"""The last ones of a delivery: twice as many as are made by themselves."""


@dataclass(frozen=True, slots=True)
class Try:
    """One call; without a status and a failure it is being made, or its worker died over it."""

    attempt: int
    """The how manieth since the delivery was made or replayed."""
    began_at: datetime
    status: int | None = None
    failure: str = ""
    duration_ms: int | None = None


def begin_try(kept: Sequence[Any], *, attempt: int, now: datetime) -> list[Any]:
    """Return what is kept once another try has begun."""
    return [*kept, _dump(Try(attempt, now))][-KEPT_TRIES:]


def end_try(kept: Sequence[Any], *, attempt: int, status: int | None, failure: str, duration_ms: int) -> list[Any]:
    """Return what is kept once the last try of this number has ended."""
    ended = list(kept)
    for place in reversed(range(len(ended))):
        if ended[place]["attempt"] == attempt:
            ended[place] = {**ended[place], "status": status, "failure": failure, "duration_ms": duration_ms}
            break
    return ended


def load_tries(kept: Sequence[Any]) -> list[Try]:
    """Return the tries that are kept, the oldest first."""
    return [Try(**{**one, "began_at": datetime.fromisoformat(one["began_at"])}) for one in kept]


def _dump(one: Try) -> dict[str, Any]:
    return {
        "attempt": one.attempt, "began_at": one.began_at.isoformat(), "status": one.status, "failure": one.failure,
        "duration_ms": one.duration_ms,
    }  # fmt: skip
