"""Who can take a plan: each rule by itself, their order, and what holds for any plan and person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.plans import Audience, PeriodUnit, Plan
from lumenpay.plans.sale_rules import (
    GUESSING_WINDOW,
    PersonFacts,
    PlanRefusal,
    SaleState,
    can_be_given,
    decide_audience,
    decide_gift_refusal,
    decide_guesses,
    decide_refusal,
    decide_sale_state,
    is_listed,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.none() | st.integers(-3, 3).map(lambda hours: NOW + hours * HOUR)
SOMEBODY = PersonFacts()


def plan(**values: Any) -> Plan:
    terms = {
        "price_minor": 99_000, "currency": "RUB", "period_unit": PeriodUnit.DAY, "period_count": 30,
        "is_on_sale": True, "is_hidden": False, "is_trial": False, "audience": Audience.EVERYONE,
    }  # fmt: skip
    return Plan(**(terms | values))


PLANS = st.builds(
    plan,
    price_minor=st.sampled_from([0, 1, 99_000]),
    is_on_sale=st.booleans(),
    is_hidden=st.booleans(),
    is_trial=st.booleans(),
    audience=st.sampled_from(Audience),
    capacity=st.none() | st.integers(1, 3),
    access_code=st.sampled_from([None, "CLUB"]),
    archived_at=st.sampled_from([None, None, NOW]),
    sale_starts_at=MOMENTS,
    sale_ends_at=MOMENTS,
    fixed_end_at=MOMENTS,
)
PEOPLE = st.builds(
    PersonFacts,
    audience=st.sampled_from([Audience.NEW, Audience.EXISTING, Audience.LAPSED]),
    has_unlocked=st.booleans(),
    has_used_trial=st.booleans(),
    is_running=st.booleans(),
    ends_at=MOMENTS,
    holds_place=st.booleans(),
    places_taken=st.integers(0, 4),
)


@pytest.mark.parametrize(
    ("terms", "facts", "refusal"),
    [
        ({}, SOMEBODY, None),
        ({"is_on_sale": False}, SOMEBODY, "not_on_sale"),
        ({"archived_at": NOW}, SOMEBODY, "not_on_sale"),
        ({"sale_starts_at": NOW + HOUR}, SOMEBODY, "not_yet"),
        ({"sale_starts_at": NOW}, SOMEBODY, None),
        ({"sale_ends_at": NOW + HOUR}, SOMEBODY, None),
        ({"sale_ends_at": NOW}, SOMEBODY, "sale_over"),
        ({"fixed_end_at": NOW}, SOMEBODY, "sale_over"),
        ({"access_code": "CLUB"}, SOMEBODY, "locked"),
        ({"access_code": "CLUB"}, PersonFacts(has_unlocked=True), None),
        ({"access_code": "CLUB", "is_on_sale": False}, SOMEBODY, "locked"),
        ({"is_trial": True}, SOMEBODY, None),
        ({"is_trial": True}, PersonFacts(has_used_trial=True), "trial_used"),
        ({}, PersonFacts(has_used_trial=True), None),
        ({}, PersonFacts(is_running=True, ends_at=NOW + HOUR), None),
        ({}, PersonFacts(is_running=True), "owned_for_ever"),
        ({"price_minor": 0}, SOMEBODY, None),
        ({"price_minor": 0}, PersonFacts(is_running=True, ends_at=NOW + HOUR), "still_running"),
        ({"price_minor": 0}, PersonFacts(is_running=True, ends_at=NOW), None),
        ({"fixed_end_at": NOW + HOUR}, PersonFacts(is_running=True, ends_at=NOW + HOUR), "still_running"),
        ({"fixed_end_at": NOW + 2 * HOUR}, PersonFacts(is_running=True, ends_at=NOW + HOUR), None),
        ({"capacity": 2}, PersonFacts(places_taken=1), None),
        ({"capacity": 2}, PersonFacts(places_taken=2), "sold_out"),
        ({"capacity": 2}, PersonFacts(places_taken=3, holds_place=True), None),
        ({"audience": Audience.NEW}, PersonFacts(audience=Audience.NEW), None),
        ({"audience": Audience.NEW}, PersonFacts(audience=Audience.LAPSED), "not_for_you"),
        ({"audience": Audience.LAPSED}, PersonFacts(audience=Audience.EXISTING), "not_for_you"),
        ({"audience": Audience.EXISTING}, PersonFacts(audience=Audience.EXISTING), None),
    ],
    ids=str,
)
def test_each_rule_says_why(terms: dict[str, Any], facts: PersonFacts, refusal: str | None) -> None:
    assert decide_refusal(plan(**terms), facts, now=NOW) == refusal


@pytest.mark.parametrize(
    ("terms", "facts", "refusal"),
    [
        ({}, SOMEBODY, None),
        ({}, PersonFacts(is_running=True), None),
        ({"access_code": "CLUB"}, SOMEBODY, "locked"),
        ({"access_code": "CLUB"}, PersonFacts(has_unlocked=True), None),
        ({"is_on_sale": False}, SOMEBODY, "not_on_sale"),
        ({"is_giftable": False}, SOMEBODY, "not_on_sale"),
        ({"sale_ends_at": NOW}, SOMEBODY, "sale_over"),
        ({"sale_starts_at": NOW + HOUR}, SOMEBODY, "not_yet"),
        ({"capacity": 2}, PersonFacts(places_taken=1), None),
        ({"capacity": 2}, PersonFacts(places_taken=2), "sold_out"),
        ({"capacity": 2}, PersonFacts(places_taken=2, holds_place=True), "sold_out"),
        ({"capacity": 2}, PersonFacts(places_taken=2, holds_gift_place=True), None),
    ],
    ids=str,
)
def test_what_cannot_be_given_says_why(terms: dict[str, Any], facts: PersonFacts, refusal: str | None) -> None:
    sold = plan(**({"is_giftable": True} | terms))
    assert decide_gift_refusal(sold, facts, now=NOW) == refusal


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, True), ({"is_giftable": False}, False), ({"price_minor": 0}, False), ({"is_trial": True}, False),
        ({"audience": Audience.NEW}, False), ({"audience": Audience.EXISTING}, False),
    ],
    ids=str,
)  # fmt: skip
def test_what_costs_something_and_is_for_everybody_can_be_given(terms: dict[str, Any], expected: bool) -> None:
    assert can_be_given(plan(**({"is_giftable": True} | terms))) is expected


@given(has_paid=st.booleans(), has_running=st.booleans())
def test_everybody_is_of_one_audience_and_who_never_paid_is_new(has_paid: bool, has_running: bool) -> None:
    mine = decide_audience(has_paid=has_paid, has_running=has_running)
    assert (mine is Audience.NEW) == (not has_paid)
    others = [one for one in Audience if one not in (Audience.EVERYONE, mine)]
    facts = PersonFacts(audience=mine)
    assert decide_refusal(plan(audience=mine), facts, now=NOW) is None
    assert {decide_refusal(plan(audience=one), facts, now=NOW) for one in others} == {PlanRefusal.NOT_FOR_YOU}


@given(sold=PLANS, person=PEOPLE)
def test_what_can_be_taken_breaks_no_rule(sold: Plan, person: PersonFacts) -> None:
    if decide_refusal(sold, person, now=NOW) is not None:
        return
    assert sold.is_on_sale
    assert sold.archived_at is None
    assert sold.access_code is None or person.has_unlocked
    assert sold.audience in (Audience.EVERYONE, person.audience)
    assert not (sold.is_trial and person.has_used_trial)
    assert sold.capacity is None or person.holds_place or person.places_taken < sold.capacity
    assert all(end is None or end > NOW for end in (sold.sale_ends_at, sold.fixed_end_at))
    assert sold.sale_starts_at is None or sold.sale_starts_at <= NOW
    if person.is_running and sold.price_minor == 0:
        assert person.ends_at is not None
        assert person.ends_at <= NOW


@given(sold=PLANS, person=PEOPLE)
def test_a_code_that_was_not_said_hides_whatever_else_is_so(sold: Plan, person: PersonFacts) -> None:
    refusal = decide_refusal(sold, person, now=NOW)
    is_locked = sold.access_code is not None and not person.has_unlocked
    assert (refusal is PlanRefusal.LOCKED) == is_locked
    if is_locked:
        assert not is_listed(sold, person, refusal)


@given(sold=PLANS, person=PEOPLE)
def test_a_place_of_ones_own_is_never_sold_out(sold: Plan, person: PersonFacts) -> None:
    holder = replace(person, holds_place=True)
    assert decide_refusal(sold, holder, now=NOW) is not PlanRefusal.SOLD_OUT


@given(sold=PLANS, person=PEOPLE)
def test_the_list_shows_what_can_be_taken_unless_it_is_hidden(sold: Plan, person: PersonFacts) -> None:
    refusal = decide_refusal(sold, person, now=NOW)
    if refusal is None:
        assert is_listed(sold, person, refusal) == (sold.access_code is not None or not sold.is_hidden)
    if refusal in (PlanRefusal.NOT_FOR_YOU, PlanRefusal.TRIAL_USED, PlanRefusal.SALE_OVER, PlanRefusal.NOT_YET):
        assert not is_listed(sold, person, refusal)


@pytest.mark.parametrize(
    ("terms", "taken", "state"),
    [
        ({}, 0, SaleState.ON),
        ({"archived_at": NOW, "is_on_sale": False}, 0, SaleState.ARCHIVED),
        ({"is_on_sale": False, "sale_ends_at": NOW}, 0, SaleState.OFF),
        ({"sale_starts_at": NOW + HOUR, "capacity": 1}, 1, SaleState.NOT_YET),
        ({"sale_ends_at": NOW + HOUR, "fixed_end_at": NOW - HOUR}, 0, SaleState.OVER),
        ({"capacity": 1}, 1, SaleState.SOLD_OUT),
    ],
    ids=str,
)
def test_the_state_of_the_sales_is_the_same_for_all(terms: dict[str, Any], taken: int, state: SaleState) -> None:
    assert decide_sale_state(plan(**terms), places_taken=taken, now=NOW) is state


def test_guesses_are_counted_anew_after_a_while() -> None:
    assert decide_guesses(0, None, now=NOW) == (0, NOW)
    assert decide_guesses(4, NOW, now=NOW + GUESSING_WINDOW / 2) == (4, NOW)
    assert decide_guesses(4, NOW, now=NOW + GUESSING_WINDOW) == (0, NOW + GUESSING_WINDOW)
