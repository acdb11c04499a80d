"""What stands in a receipt, which address will do, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.fiscal_receipts.rules import (
    NO_CONTACT,
    NOT_REGISTERED,
    TRANSITIONS,
    Contact,
    ReceiptTerms,
    can_move,
    make_later_receipt,
    make_receipt,
    mask_contact,
    needs_receipt,
    next_attempt_at,
    next_question_at,
    read_contact,
    resize_receipt,
    will_do,
)
from lumenpay.kit.money import Money
from lumenpay.models.fiscal_receipts import ContactKind, PaymentMode, PaymentSubject, ReceiptKind, ReceiptState

NOW = datetime(2026, 11, 1, tzinfo=UTC)
EMAIL = Contact(ContactKind.EMAIL, "anna@example.org")
TERMS = ReceiptTerms("Club " * 40, 12, PaymentSubject.SERVICE, PaymentMode.FULL_PAYMENT, None)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (" anna@example.org ", "anna@example.org"),
        ("a.b+c@mail.example.co.uk", "a.b+c@mail.example.co.uk"),
        ("+7 (900) 123-45-67", "79001234567"),
        ("8 900 123 45 67", "79001234567"),
        ("9001234567", "79001234567"),
        ("+995 555 12 34 56", "995555123456"),
    ],
)
def test_an_address_is_read_as_people_write_it(words: str, value: str) -> None:
    contact = read_contact(words, takes_phone=True)
    assert contact is not None
    assert contact.value == value


@pytest.mark.parametrize(
    "words",
    [
        "", "anna", "anna@", "@example.org", "anna@example", "anna@exa mple.org", "a..b@example.org",
        "\u0430nna@example.org", "anna@example.org, bob@example.org", "a" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org", "123", "+7", "555123", "1234567890123456", "+0000000000",
        "995555123456", "59001234567", "790012345678", "+7900123456789012", "<b>@example.org",
        "a@-b.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_not_taken(words: str) -> None:
    assert read_contact(words, takes_phone=True) is None


def test_a_phone_will_not_do_where_an_email_is_needed() -> None:
    assert read_contact("+79001234567", takes_phone=False) is None
    assert read_contact("anna@example.org", takes_phone=False) == EMAIL


@pytest.mark.parametrize(
    ("kind", "takes_phone", "expected"),
    [
        (ContactKind.EMAIL, False, True), (ContactKind.EMAIL, True, True),
        (ContactKind.PHONE, True, True), (ContactKind.PHONE, False, False),
    ],
)  # fmt: skip
def test_an_email_always_does_and_a_phone_where_it_is_taken(
    kind: ContactKind, takes_phone: bool, expected: bool
) -> None:
    assert will_do(kind, takes_phone=takes_phone) is expected


def test_an_address_is_never_printed() -> None:
    assert "anna" not in repr(EMAIL)
    assert (mask_contact("anna@example.org"), mask_contact("79001234567")) == ("a•••@example.org", "+7 ••• 67")


@pytest.mark.parametrize(
    ("is_on", "amount", "needed"),
    [
        (True, Money(1, "RUB"), True),
        (False, Money(1, "RUB"), False),
        (True, Money(0, "RUB"), False),
        (True, Money(100, "USD"), False),
    ],
)
def test_only_roubles_of_a_shop_that_sends_receipts_need_one(is_on: bool, amount: Money, needed: bool) -> None:
    assert needs_receipt(is_on=is_on, amount=amount) is needed


def test_the_one_item_comes_to_the_sum_and_its_name_fits() -> None:
    receipt = make_receipt(TERMS, contact=EMAIL, amount=Money(66_330, "RUB"))
    [item] = receipt["items"]
    assert (item["quantity"], item["amount"], item["vat_code"]) == (1, {"value": "663.30", "currency": "RUB"}, 12)
    assert len(item["description"]) == 128
    assert "tax_system_code" not in receipt
    smaller = resize_receipt(receipt, Money(1, "RUB"))
    assert (smaller["items"][0]["amount"]["value"], item["amount"]["value"]) == ("0.01", "663.30")


def test_a_later_receipt_names_what_it_is_for_and_settles_its_sum() -> None:
    body = make_later_receipt(
        TERMS, contact=EMAIL, amount=Money(100, "RUB"), kind=ReceiptKind.REFUND, subject_id="refund-1"
    )
    assert (body["type"], body["refund_id"], body["send"]) == ("refund", "refund-1", True)
    assert body["settlements"] == [{"type": "cashless", "amount": {"value": "1.00", "currency": "RUB"}}]
    assert "payment_id" not in body


def test_what_is_registered_stays_so_and_nothing_becomes_due_again() -> None:
    assert TRANSITIONS[ReceiptState.REGISTERED] == frozenset()
    assert not any(can_move(state, ReceiptState.DUE) for state in ReceiptState)
    assert can_move(ReceiptState.FAILED, ReceiptState.PENDING)


def test_it_is_tried_three_times_by_itself_and_never_without_hope() -> None:
    pauses = [next_attempt_at(attempts=number, failure=NOT_REGISTERED, now=NOW) for number in range(4)]
    assert pauses == [NOW + timedelta(minutes=10), NOW + timedelta(hours=2), NOW + timedelta(hours=12), None]
    assert next_attempt_at(attempts=0, failure=NO_CONTACT, now=NOW) is None


def test_a_pending_one_is_asked_about_ever_less_and_not_for_ever() -> None:
    ages = [timedelta(), timedelta(hours=2), timedelta(days=3, seconds=1)]
    moments = [next_question_at(since=NOW - age, now=NOW) for age in ages]
    assert moments == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=30), None]
