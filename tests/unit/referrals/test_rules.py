"""Rules of the referral programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.referrals import ReferralState, RewardKind
from lumenpay.referrals.rules import (
    InvitationFacts,
    PurchaseFacts,
    ReferralTerms,
    begin_of_month,
    can_move,
    decide_pass,
    decide_refusal,
    find_problems,
    read_payload,
    write_payload,
)

NEW = InvitationFacts(is_same_person=False, was_invited=False, had_access=False, is_above_inviter=False)
FIRST = PurchaseFacts(is_refunded=False, has_earlier=False, rewards_this_month=2)


@given(st.uuids())
def test_a_link_names_its_owner_and_fits_into_a_payload(user_id: UUID) -> None:
    payload = write_payload(user_id)
    assert read_payload(payload) == user_id
    assert len(payload) <= 64
    assert payload.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=40))
def test_no_other_payload_names_anybody(text: str) -> None:
    for payload in (text, f"ref_{text}"):
        found = read_payload(payload)
        assert found is None or write_payload(found) == payload


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("is_same_person", "yourself"),
        ("was_invited", "invited_already"),
        ("had_access", "subscriber"),
        ("is_above_inviter", "loop"),
    ],
)
def test_only_new_people_are_invited(name: str, reason: str) -> None:
    assert decide_refusal(NEW) == ""
    assert decide_refusal(replace(NEW, **{name: True})) == reason


@pytest.mark.parametrize(
    ("facts", "cap", "reason"),
    [
        (FIRST, None, ""),
        (FIRST, 3, ""),
        (FIRST, 2, "cap"),
        (replace(FIRST, is_refunded=True), None, "refunded"),
        (replace(FIRST, has_earlier=True), None, "not_first"),
    ],
)
def test_a_purchase_brings_a_reward_unless_something_stands_against_it(
    facts: PurchaseFacts, cap: int | None, reason: str
) -> None:
    assert decide_pass(RewardKind.DAYS, facts, rewards_a_month=cap) == reason
    assert decide_pass(None, facts, rewards_a_month=cap) == "no_reward"


def test_nothing_leads_back_and_nothing_is_rewarded_twice() -> None:
    legal = {(old, new) for old, new in product(ReferralState, repeat=2) if can_move(old, new)}
    assert legal == {
        (ReferralState.INVITED, ReferralState.BOUGHT), (ReferralState.BOUGHT, ReferralState.REWARDED),
        (ReferralState.BOUGHT, ReferralState.PASSED), (ReferralState.REWARDED, ReferralState.TAKEN_BACK),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "problems"),
    [
        (ReferralTerms(), {}),
        (ReferralTerms(is_on=True), {"reward_kind": "reward_or_welcome"}),
        (ReferralTerms(is_on=True, reward_kind=RewardKind.DAYS), {"reward_value": "missing"}),
        (ReferralTerms(is_on=True, welcome_value=5), {"welcome_kind": "missing", "reward_kind": "reward_or_welcome"}),
        (ReferralTerms(is_on=True, welcome_kind=RewardKind.PERCENT, welcome_value=100), {}),
        (ReferralTerms(reward_kind=RewardKind.PERCENT, reward_value=101), {"reward_value": "out_of_range"}),
    ],
)
def test_settings_that_make_no_sense_are_named(terms: ReferralTerms, problems: dict[str, str]) -> None:
    assert find_problems(terms) == problems


def test_a_month_begins_by_the_tenants_clock() -> None:
    now = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)
    assert begin_of_month(now, time_zone="Europe/Moscow") == datetime(2026, 10, 31, 21, tzinfo=UTC)
    assert begin_of_month(now, time_zone="UTC") == datetime(2026, 10, 1, tzinfo=UTC)
