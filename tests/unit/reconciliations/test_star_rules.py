"""Where the days of a run begin in Telegram's list, and what of it concerns us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.payments import PaymentStatus
from lumenpay.reconciliations.star_listing import find_start
from lumenpay.reconciliations.star_rules import (
    LATE,
    decide_paid_stars,
    decide_since,
    is_charge_alike,
    is_return_alike,
    name_order,
)
from lumenpay.telegram.stars import MOST_LISTED, StarTransaction

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDER = "01a22638-074e-74e9-aa46-36558a767c4b"


def listed(**changes: object) -> StarTransaction:
    values = {"id": "stx", "at": NOON, "is_incoming": True, "is_invoice": True, "stars": 350, "payload": ORDER}
    return StarTransaction(**values | changes)  # type: ignore[arg-type]  # tests change single fields


@given(st.lists(st.integers(0, 400), max_size=1500).map(sorted), st.integers(-1, 401))
async def test_no_item_of_the_run_is_left_out_and_at_most_a_page_of_older_ones_is_read(days: list[int], since: int):
    asked = []

    async def read_moment(position: int) -> datetime | None:
        asked.append(position)
        return NOON + timedelta(days=days[position]) if position < len(days) else None

    start = await find_start(read_moment, since=NOON + timedelta(days=since))
    older = sum(day < since for day in days)
    assert older - MOST_LISTED <= start <= older
    assert len(asked) <= 12


async def test_of_a_hundred_thousand_items_some_dozen_are_asked_about():
    asked = []

    async def read_moment(position: int) -> datetime | None:
        asked.append(position)
        return NOON + timedelta(minutes=position) if position < 100_000 else None

    start = await find_start(read_moment, since=NOON + timedelta(minutes=99_000))
    assert 98_900 <= start <= 99_000
    assert len(asked) < 30


def test_the_list_is_read_of_earlier_days_than_our_payments_and_not_from_before_the_bot_came():
    long_ago = NOON - timedelta(days=300)
    assert decide_since(from_at=NOON, connected_at=long_ago) == NOON - LATE
    assert decide_since(from_at=NOON, connected_at=NOON + timedelta(days=1)) > NOON


@pytest.mark.parametrize(
    "changes", [{"payload": "order-1"}, {"payload": ""}, {"is_invoice": False}], ids=["foreign", "none", "no invoice"]
)
def test_what_carries_no_mark_of_ours_names_no_order(changes: dict[str, object]):
    assert name_order(listed(**changes)) is None
    assert str(name_order(listed())) == ORDER


@pytest.mark.parametrize(
    ("stars", "commission", "paid"), [(350, 0, 350), (300, 50, 350), (350, 50, 350), (299, 50, 299), (1, 0, 1)]
)
def test_what_an_affiliate_got_counts_as_paid_where_it_was_taken_off(stars: int, commission: int, paid: int):
    assert decide_paid_stars(listed(stars=stars, commission_stars=commission), price=350) == paid


def test_a_charge_is_alike_where_it_is_paid_by_our_books_and_comes_to_as_much():
    assert is_charge_alike(listed(), status=PaymentStatus.SUCCEEDED, price=350)
    assert not is_charge_alike(listed(), status=PaymentStatus.SUCCEEDED, price=349)
    assert not is_charge_alike(listed(), status=PaymentStatus.PENDING, price=350)


def test_stars_that_went_back_need_booking_where_they_were_booked_as_paid_and_not_as_gone():
    assert not is_return_alike(status=PaymentStatus.SUCCEEDED, price=350, refunded=0)
    assert is_return_alike(status=PaymentStatus.SUCCEEDED, price=350, refunded=350)
    assert is_return_alike(status=PaymentStatus.QUARANTINED, price=350, refunded=0)
