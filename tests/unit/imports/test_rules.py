"""What becomes of a line: created, extended, already there, a claim link, or wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.imports.rules import Present, can_move, decide_grace_end, decide_line
from lumenpay.models.imports import ImportOutcome, ImportStatus

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
GRACE = NOW + 7 * DAY


@pytest.mark.parametrize(
    ("until_at", "grace_ends_at", "is_known", "outcome", "ends_at"),
    [
        (NOW + 30 * DAY, None, True, ImportOutcome.CREATED, NOW + 30 * DAY),
        (NOW + 30 * DAY, GRACE, True, ImportOutcome.CREATED, NOW + 30 * DAY),
        (NOW + DAY, GRACE, True, ImportOutcome.CREATED, GRACE),
        (NOW - DAY, GRACE, True, ImportOutcome.CREATED, GRACE),
        (None, GRACE, True, ImportOutcome.CREATED, GRACE),
        (None, GRACE, False, ImportOutcome.CLAIM, GRACE),
        (NOW - DAY, None, True, ImportOutcome.WRONG, None),
        (NOW, None, True, ImportOutcome.WRONG, None),
        (None, None, True, ImportOutcome.WRONG, None),
        (None, NOW - DAY, False, ImportOutcome.WRONG, None),
    ],
)
def test_who_never_had_the_plan_gets_it_to_the_later_of_date_and_grace(
    until_at: datetime | None, grace_ends_at: datetime | None, is_known: bool, outcome: ImportOutcome,
    ends_at: datetime | None,
) -> None:  # fmt: skip
    decision = decide_line(until_at=until_at, grace_ends_at=grace_ends_at, present=None, is_known=is_known, now=NOW)
    assert (decision.outcome, decision.ends_at) == (outcome, ends_at)
    assert bool(decision.problem) == (outcome is ImportOutcome.WRONG)


@pytest.mark.parametrize(
    ("until_at", "present_end", "outcome"),
    [
        (NOW + 30 * DAY, NOW + 20 * DAY, ImportOutcome.EXTENDED),
        (NOW + 30 * DAY, NOW - 20 * DAY, ImportOutcome.EXTENDED),
        (NOW + 30 * DAY, NOW + 30 * DAY, ImportOutcome.ALREADY),
        (NOW + 10 * DAY, NOW + 30 * DAY, ImportOutcome.ALREADY),
        (NOW - DAY, NOW - 30 * DAY, ImportOutcome.ALREADY),
        (None, NOW - 30 * DAY, ImportOutcome.ALREADY),
        (NOW + 30 * DAY, None, ImportOutcome.ALREADY),
    ],
)
def test_who_has_or_had_it_gets_more_by_a_later_date_only_and_no_second_grace(
    until_at: datetime | None, present_end: datetime | None, outcome: ImportOutcome
) -> None:
    decision = decide_line(
        until_at=until_at, grace_ends_at=GRACE, present=Present(present_end), is_known=True, now=NOW
    )  # fmt: skip
    assert decision.outcome is outcome
    assert decision.ends_at == (until_at if outcome is ImportOutcome.EXTENDED else None)


def test_an_import_begins_once_and_what_is_over_stays_over() -> None:
    assert can_move(ImportStatus.CHECKED, ImportStatus.RUNNING)
    # One that is done goes on with those for whom there was no room.
    assert can_move(ImportStatus.DONE, ImportStatus.RUNNING)
    assert not any(can_move(ImportStatus.STOPPED, status) for status in ImportStatus)
    assert not can_move(ImportStatus.RUNNING, ImportStatus.RUNNING)
    assert not can_move(ImportStatus.DONE, ImportStatus.STOPPED)
    assert decide_grace_end(grace_days=0, started_at=NOW) is None
    assert decide_grace_end(grace_days=7, started_at=NOW) == GRACE
