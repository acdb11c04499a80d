"""Which payloads of /start a campaign can have."""

from __future__ import annotations

import pytest

from lumenpay.campaigns.rules import find_source_problem


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("vk_ads", ""), ("YouTube-7", ""), ("referee", ""), ("a" * 64, ""), ("plan_x", "reserved"),
        ("promo_x", "reserved"), ("gift_x", "reserved"), ("ref", "reserved"), ("ref_x", "reserved"),
        ("claim", "reserved"), ("gift", "reserved"), ("code", "reserved"), ("import", "reserved"),
        ("из вк", "invalid"), ("a b", "invalid"), ("a" * 65, "invalid"), ("", "invalid"), ("a\n", "invalid"),
    ],
)  # fmt: skip
def test_a_source_is_what_telegram_passes_on_and_means_nothing_else(source: str, problem: str) -> None:
    assert find_source_problem(source) == problem
