"""Pure rules of erasures: until when, how often it is looked at, the number in place of Telegram's, who is gone."""

from __future__ import annotations

from calendar import monthrange
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


WAIT: Final = timedelta(days=7)
"""How long nobody is forgotten after the rule was switched on, or made to name more people."""
EVERY: Final = timedelta(days=1)
"""How often a tenant's people are looked through."""


def decide_horizon(now: datetime, *, months: int) -> datetime:
    """Return the moment that lies so many months back, on the last day of a month that is too short."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def decide_starts_at(
    now: datetime, *, months: int | None, months_before: int | None, starts_before_at: datetime | None
) -> datetime | None:
    """Return from when on people are forgotten: a week from now, unless fewer are than by the rule before."""
    if months is None:
        return None
    if months_before is not None and months > months_before:
        return starts_before_at
    return now + WAIT
