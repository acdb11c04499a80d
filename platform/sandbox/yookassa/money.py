"""Sums as the gateway writes them, and the arithmetic on them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.yookassa.errors import invalid

Amount = dict[str, str]

_CENT = Decimal("0.01")
_FEE_SHARE = Decimal("0.035")


def value_of(amount: Amount) -> Decimal:
    """Return the number inside an amount object."""
    return Decimal(amount["value"])


def amount_of(value: Decimal, currency: str) -> Amount:
    """Return the amount object for a number, rounded to two decimals."""
    return {"value": str(value.quantize(_CENT, ROUND_HALF_UP)), "currency": currency}


def income_of(amount: Amount) -> Amount:
    """Return what the shop receives after the gateway's fee of 3.5 %."""
    return amount_of(value_of(amount) * (1 - _FEE_SHARE), amount["currency"])


def check_receipt(receipt: dict[str, Any], amount: Amount, *, needs_email: bool = False) -> None:
    """Accept a receipt that names a customer and whose items add up to the sum of the operation.

    Raises:
        ApiError: No e-mail and no phone, another currency, or a wrong total; where receipts are the gateway's own, no
            e-mail or no measure.
    """
    check_customer(receipt, path="receipt.", needs_email=needs_email)
    total = Decimal(0)
    for index, item in enumerate(receipt["items"]):
        if item["amount"]["currency"] != amount["currency"]:
            raise invalid("The currency differs from that of the payment", f"receipt.items[{index}].amount.currency")
        total += value_of(item["amount"]) * Decimal(str(item["quantity"]))
    if total.quantize(_CENT, ROUND_HALF_UP) != value_of(amount):
        raise invalid("The items of the receipt do not add up to the sum of the payment", "receipt.items")


def check_customer(receipt: dict[str, Any], *, path: str, needs_email: bool) -> None:
    """Accept a receipt that can be sent to somebody, and that has what the gateway's own receipts need.

    Raises:
        ApiError: No address that will do, or no measure where it is required.
    """
    customer = receipt.get("customer") or {}
    if not any(customer.get(key) or receipt.get(key) for key in ("email", "phone")):
        raise invalid("A receipt needs the e-mail or the phone of the customer", f"{path}customer")
    if not needs_email:
        return
    if not (customer.get("email") or receipt.get("email")):
        raise invalid("A receipt of this shop needs the e-mail of the customer", f"{path}customer.email")
    for index, item in enumerate(receipt["items"]):
        if not item.get("measure"):
            raise invalid("A receipt of this shop needs a measure", f"{path}items[{index}].measure")
