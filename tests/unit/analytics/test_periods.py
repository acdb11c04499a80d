"""Days, months and what a period is compared with, at the edges where calendars are awkward."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lumenpay.analytics.periods import Bucket, Period, day_of, decide_previous, split, start_of, start_of_month
from lumenpay.analytics.rules import percent_change, rate_of
from lumenpay.analytics.sources import classify_source

D = date.fromisoformat
TODAY = D("2026-03-15")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # Whole months: as many months before, however long they are.
        ("2026-02-01", "2026-02-28", ("2026-01-01", "2026-01-31")),
        ("2024-03-01", "2024-03-31", ("2024-02-01", "2024-02-29")),
        ("2025-10-01", "2025-12-31", ("2025-07-01", "2025-09-30")),
        ("2025-01-01", "2025-12-31", ("2024-01-01", "2024-12-31")),
        # A month that runs: the same days of the one before.
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-15")),
        # Anything else: as many days right before.
        ("2026-03-01", "2026-03-15", ("2026-02-14", "2026-02-28")),
        ("2026-02-14", "2026-03-15", ("2026-01-15", "2026-02-13")),
        ("2026-03-14", "2026-03-20", ("2026-03-12", "2026-03-13")),
    ],
)
def test_a_period_is_compared_with_the_right_one_before(first: str, last: str, expected: tuple[str, str]):
    assert decide_previous(Period(D(first), D(last)), today=TODAY) == Period(*map(D, expected))


def test_a_running_month_is_never_compared_with_days_of_itself():
    asked = Period(D("2026-03-01"), D("2026-03-31"))
    previous = decide_previous(asked, today=D("2026-03-30"))
    assert previous == Period(D("2026-02-01"), D("2026-02-28"))


def test_buckets_cover_each_day_once_and_weeks_begin_on_monday():
    period = Period(D("2026-02-25"), D("2026-03-10"))
    for bucket in Bucket:
        parts = split(period, bucket)
        assert sum(part.days for part in parts) == period.days
        assert (parts[0].first_day, parts[-1].last_day) == (period.first_day, period.last_day)
    assert [part.first_day for part in split(period, Bucket.WEEK)] == [
        D("2026-02-25"),
        D("2026-03-02"),
        D("2026-03-09"),
    ]
    assert [part.last_day for part in split(period, Bucket.MONTH)] == [D("2026-02-28"), D("2026-03-10")]


def test_days_are_local_and_as_long_as_they_are():
    assert day_of(datetime(2026, 1, 31, 21, 30, tzinfo=UTC), "Europe/Moscow") == D("2026-02-01")
    # Berlin's clocks go forward on 29 March 2026: that day has 23 hours.
    begin, end = start_of(D("2026-03-29"), "Europe/Berlin"), start_of(D("2026-03-30"), "Europe/Berlin")
    assert (end - begin).total_seconds() == 23 * 3600
    assert start_of_month(D("2026-01-31"), months=-1) == D("2025-12-01")


def test_shares_of_nothing_are_not_told():
    assert (rate_of(1, 0), rate_of(1, 3), percent_change(5, 0), percent_change(5, 4)) == (None, 0.3333, None, 25.0)


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ("", "direct"), ("plan_1", "plan_link"), ("promo_X", "promo_link"), ("vk", "campaign"), ("claim", "claim"),
        ("gift", "gift"), ("code", "access_code"), ("ref", "invitation"), ("import", "import"),
    ],
)  # fmt: skip
def test_a_payload_stands_for_a_kind_of_source(payload: str, kind: str):
    assert classify_source(payload) == kind
