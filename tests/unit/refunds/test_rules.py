"""Rules of refunds as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.kit.money import Money
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.refunds import AccessAfterRefund, RefundStatus
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.refunds import rules

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SEEN = GatewayRefund("r", "p", RefundStatus.SUCCEEDED, Money(100, "RUB"), {}, None)
KNOWN = {
    "provider_payment_id": "p", "provider_refund_id": "r", "amount_minor": 100, "currency": "RUB", "shop_id": "1",
    "asked_shop_id": "1", "left_minor": 100,
}  # fmt: skip


def test_money_that_went_back_is_booked_from_every_other_state():
    assert set(rules.sources_of(RefundStatus.SUCCEEDED)) == set(RefundStatus) - {RefundStatus.SUCCEEDED}
    assert not rules.TRANSITIONS[RefundStatus.SUCCEEDED]


@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({}, ""),
        ({"provider_refund_id": None}, ""),
        ({"provider_payment_id": "other"}, "payment"),
        ({"provider_refund_id": "other"}, "id"),
        ({"amount_minor": 99}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"asked_shop_id": "2"}, "shop"),
        ({"left_minor": 99}, "sum"),
    ],
)
def test_what_contradicts_is_named(changed, fact):
    assert rules.find_mismatch(SEEN, **KNOWN | changed) == fact


@pytest.mark.parametrize(
    ("refunded", "on_their_way", "left"), [(0, [], 100), (30, [20], 50), (100, [], 0), (50, [60], 0)]
)
def test_what_is_on_its_way_is_not_left(refunded, on_their_way, left):
    assert rules.decide_left(100, refunded_minor=refunded, open_minor=on_their_way) == left


def test_all_of_the_money_takes_access_along_and_a_part_does_not():
    assert rules.decide_access(refunded_minor=100, amount_minor=100) is AccessAfterRefund.REVOKE
    assert rules.decide_access(refunded_minor=99, amount_minor=100) is AccessAfterRefund.KEEP


@pytest.mark.parametrize(
    ("changed", "is_possible"),
    [
        ({}, True),
        ({"provider": "free"}, False),
        ({"provider": "manual"}, False),
        ({"status": PaymentStatus.PENDING}, False),
        ({"status": PaymentStatus.QUARANTINED}, False),
        ({"amount_minor": 0}, False),
        ({"paid_at": None}, False),
        ({"paid_at": NOW - rules.REFUNDABLE_FOR}, False),
        ({"paid_at": NOW - rules.REFUNDABLE_FOR + timedelta(seconds=1)}, True),
    ],
)
def test_only_what_was_paid_through_a_gateway_goes_back_for_three_years(changed, is_possible):
    paid = {"provider": "yookassa", "status": PaymentStatus.SUCCEEDED, "amount_minor": 1, "paid_at": NOW}
    assert rules.is_refundable(**paid | changed, now=NOW) is is_possible


@pytest.mark.parametrize(("age", "wait"), [(0, 25), (4300, 600), (9 * 86400, 6 * 3600), (400 * 86400, 6 * 3600)])
def test_an_open_refund_is_asked_for_as_long_as_it_is_open(age, wait):
    created_at = NOW - timedelta(seconds=age)
    assert rules.next_check_at(created_at=created_at, now=NOW) == NOW + timedelta(seconds=wait)
