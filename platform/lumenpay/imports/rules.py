"""Pure rules of imports: legal moves, until when a line gives access, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lumenpay.models.imports import ImportOutcome, ImportStatus

MAX_GRACE_DAYS: Final = 366
TRANSITIONS: Final = {
    ImportStatus.CHECKED: frozenset({ImportStatus.RUNNING, ImportStatus.STOPPED}),
    ImportStatus.RUNNING: frozenset({ImportStatus.DONE, ImportStatus.STOPPED}),
    # What was held back is given once there is room.
    ImportStatus.DONE: frozenset({ImportStatus.RUNNING}),
}
GIVING: Final = frozenset({ImportOutcome.CREATED, ImportOutcome.EXTENDED})
AT_WORK: Final = GIVING | {ImportOutcome.CLAIM}
"""What starting does something about."""


@dataclass(frozen=True, slots=True)
class Present:
    """A subscription to the plan that a person has or had; without an end it is for ever."""

    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a line, and the end that it gives where it gives one."""

    outcome: ImportOutcome
    ends_at: datetime | None = None
    problem: str = ""


def can_move(status: ImportStatus, to: ImportStatus) -> bool:
    """Tell whether an import in this state may come into that one."""
    return to in TRANSITIONS.get(status, frozenset())


def decide_grace_end(*, grace_days: int, started_at: datetime) -> datetime | None:
    """Return until when everybody of an import stays; None without grace."""
    return started_at + timedelta(days=grace_days) if grace_days else None


def decide_line(
    *, until_at: datetime | None, grace_ends_at: datetime | None, present: Present | None, is_known: bool, now: datetime
) -> Decision:
    """Return what becomes of a line.

    Whoever never had the plan gets it to the date of the file, or to the end of the grace where that is later. Whoever
    has or had it gets more only by a later date of the file: the grace is given once, however often a file is repeated.

    Args:
        until_at: The end that the file names.
        present: What the person has or had of the plan.
        is_known: Whether it is known who the person is; whoever is not gets a claim link.
    """
    if present is not None:
        return _decide_later(until_at, present, now=now)
    ends = [end for end in (until_at, grace_ends_at) if end is not None]
    if not ends:
        return Decision(ImportOutcome.WRONG, problem="no_date_no_grace")
    ends_at = max(ends)
    if ends_at <= now:
        return Decision(ImportOutcome.WRONG, problem="date_past")
    return Decision(ImportOutcome.CREATED if is_known else ImportOutcome.CLAIM, ends_at)


def forecast_end(
    outcome: ImportOutcome, *, until_at: datetime | None, grace_ends_at: datetime | None
) -> datetime | None:
    """Return until when a line with this outcome will give access; None where it gives none."""
    if outcome is ImportOutcome.EXTENDED:
        return until_at
    return max((end for end in (until_at, grace_ends_at) if end), default=None) if outcome in AT_WORK else None


def _decide_later(until_at: datetime | None, present: Present, *, now: datetime) -> Decision:
    is_later = until_at is not None and present.ends_at is not None and until_at > max(present.ends_at, now)
    return Decision(ImportOutcome.EXTENDED, until_at) if is_later else Decision(ImportOutcome.ALREADY)
