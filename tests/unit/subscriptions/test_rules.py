"""Rules of subscriptions: nobody loses a paid second, and reminders of the past are not made up for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.plans import PeriodUnit
from lumenpay.subscriptions.rules import decide_access_end, decide_next_reminder, decide_period

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OFFSETS = (259_200, 86_400, 7_200)


def period(last_end: datetime | None, *, now: datetime = NOW, count: int = 30, extra_days: int = 0):
    return decide_period(
        last_end=last_end, is_lifetime=False, unit=PeriodUnit.DAY, count=count, extra_days=extra_days, now=now
    )


@pytest.mark.parametrize(
    ("last_end", "starts_at"),
    [(None, NOW), (NOW - DAY, NOW), (NOW, NOW), (NOW + DAY, NOW + DAY), (NOW + 400 * DAY, NOW + 400 * DAY)],
)
def test_renewal_adds_to_what_is_left_and_a_lapsed_one_restarts_now(last_end, starts_at):
    decided = period(last_end, extra_days=7)
    assert decided is not None
    assert (decided.starts_at, decided.ends_at) == (starts_at, starts_at + 37 * DAY)


def test_a_lifetime_has_nothing_to_add():
    assert decide_period(
        last_end=None, is_lifetime=True, unit=PeriodUnit.DAY, count=1, extra_days=0, now=NOW
    ) is None  # fmt: skip


@given(
    gaps=st.lists(st.integers(0, 100), min_size=1, max_size=12),
    counts=st.lists(st.integers(1, 60), min_size=12, max_size=12),
)
def test_all_paid_days_are_had_and_periods_never_overlap(gaps, counts):
    now, last_end, had = NOW, None, timedelta()
    for gap, count in zip(gaps, counts, strict=False):
        now += gap * DAY
        decided = period(last_end, now=now, count=count)
        assert decided is not None
        assert decided.ends_at is not None
        assert decided.starts_at >= now
        assert last_end is None or decided.starts_at >= last_end
        had += decided.ends_at - decided.starts_at
        last_end = decided.ends_at
    assert had == sum(counts[: len(gaps)]) * DAY


def test_grace_outlives_the_period_and_a_lifetime_needs_none():
    assert decide_access_end(NOW, grace_seconds=60) == NOW + timedelta(seconds=60)
    assert decide_access_end(None, grace_seconds=60) is None


@pytest.mark.parametrize(
    ("left", "sent", "offset"),
    [
        (timedelta(days=30), set(), 259_200),
        (timedelta(days=3), set(), 86_400),
        (timedelta(days=2), set(), 86_400),
        (timedelta(hours=12), set(), 7_200),
        (timedelta(hours=1), set(), None),
        (timedelta(days=-1), set(), None),
        (timedelta(days=30), {259_200}, 86_400),
        (timedelta(days=30), set(OFFSETS), None),
    ],
)
def test_the_next_reminder_is_the_first_whose_moment_is_still_to_come_h6(left, sent, offset):
    upcoming = decide_next_reminder(NOW + left, offsets_seconds=OFFSETS, sent=sent, now=NOW)
    assert upcoming == (None if offset is None else (NOW + left - timedelta(seconds=offset), offset))


def test_a_lifetime_is_not_reminded_of():
    assert decide_next_reminder(None, offsets_seconds=OFFSETS, sent=(), now=NOW) is None


@given(offsets=st.lists(st.integers(60, 10**7), max_size=8), left=st.integers(-(10**6), 10**7))
def test_reminders_come_in_order_each_once_and_none_of_the_past(offsets, left):
    ends_at, now, sent = NOW + timedelta(seconds=left), NOW, set()
    while upcoming := decide_next_reminder(ends_at, offsets_seconds=offsets, sent=sent, now=now):
        moment, offset = upcoming
        assert moment > now
        assert offset not in sent
        sent.add(offset)
        now = moment
    assert sent == {offset for offset in offsets if offset < left}
