"""Revenue by source: links of which each is one person's are one row, those of before too."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from lumenpay.analytics.facts import NO_CODE, CodeName, SourceFact
from lumenpay.analytics.sources import tell_codes, tell_sources
from lumenpay.models.promo_codes import PersonalKind
from lumenpay.promo_codes.personal import classify_personal
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


def test_codes_of_one_person_each_are_one_row_a_kind() -> None:
    welcome, other, thanks, back, spring = (UUID(int=number) for number in range(1, 6))
    names = {
        welcome: CodeName("HI-AAAA2222", PersonalKind.WELCOME), other: CodeName("HI-BBBB2222", PersonalKind.WELCOME),
        thanks: CodeName("THX-CCCC2222", PersonalKind.REWARD), back: CodeName("DDDDDDDD222222", PersonalKind.WIN_BACK),
        spring: CodeName("SPRING"),
    }  # fmt: skip
    codes = (welcome, other, thanks, back, spring, NO_CODE)
    told = tell_codes([fact("", 10 - place, code) for place, code in enumerate(codes)], names)
    assert [(row.code, row.personal, row.promo_code_id, row.revenue_minor, row.payments) for row in told] == [
        (None, "welcome", None, 19, 2), (None, "reward", None, 8, 1), (None, "win_back", None, 7, 1),
        ("SPRING", None, spring, 6, 1), (None, None, None, 5, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind"), [("HI-AAAA2222", "welcome"), ("THX-AAAA2222", "reward"), ("HIAAAAAA222222", "win_back")]
)
def test_a_personal_code_tells_by_its_beginning_what_it_was_made_for(code: str, kind: str) -> None:
    assert classify_personal(code) == kind
