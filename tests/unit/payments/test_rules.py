"""Rules of payments: legal moves, the polling rhythm, the life of a key, and what must match."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.kit.money import Money
from lumenpay.models.payments import PaymentStatus
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.providers.protocol import GatewayPayment
from lumenpay.payments.providers.yookassa.parsing import payment_request, read_payment
from lumenpay.payments.rules import (
    MOST_UNPAID,
    TRANSITIONS,
    UNPAID_WINDOW,
    can_move,
    decide_wait,
    find_mismatch,
    is_key_usable,
    next_check_at,
    sources_of,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
S = PaymentStatus


def test_every_state_has_its_moves_and_success_is_final():
    assert set(TRANSITIONS) == set(PaymentStatus)
    assert TRANSITIONS[S.SUCCEEDED] == frozenset()
    assert sources_of(S.CREATED) == []


@pytest.mark.parametrize("state", [state for state in PaymentStatus if state is not S.SUCCEEDED])
def test_money_is_honoured_from_every_other_state_d14(state):
    assert can_move(state, S.SUCCEEDED)


@pytest.mark.parametrize(
    ("age", "checks", "pause"),
    [
        (timedelta(), 0, timedelta(seconds=10)),
        (timedelta(seconds=10), 1, timedelta(seconds=15)),
        (timedelta(minutes=5), 10, timedelta(seconds=25)),
        (timedelta(hours=1, minutes=9), 200, timedelta(seconds=25)),
        (timedelta(hours=2), 200, timedelta(minutes=10)),
        (timedelta(days=7, hours=23), 999, timedelta(minutes=10)),
    ],
)
def test_young_payments_are_asked_for_often_and_old_ones_every_ten_minutes_d2(age, checks, pause):
    assert next_check_at(created_at=NOW - age, checks_count=checks, now=NOW) == NOW + pause


def test_a_payment_that_is_surely_dead_is_not_asked_for():
    assert next_check_at(created_at=NOW - timedelta(days=8, seconds=1), checks_count=9, now=NOW) is None


@pytest.mark.parametrize(
    ("sent", "is_usable"),
    [
        (None, True),
        (NOW - timedelta(hours=22, minutes=59), True),
        (NOW - timedelta(hours=23), False),
        (NOW - timedelta(days=3), False),
    ],
)
def test_a_key_is_never_sent_after_23_hours_d8(sent, is_usable):
    assert is_key_usable(sent, now=NOW) is is_usable


OURS = {
    "payment_id": "p-1", "provider_payment_id": "g-1", "amount_minor": 99_000, "currency": "RUB", "shop_id": "100001",
    "is_test": True,
}  # fmt: skip
THEIRS = GatewayPayment(
    id="g-1", status=S.SUCCEEDED, amount=Money(99_000, "RUB"), shop_id="100001", metadata={"payment_id": "p-1"},
    is_test=True, confirmation_url=None, cancellation_reason=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "mismatch"),
    [
        ({}, ""),
        ({"id": "g-2"}, "id"),
        ({"amount": Money(99_001, "RUB")}, "amount"),
        ({"amount": Money(99_000, "USD")}, "currency"),
        ({"shop_id": "100002"}, "shop"),
        ({"metadata": {"payment_id": "p-2"}}, "metadata"),
        ({"metadata": {}}, "metadata"),
        ({"is_test": False}, "test_flag"),
    ],
    ids=str,
)
def test_every_fact_of_the_gateway_must_agree_with_the_order_d6(change, mismatch):
    assert find_mismatch(replace(THEIRS, **change), **OURS) == mismatch


RAW = {
    "id": "22e12f66-000f-5000-8000-18db351245c7",
    "status": "pending",
    "paid": False,
    "amount": {"value": "990.00", "currency": "RUB"},
    "recipient": {"account_id": "100001", "gateway_id": "100700"},
    "confirmation": {"type": "redirect", "confirmation_url": "https://pay.test/1"},
    "metadata": {"payment_id": "p-1", "cms_name": "x"},
    "payment_method": {"type": "not_invented_yet", "id": "1", "saved": False},
    "a_field_of_tomorrow": {"deep": [1, 2]},
    "created_at": "2026-11-24T12:00:00.000Z",
    "test": True,
    "refundable": False,
}


def test_a_payment_is_read_though_it_has_fields_and_methods_of_tomorrow():
    read = read_payment(RAW)
    assert (read.amount, read.shop_id, read.is_test) == (Money(99_000, "RUB"), "100001", True)
    assert (read.metadata["payment_id"], read.confirmation_url) == ("p-1", "https://pay.test/1")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "of_tomorrow"},
        {"amount": {"value": "9.999", "currency": "RUB"}},
        {"amount": None},
        {"recipient": None},
        {"metadata": "text"},
        {"id": None},
    ],
    ids=str,
)
def test_what_is_no_payment_is_an_answer_that_says_nothing(change):
    with pytest.raises(GatewayUnavailableError) as caught:
        read_payment(RAW | change)
    assert caught.value.is_outcome_unknown


@given(amount=st.integers(1, 10**12), currency=st.sampled_from(["RUB", "USD", "EUR", "JPY", "KWD"]))
def test_the_sum_that_is_asked_for_is_the_sum_that_is_read_back_d18(amount, currency):
    body = payment_request(
        amount=Money(amount, currency), description="x", return_url="https://t.me/a_bot", payment_id="p", locale="ru"
    )
    assert read_payment(RAW | {"amount": body["amount"]}).amount == Money(amount, currency)


def test_a_create_call_takes_the_money_at_once_and_names_the_order():
    body = payment_request(
        amount=Money(99_000, "RUB"), description="Club", return_url="https://t.me/a_bot", payment_id="p-1", locale="en"
    )
    assert body["capture"] is True
    assert body["amount"] == {"value": "990.00", "currency": "RUB"}
    assert body["metadata"]["payment_id"] == "p-1"
    assert body["confirmation"] == {"type": "redirect", "locale": "en_US", "return_url": "https://t.me/a_bot"}


def test_whoever_has_begun_too_many_orders_waits_until_the_tenth_newest_is_an_hour_old() -> None:
    moments = [NOW - timedelta(minutes=5 * number) for number in range(MOST_UNPAID + 1)]
    assert decide_wait(moments[: MOST_UNPAID - 1], now=NOW) is None
    assert decide_wait(moments, now=NOW) == moments[MOST_UNPAID - 1] + UNPAID_WINDOW
    assert decide_wait(moments, now=moments[MOST_UNPAID - 1] + UNPAID_WINDOW) is None
