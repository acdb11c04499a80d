"""Revenue by source: links of which each is one person's are one row, those of before too."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from lumenpay.analytics.facts import NO_CODE, SourceFact
from lumenpay.analytics.sources import tell_sources
from lumenpay.users.rules import name_source

DAY = date(2026, 11, 1)


def fact(source: str, revenue: int, code: UUID = NO_CODE) -> SourceFact:
    return SourceFact(DAY, "RUB", source, code, revenue, 0, 1, 1)


def test_links_of_a_kind_are_one_row_however_they_were_kept() -> None:
    facts = [
        fact("claim_aaaa", 1), fact("claim_bbbb", 2), fact("claim", 3), fact("code_SECRET", 4), fact("gift", 5),
        fact("ref", 6), fact("vk", 7), fact("claims", 8),
    ]  # fmt: skip
    assert [(row.kind, row.source, row.revenue_minor, row.payments) for row in tell_sources(facts)] == [
        ("campaign", "claims", 8, 1), ("campaign", "vk", 7, 1), ("claim", "claim", 6, 3), ("invitation", "ref", 6, 1),
        ("gift", "gift", 5, 1), ("access_code", "code", 4, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "source"),
    [
        ("claim_x", "claim"), ("code_x", "code"), ("gift_x", "gift"), ("ref_x", "ref"), ("plan_x", "plan_x"),
        ("promo_x", "promo_x"), ("vk", "vk"), ("", ""), ("claim", "claim"),
    ],
)  # fmt: skip
def test_of_a_link_that_opens_something_its_kind_is_kept(payload: str, source: str) -> None:
    assert name_source(payload) == source
