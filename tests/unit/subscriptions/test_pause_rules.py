"""Rules of pauses: what may be paused, how often, when its person is told, and that no second is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.subscriptions.pause_rules import (
    HAS_NO_END,
    NOT_ALLOWED,
    NOT_RUNNING,
    USED_UP,
    decide_first_step,
    decide_own_refusal,
    decide_pause_refusal,
    move_end,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ACTIVE, EXPIRED, PAUSED = SubscriptionStatus.ACTIVE, SubscriptionStatus.EXPIRED, SubscriptionStatus.PAUSED


@pytest.mark.parametrize(
    ("status", "ends_at", "refusal"),
    [
        (ACTIVE, NOW + DAY, ""),
        (ACTIVE, NOW, NOT_RUNNING),
        (ACTIVE, NOW - DAY, NOT_RUNNING),
        (ACTIVE, None, HAS_NO_END),
        (EXPIRED, NOW - DAY, NOT_RUNNING),
        (PAUSED, NOW + DAY, NOT_RUNNING),
    ],
)
def test_only_what_runs_and_has_something_left_can_be_paused(status, ends_at, refusal):
    assert decide_pause_refusal(status, ends_at=ends_at, now=NOW) == refusal


@pytest.mark.parametrize(
    ("days", "times", "taken", "refusal"),
    [(0, 0, 0, NOT_ALLOWED), (14, 0, 0, NOT_ALLOWED), (14, 2, 1, ""), (14, 2, 2, USED_UP), (14, 2, 3, USED_UP)],
)
def test_a_person_pauses_as_often_as_the_plan_allows(days, times, taken, refusal):
    assert decide_own_refusal(pause_days=days, pauses_a_year=times, taken=taken) == refusal


@pytest.mark.parametrize(("lasts", "after"), [(14 * DAY, 13 * DAY), (DAY, DAY), (DAY / 2, DAY / 2)])
def test_the_end_of_a_pause_is_announced_a_day_before_unless_it_is_short(lasts, after):
    assert decide_first_step(started_at=NOW, until_at=NOW + lasts) == NOW + after


@given(
    left=st.timedeltas(timedelta(microseconds=1), 400 * DAY),
    longest=st.timedeltas(DAY, 366 * DAY),
    lasted=st.timedeltas(timedelta(), 400 * DAY),
)
def test_what_was_left_is_left_afterwards_to_the_microsecond(left, longest, lasted):
    kept = move_end(NOW + left, from_at=NOW, to_at=NOW + longest)
    assert move_end(kept, from_at=NOW + longest, to_at=NOW + lasted) == NOW + lasted + left
