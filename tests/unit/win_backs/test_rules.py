"""Rules of the win-back series: what makes one, when a step is taken, and whom nothing is offered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.win_backs import WinBackEnd
from lumenpay.win_backs.rules import Hours, PersonState, Step, decide_end, decide_step_at, find_problems

PERCENT, DAYS, AMOUNT = DiscountKind.PERCENT, DiscountKind.EXTRA_DAYS, DiscountKind.AMOUNT
DAY_TIME = Hours(10, 20)
FIRST, LAST = datetime(2026, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001 - Hypothesis wants naive bounds


@pytest.mark.parametrize(
    ("steps", "hours", "problems"),
    [
        ((Step(3, PERCENT, 10, 3), Step(10, PERCENT, 30, 5), Step(20, DAYS, 7, 5)), DAY_TIME, {}),
        ((), DAY_TIME, {"steps": "missing"}),
        ((Step(3, PERCENT, 10, 3),), Hours(20, 10), {"until_hour": "before_from_hour"}),
        ((Step(3, PERCENT, 101, 3),), DAY_TIME, {"steps.0.discount_value": "out_of_range"}),
        ((Step(3, AMOUNT, 10, 3),), DAY_TIME, {"steps.0.discount_kind": "not_allowed"}),
        ((Step(3, PERCENT, 10, 3), Step(3, PERCENT, 20, 3)), DAY_TIME, {"steps.1.after_days": "not_later"}),
        ((Step(3, PERCENT, 30, 3), Step(9, PERCENT, 20, 3)), DAY_TIME, {"steps.1.discount_value": "not_growing"}),
    ],
)
def test_a_series_grows_step_by_step(steps, hours, problems):
    assert find_problems(steps, hours, is_on=True) == problems


def test_a_series_that_is_off_may_be_empty():
    assert find_problems((), DAY_TIME, is_on=False) == {}


@pytest.mark.parametrize(
    ("ended_at", "moment"),
    [
        ("2026-11-24T12:00+03:00", "2026-11-27T12:00+03:00"),
        ("2026-11-24T03:00+03:00", "2026-11-27T10:00+03:00"),
        ("2026-11-24T20:00+03:00", "2026-11-28T10:00+03:00"),
        ("2026-11-24T19:59+03:00", "2026-11-27T19:59+03:00"),
    ],
)
def test_nobody_is_written_to_at_night(ended_at, moment):
    at = decide_step_at(
        datetime.fromisoformat(ended_at), after_days=3, hours=DAY_TIME, time_zone="Europe/Moscow", seed=0
    )
    assert at == datetime.fromisoformat(moment)


@given(
    ended_at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"]),
    after_days=st.integers(1, 366),
    from_hour=st.integers(0, 23),
    length=st.integers(1, 24),
    seed=st.integers(0, 10**9),
)
def test_a_step_is_never_early_never_out_of_hours_and_a_day_late_at_most(
    ended_at, zone, after_days, from_hour, length, seed
):
    hours = Hours(from_hour, min(24, from_hour + length))
    at = decide_step_at(ended_at, after_days=after_days, hours=hours, time_zone=zone, seed=seed)
    due_at = ended_at + timedelta(days=after_days)
    assert due_at <= at <= due_at + timedelta(days=1, hours=2)
    assert hours.from_hour <= at.astimezone(ZoneInfo(zone)).hour < hours.until_hour


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (PersonState(True, False, False, False, False), None),
        (PersonState(True, True, True, True, True), WinBackEnd.CAME_BACK),
        (PersonState(False, False, False, False, False), WinBackEnd.OFF),
        (PersonState(True, False, True, False, False), WinBackEnd.BLOCKED),
        (PersonState(True, False, False, True, False), WinBackEnd.OPTED_OUT),
        (PersonState(True, False, False, False, True), WinBackEnd.REFUNDED),
    ],
)
def test_whom_nothing_is_offered(state, end):
    assert decide_end(state) == end
