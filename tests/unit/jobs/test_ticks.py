"""Which moment of a rhythm is due."""

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.jobs.ticks import last_due_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("offset", [0, 0.001, 4.999])
def test_every_moment_within_a_beat_belongs_to_its_beginning(offset):
    assert last_due_at(NOON + timedelta(seconds=offset), every_seconds=5) == NOON


def test_an_hour_without_a_scheduler_leaves_one_moment_due():
    assert last_due_at(NOON + timedelta(hours=1, seconds=1), every_seconds=5) == NOON + timedelta(hours=1)
