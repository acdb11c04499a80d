"""Moments of the day that belong to an id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lumenpay.kit.daily import is_daily_moment, next_daily_moment
from lumenpay.kit.ids import new_uuid7

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)


def test_each_id_has_one_moment_a_day_and_they_lie_all_over_the_day() -> None:
    hours = set()
    for _ in range(500):
        row_id = new_uuid7()
        moment = next_daily_moment(row_id, after=NOW)
        assert NOW < moment <= NOW + timedelta(days=1)
        assert next_daily_moment(row_id, after=moment) == moment + timedelta(days=1)
        assert is_daily_moment(row_id, moment)
        assert not is_daily_moment(row_id, moment + timedelta(seconds=1))
        hours.add(moment.hour)
    assert len(hours) == 24
