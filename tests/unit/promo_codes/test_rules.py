"""Rules of promo codes: when a code works and what it makes of a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.models.promo_codes import DiscountKind
from lumenpay.promo_codes.rules import PriceQuote, PromoTerms, apply_discount, decide_refusal, normalize_code

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TERMS = PromoTerms(
    kind=DiscountKind.PERCENT, value=10, currency=None, is_active=True, valid_from_at=None, valid_until_at=None,
    max_uses=None, uses_count=0, max_uses_per_user=None, is_first_purchase_only=False, is_for_plan=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "facts", "reason"),
    [
        ({}, {}, ""),
        ({"is_active": False}, {}, "inactive"),
        ({"valid_from_at": NOW + timedelta(seconds=1)}, {}, "not_started"),
        ({"valid_from_at": NOW}, {}, ""),
        ({"valid_until_at": NOW}, {}, "expired"),
        ({"valid_until_at": NOW + timedelta(seconds=1)}, {}, ""),
        ({"is_for_plan": False}, {}, "wrong_plan"),
        ({"kind": DiscountKind.AMOUNT, "currency": "USD"}, {}, "wrong_currency"),
        ({"max_uses": 3, "uses_count": 2}, {}, ""),
        ({"max_uses": 3, "uses_count": 3}, {}, "used_up"),
        ({"max_uses_per_user": 1}, {"uses_by_user": 1}, "used_by_you"),
        ({"is_first_purchase_only": True}, {"has_bought_before": True}, "first_purchase_only"),
        ({"is_first_purchase_only": True}, {"uses_by_user": 1}, "first_purchase_only"),
        ({"is_first_purchase_only": True}, {}, ""),
    ],
    ids=str,
)
def test_a_code_is_refused_for_the_first_reason_that_applies(change, facts, reason):
    facts = {"uses_by_user": 0, "has_bought_before": False} | facts
    assert decide_refusal(replace(TERMS, **change), currency="RUB", now=NOW, **facts) == reason


@pytest.mark.parametrize(
    ("kind", "value", "price", "quote"),
    [
        (DiscountKind.PERCENT, 10, 99_000, PriceQuote(89_100, 0)),
        (DiscountKind.PERCENT, 33, 100, PriceQuote(67, 0)),
        (DiscountKind.PERCENT, 1, 1, PriceQuote(0, 0)),
        (DiscountKind.PERCENT, 100, 99_000, PriceQuote(0, 0)),
        (DiscountKind.AMOUNT, 10_000, 99_000, PriceQuote(89_000, 0)),
        (DiscountKind.AMOUNT, 100_000, 99_000, PriceQuote(0, 0)),
        (DiscountKind.EXTRA_DAYS, 7, 99_000, PriceQuote(99_000, 7)),
    ],
)
def test_a_discount_makes_this_price(kind, value, price, quote):
    assert apply_discount(replace(TERMS, kind=kind, value=value), price_minor=price) == quote


@given(price=st.integers(0, 10**12), percent=st.integers(0, 100))
def test_a_percentage_is_a_whole_sum_between_nothing_and_the_price_in_favour_of_the_buyer_d18(price, percent):
    amount = apply_discount(replace(TERMS, value=percent), price_minor=price).amount_minor
    assert 0 <= amount <= price
    assert 0 <= price * (100 - percent) - amount * 100 < 100


@given(text=st.text(max_size=40))
def test_a_code_means_the_same_however_it_is_typed(text):
    assert normalize_code(f"  {normalize_code(text)} ") == normalize_code(normalize_code(text))
