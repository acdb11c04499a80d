"""What unused time is worth, and what changing a plan costs and gives: never less than it is, and never much more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.subscriptions.change_rules import (
    QUOTE_LASTS,
    ChangeQuote,
    ChangeRefusal,
    NewTerms,
    Share,
    Stretch,
    decide_carried,
    decide_change,
    decide_honoured,
    decide_looked_at,
    decide_share,
    decide_turned,
    scale_time,
)
from lumenpay.subscriptions.change_tags import read_moment, tag_change

DAY, MINUTE, INSTANT = timedelta(days=1), timedelta(minutes=1), timedelta(microseconds=1)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE = UUID(int=1)
MONTH = NewTerms(100_000, "RUB", 30 * DAY)
lengths = st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=3660))
prices = st.integers(1, 10_000_000)
parts = st.fractions(0, 1)


def stretch(worth: int, *, begun: timedelta, left: timedelta, **more: timedelta) -> Stretch:
    return Stretch(ONE, NOW - begun, NOW + left, worth, "RUB", **more)


@given(worth=st.integers(0, 10_000_000), length=lengths, part=parts)
def test_what_is_left_is_worth_its_share_rounded_up_by_less_than_one_unit(
    worth: int, length: timedelta, part: Fraction
) -> None:
    left = int(part * (length // INSTANT)) * INSTANT
    share = decide_share(stretch(worth, begun=length - left, left=left), at=NOW)
    exact = Fraction(worth * (left // INSTANT), length // INSTANT)
    assert exact <= share.credit_minor < exact + 1
    assert share.credit_minor <= worth
    assert share.unused == left


@given(worth=prices, length=lengths, one=parts, other=parts)
def test_it_is_never_worth_more_later(worth: int, length: timedelta, one: Fraction, other: Fraction) -> None:
    period = Stretch(ONE, NOW, NOW + length, worth, "RUB")
    early, late = sorted(NOW + int(part * (length // INSTANT)) * INSTANT for part in (one, other))
    assert decide_share(period, at=early).credit_minor >= decide_share(period, at=late).credit_minor
    assert decide_share(period, at=NOW - DAY) == Share(ONE, worth, length)
    assert decide_share(period, at=NOW + length).credit_minor == 0


@given(worth=prices, length=lengths, part=parts, paused=st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_pause_takes_nothing_from_what_is_left(
    worth: int, length: timedelta, part: Fraction, paused: timedelta
) -> None:
    left = int(part * (length // INSTANT)) * INSTANT
    plain = decide_share(stretch(worth, begun=length - left, left=left), at=NOW)
    rested = decide_share(stretch(worth, begun=length - left + paused, left=left, stood_still=paused), at=NOW)
    assert rested == plain


@given(credit=prices, kept=lengths, price=prices, length=lengths, old_length=lengths)
def test_a_change_gives_at_least_what_is_left_and_less_than_a_minute_more(
    credit: int, kept: timedelta, price: int, length: timedelta, old_length: timedelta
) -> None:
    quote = decide_change([Share(ONE, credit, kept)], NewTerms(price, "RUB", length), old_length=old_length)
    exact = Fraction(credit * (length // INSTANT), price)
    if quote is ChangeRefusal.WORTH_MORE:
        assert exact > 3659 * DAY // INSTANT
        return
    assert isinstance(quote, ChangeQuote)
    assert quote.amount_minor >= 0
    if quote.turned is None:
        # Paid and carried over come to the price of a whole period, to the kopeck.
        assert quote.amount_minor + quote.credit_minor == price
        assert quote.amount_minor > 0
        return
    assert exact <= quote.turned // INSTANT < exact + MINUTE // INSTANT
    assert quote.turned >= kept or credit >= price


@given(worth=prices, length=lengths, part=parts, price=prices, other=lengths)
def test_to_another_plan_and_straight_back_gains_less_than_it_is_worth_trying(
    worth: int, length: timedelta, part: Fraction, price: int, other: timedelta
) -> None:
    """A whole minor unit and a minute at most for each way, whatever the plans: hence once a day."""
    left = int(part * (length // INSTANT)) * INSTANT
    credit = decide_share(stretch(worth, begun=length - left, left=left), at=NOW).credit_minor
    if not credit:
        return
    there = decide_turned(credit, NewTerms(price, "RUB", other))
    if there is None:
        return
    back = decide_share(Stretch(ONE, NOW, NOW + there, credit, "RUB"), at=NOW)
    assert back.credit_minor == credit
    again = decide_turned(back.credit_minor, NewTerms(worth, "RUB", length))
    assert again is not None
    unit = Fraction(length // INSTANT, worth)
    assert left // INSTANT <= again // INSTANT < left // INSTANT + unit + MINUTE // INSTANT


@given(part=st.integers(0, 10_000), whole=st.integers(1, 10_000), length=lengths)
def test_a_part_of_the_money_gives_its_part_of_the_time(part: int, whole: int, length: timedelta) -> None:
    given_time = scale_time(length, part=part, whole=whole) // INSTANT
    exact = Fraction(length // INSTANT * min(part, whole), whole)
    assert exact <= given_time < exact + 1


def test_the_dearer_plan_is_paid_and_the_cheaper_one_is_longer() -> None:
    [left] = decide_carried([stretch(30_000, begun=15 * DAY, left=15 * DAY)], currency="RUB", at=NOW)
    dearer = decide_change([left], MONTH, old_length=30 * DAY)
    assert isinstance(dearer, ChangeQuote)
    assert (dearer.credit_minor, dearer.kept, dearer.amount_minor, dearer.turned) == (15_000, 15 * DAY, 85_000, None)
    cheaper = decide_change([left], NewTerms(10_000, "RUB", 31 * DAY), old_length=28 * DAY)
    assert isinstance(cheaper, ChangeQuote)
    assert (cheaper.amount_minor, cheaper.turned) == (0, 46 * DAY + DAY / 2)
    # A day of a year costs less than one of what is left, and still nobody gets it for a part of a month.
    yearly = decide_change([left], NewTerms(240_000, "RUB", 360 * DAY), old_length=30 * DAY)
    assert isinstance(yearly, ChangeQuote)
    assert (yearly.amount_minor, yearly.turned) == (225_000, None)
    for_ever = NewTerms(50_000, "RUB", None)
    assert decide_change([left], for_ever, old_length=30 * DAY) == ChangeQuote([left], 15_000, 15 * DAY, 35_000, None)
    assert decide_change([left], NewTerms(15_000, "RUB", None), old_length=DAY) is ChangeRefusal.WORTH_MORE


def test_what_was_given_or_paid_in_another_currency_stays() -> None:
    found = [
        stretch(0, begun=DAY, left=DAY), Stretch(uuid4(), NOW, NOW + DAY, 500, "XTR"),
        Stretch(uuid4(), NOW, None, 500_000, "RUB"), stretch(-5, begun=DAY, left=DAY),
    ]  # fmt: skip
    assert decide_carried(found, currency="RUB", at=NOW) == []
    assert decide_change([], MONTH, old_length=DAY) is ChangeRefusal.NOTHING_TO_CARRY


def test_a_quote_holds_for_an_hour_and_what_is_gone_is_gone() -> None:
    assert decide_looked_at(NOW, now=NOW + QUOTE_LASTS) == NOW
    late = NOW + QUOTE_LASTS + INSTANT
    assert decide_looked_at(NOW, now=late) == late
    other = uuid4()
    shares = [Share(ONE, 700, DAY), Share(other, 9_000, DAY)]
    assert decide_honoured(quoted={ONE: 1_000}, shares=shares) == {ONE: 700}
    assert decide_honoured(quoted={ONE: 500, other: 1}, shares=shares) == {ONE: 500, other: 1}
    assert decide_honoured(quoted={ONE: 500}, shares=[]) == {}


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - Hypothesis wants naive bounds
    amount=st.integers(0, 10**12),
)
def test_the_mark_of_a_quote_fits_into_a_button_and_tells_its_moment(moment: datetime, amount: int) -> None:
    at = moment.replace(microsecond=0, tzinfo=UTC)
    plan = Plan(price_minor=100, currency="RUB", period_unit=PeriodUnit.DAY, period_count=30)
    quote = ChangeQuote([], 5, DAY, amount, None)
    tag = tag_change(plan, quote, at=at)
    assert len(tag) <= 13
    assert read_moment(tag) == at
    assert tag != tag_change(plan, ChangeQuote([], 6, DAY, amount, None), at=at)
    assert read_moment("") is None
    assert read_moment("Ж" * 9) is None


@pytest.mark.parametrize(("days", "amount_minor"), [(28, 0), (31, 0), (32, 20_000)])
def test_a_longer_month_is_no_longer_plan(days: int, amount_minor: int) -> None:
    # A day costs the same in both, so that time can be turned into time where the plans are about as long.
    new = NewTerms(days * 1_000, "RUB", days * DAY)
    quote = decide_change([Share(ONE, 12_000, 12 * DAY)], new, old_length=28 * DAY)
    assert isinstance(quote, ChangeQuote)
    assert quote.amount_minor == amount_minor
    assert quote.turned == (None if amount_minor else 12 * DAY)


def test_time_of_the_same_price_is_turned_into_the_same_time() -> None:
    quote = decide_change([Share(ONE, 50_000, 15 * DAY)], MONTH, old_length=30 * DAY)
    assert quote == ChangeQuote([Share(ONE, 50_000, 15 * DAY)], 50_000, 15 * DAY, 0, 15 * DAY)


def test_a_credit_buys_ten_years_at_most() -> None:
    day = NewTerms(100, "RUB", DAY)
    assert decide_turned(366_000, day) == 3660 * DAY
    assert decide_turned(366_001, day) is None


@pytest.mark.parametrize("terms", [NewTerms(100, "RUB", None), NewTerms(0, "RUB", DAY), NewTerms(-1, "RUB", DAY)])
def test_only_time_that_has_a_price_is_bought(terms: NewTerms) -> None:
    with pytest.raises(ValueError, match="has a price"):
        decide_turned(100, terms)
