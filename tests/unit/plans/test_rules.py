"""Rules of plans: where periods end, and which plans make sense."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.plans import PeriodUnit
from lumenpay.plans.rules import PlanDraft, end_of_period, find_plan_problems, normalize_access_code

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T10:20:30+00:00")


@pytest.mark.parametrize(
    ("start", "unit", "count", "end"),
    [
        ("2026-01-31", PeriodUnit.MONTH, 1, "2026-02-28"),
        ("2028-01-31", PeriodUnit.MONTH, 1, "2028-02-29"),
        ("2026-03-31", PeriodUnit.MONTH, 1, "2026-04-30"),
        ("2026-12-15", PeriodUnit.MONTH, 1, "2027-01-15"),
        ("2026-11-30", PeriodUnit.MONTH, 3, "2027-02-28"),
        ("2028-02-29", PeriodUnit.YEAR, 1, "2029-02-28"),
        ("2028-02-29", PeriodUnit.YEAR, 4, "2032-02-29"),
        ("2026-10-25", PeriodUnit.DAY, 30, "2026-11-24"),
        ("2026-10-25", PeriodUnit.WEEK, 2, "2026-11-08"),
    ],
)
def test_a_period_ends_on_the_same_day_or_on_the_last_of_the_month_h5(start, unit, count, end):
    assert end_of_period(day(start), unit, count) == day(end)


def test_a_lifetime_does_not_end():
    assert end_of_period(day("2026-01-01"), PeriodUnit.LIFETIME, 1, extra_days=7) is None


@given(start=MOMENTS, count=st.integers(1, 120))
def test_months_keep_the_time_of_day_and_the_day_where_there_is_one_h5(start, count):
    end = end_of_period(start, PeriodUnit.MONTH, count)
    assert end is not None
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
    assert end.timetz() == start.timetz()


@given(
    start=MOMENTS,
    unit=st.sampled_from([u for u in PeriodUnit if u not in (PeriodUnit.LIFETIME, PeriodUnit.UNTIL)]),
    days=st.integers(0, 60),
)
def test_extra_days_are_added_whole_and_a_period_never_ends_before_it_begins(start, unit, days):
    plain, longer = end_of_period(start, unit, 1), end_of_period(start, unit, 1, extra_days=days)
    assert plain is not None
    assert longer is not None
    assert plain > start
    assert longer - plain == timedelta(days=days)


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({}, {}),
        ({"price_minor": 0}, {}),
        ({"price_minor": -1}, {"price": "must_not_be_negative"}),
        ({"period_unit": PeriodUnit.MINUTE}, {"period_unit": "minutes_only_for_tests"}),
        ({"period_unit": PeriodUnit.MINUTE, "are_minutes_allowed": True}, {}),
        ({"period_unit": PeriodUnit.LIFETIME, "period_count": 2}, {"period_count": "must_be_one_for_lifetime"}),
        ({"period_count": 0}, {"period_count": "out_of_range"}),
        ({"period_count": 100_000}, {"period_count": "out_of_range"}),
        ({"channels_count": 0}, {"channel_ids": "at_least_one"}),
        ({"is_recurring": True}, {}),
        ({"is_recurring": True, "period_count": 2}, {}),
        ({"is_recurring": True, "period_count": 1}, {"is_recurring": "period_too_short"}),
        ({"is_recurring": True, "is_trial": True}, {"is_recurring": "not_for_trial_or_free"}),
        ({"is_recurring": True, "price_minor": 0}, {"is_recurring": "not_for_trial_or_free"}),
        (
            {"is_recurring": True, "period_unit": PeriodUnit.LIFETIME, "period_count": 1},
            {"is_recurring": "period_too_short"},
        ),
        (
            {
                "is_recurring": True,
                "period_unit": PeriodUnit.UNTIL,
                "period_count": 1,
                "fixed_end_at": day("2026-03-01"),
            },
            {"is_recurring": "period_too_short"},
        ),
        ({"is_trial": True}, {}),
        ({"is_trial": True, "period_unit": PeriodUnit.LIFETIME, "period_count": 1}, {"is_trial": "not_for_lifetime"}),
        ({"sale_starts_at": day("2026-02-01"), "sale_ends_at": day("2026-03-01")}, {}),
        (
            {"sale_starts_at": day("2026-02-01"), "sale_ends_at": day("2026-02-01")},
            {"sale_ends_at": "before_sale_starts_at"},
        ),
        ({"period_unit": PeriodUnit.UNTIL, "period_count": 1, "fixed_end_at": day("2026-03-01")}, {}),
        (
            {"period_unit": PeriodUnit.UNTIL, "period_count": 2, "fixed_end_at": day("2026-03-01")},
            {"period_count": "must_be_one_for_until"},
        ),
        ({"period_unit": PeriodUnit.UNTIL, "period_count": 1}, {"fixed_end_at": "only_with_until"}),
        ({"fixed_end_at": day("2026-03-01")}, {"fixed_end_at": "only_with_until"}),
        (
            {
                "period_unit": PeriodUnit.UNTIL,
                "period_count": 1,
                "fixed_end_at": day("2026-03-01"),
                "sale_starts_at": day("2026-03-01"),
            },
            {"fixed_end_at": "before_sale_starts_at"},
        ),
    ],
    ids=str,
)
def test_a_plan_that_cannot_be_sold_says_which_field_is_wrong(change, problems):
    plan = {"price_minor": 100, "period_unit": PeriodUnit.DAY, "period_count": 30, "channels_count": 1}
    are_minutes_allowed = change.pop("are_minutes_allowed", False)
    assert find_plan_problems(PlanDraft(**(plan | change)), are_minutes_allowed=are_minutes_allowed) == problems


def test_a_plan_that_ends_on_a_date_has_no_length():
    with pytest.raises(ValueError, match="not reckoned"):
        end_of_period(day("2026-01-01"), PeriodUnit.UNTIL, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" club2026 ", "CLUB2026"), ("ab_-", "AB_-"), ("abc", None), ("two words", None), ("x" * 33, None),
        ("клуб", None), ("", None),
    ],
)  # fmt: skip
def test_an_access_code_is_a_word_of_plain_letters(text, code):
    assert normalize_access_code(text) == code
