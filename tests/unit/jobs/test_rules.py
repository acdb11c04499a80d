"""When a failed job comes back."""

import pytest

from lumenpay.jobs.rules import LONGEST_DELAY_SECONDS, decide_delay_seconds


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (25, 300), (10**6, 300)]
)
def test_the_pause_doubles_up_to_five_minutes(attempts, seconds):
    assert decide_delay_seconds(attempts, jitter=0) == seconds


def test_jitter_stretches_the_pause_by_a_quarter_at_most():
    assert decide_delay_seconds(30, jitter=1) == LONGEST_DELAY_SECONDS * 1.25
