"""Pure rules of erasures: until when, how often it is looked at, and the number in place of Telegram's."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import randbits
from typing import Final

LONGEST: Final = timedelta(days=30)
"""A person is forgotten within this time after they asked, whatever is still in the air."""
_SOON: Final = timedelta(hours=1)
_SHORT_WAIT, _LONG_WAIT = timedelta(minutes=1), timedelta(hours=1)


def decide_due_at(asked_at: datetime) -> datetime:
    """Return by when the person is forgotten."""
    return asked_at + LONGEST


def decide_next_look_at(now: datetime, *, asked_at: datetime, due_at: datetime) -> datetime:
    """Return when to look again: every minute at first, every hour later, and at the last moment in any case."""
    wait = _SHORT_WAIT if now - asked_at < _SOON else _LONG_WAIT
    return min(now + wait, max(due_at, now + _SHORT_WAIT))


def new_pseudonym() -> int:
    """Return a random number below zero: Telegram's own ids of people are positive."""
    return -1 - randbits(62)
