"""What of the gateway's payment method is kept: an id that is saved, and a title that its owner recognizes."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.kit.money import Money
from lumenpay.payments.providers.protocol import SavedMethod
from lumenpay.payments.providers.yookassa.parsing import charge_request, payment_request, read_payment

CARD = {"type": "bank_card", "id": "m-1", "saved": True, "title": "Bank card *4477"}


def read(method: dict[str, Any] | None) -> SavedMethod | None:
    raw = {
        "id": "p-1", "status": "succeeded", "amount": {"value": "1.00", "currency": "RUB"},
        "recipient": {"account_id": "100"}, "metadata": {}, "test": True, "payment_method": method,
    }  # fmt: skip
    return read_payment(raw).saved_method


@pytest.mark.parametrize(
    ("method", "title"),
    [
        (CARD | {"card": {"card_type": "Visa", "last4": "4242"}}, "Visa ··4242"),
        (CARD | {"card": {"last4": "4242"}}, "··4242"),
        (CARD, "Bank card *4477"),
        ({"type": "yoo_money", "id": "m-1", "saved": True}, "yoo_money"),
    ],
)
def test_a_saved_method_has_a_title(method: dict[str, Any], title: str) -> None:
    assert read(method) == SavedMethod("m-1", title)


@pytest.mark.parametrize("change", [{"saved": False}, {"saved": "true"}, {"id": ""}, {"id": 7}, {"id": "x" * 65}])
def test_what_is_not_surely_saved_is_not(change: dict[str, Any]) -> None:
    assert read(CARD | change) is None
    assert read(None) is None


def test_the_id_of_a_method_is_not_shown_by_accident() -> None:
    assert "m-1" not in repr(read(CARD))


def test_only_who_agreed_has_a_method_saved_and_a_charge_needs_no_payer() -> None:
    order: dict[str, Any] = {
        "amount": Money(99_000, "RUB"), "description": "Club", "payment_id": "p", "return_url": "https://t.me/x",
        "locale": "ru",
    }  # fmt: skip
    assert "save_payment_method" not in payment_request(**order)
    assert payment_request(**order, saves_method=True)["save_payment_method"] is True
    assert charge_request(amount=Money(99_000, "RUB"), description="Club", payment_id="p", method_ref="m-1") == {
        "amount": {"value": "990.00", "currency": "RUB"}, "capture": True, "description": "Club",
        "metadata": {"payment_id": "p"}, "payment_method_id": "m-1",
    }  # fmt: skip
