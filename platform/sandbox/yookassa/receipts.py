"""Fiscal receipts: made with a payment or a refund, or sent afterwards; the cash register is only imitated."""

from decimal import Decimal
from typing import Any

from sandbox.yookassa.errors import forbidden, invalid
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.money import check_customer, value_of
from sandbox.yookassa.store import Entry, Shop, new_id

_COPIED = ("tax_system_code", "timezone", "internet", "receipt_industry_details")


def register_receipt(
    gateway: Gateway, shop: Shop, receipt: dict[str, Any], *, kind: str, subject: dict[str, Any]
) -> dict[str, Any]:
    """Register the receipt of a payment or refund as the shop's cash register does, and mark `subject` with it."""
    subject["receipt_registration"] = shop.receipt_outcome
    settlements = receipt.get("settlements") or [{"type": "cashless", "amount": subject["amount"]}]
    return _keep(gateway, shop, receipt, kind=kind, subject_id=subject["id"], settlements=settlements)


def create_receipt(gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """Register a receipt that comes after its payment or refund.

    Raises:
        ApiError: The shop has no cash register, the payment or refund is not there, or the sums differ.
    """
    if not shop.fiscalization:
        raise forbidden("This shop does not send receipts through the gateway", "receipt")
    name = f"{order['type']}_id"
    other = "refund_id" if name == "payment_id" else "payment_id"
    if order.get(other) is not None and order.get(name) is None:
        raise invalid(f"A receipt of this type needs {name}", name)
    shelf = gateway.store.payments if name == "payment_id" else gateway.store.refunds
    subject = shelf.find(shop, order.get(name) or "")
    if subject is None:
        raise invalid(f"No object with this {name} exists in the shop", name)
    if name == "payment_id" and subject.body["status"] not in {"waiting_for_capture", "succeeded"}:
        raise invalid("The payment is not paid", name)
    if name == "refund_id" and subject.body["status"] != "succeeded":
        raise invalid("The refund is not done", name)
    check_customer(order, path="", needs_email=shop.receipts_need_email)
    total = sum((value_of(item["amount"]) * Decimal(str(item["quantity"])) for item in order["items"]), Decimal(0))
    if total != sum((value_of(part["amount"]) for part in order["settlements"]), Decimal(0)):
        raise invalid("The settlements do not add up to the items", "settlements")
    return _keep(
        gateway,
        shop,
        order,
        kind=order["type"],
        subject_id=subject.body["id"],
        settlements=order["settlements"],
    )


def _keep(
    gateway: Gateway,
    shop: Shop,
    receipt: dict[str, Any],
    *,
    kind: str,
    subject_id: str,
    settlements: list[dict[str, Any]],
) -> dict[str, Any]:
    now, outcome = gateway.clock.now(), shop.receipt_outcome
    number = len(gateway.store.receipts.by_id) + 1
    body: dict[str, Any] = {
        "id": f"rt-{new_id()}",
        "type": kind,
        f"{kind}_id": subject_id,
        "status": outcome,
        # The request may write a quantity as a string, the answer has a number.
        "items": [item | {"quantity": float(item["quantity"])} for item in receipt["items"]],
        "settlements": settlements,
    }
    body |= {name: receipt[name] for name in _COPIED if receipt.get(name) is not None}
    if outcome == "succeeded":
        body |= _marks(number, stamp(now))
    gateway.store.receipts.add(Entry(shop, body, now))
    return body


def finish_registration(gateway: Gateway, shop: Shop, subject: dict[str, Any], *, kind: str, status: str) -> None:
    """Have the newest pending receipt of a payment or refund registered, or not.

    Raises:
        ApiError: None is pending.
    """
    name = f"{kind}_id"
    for number, entry in enumerate(reversed(gateway.store.receipts.by_shop.get(shop.shop_id, [])), 1):
        if entry.body.get(name) == subject["id"] and entry.body["status"] == "pending":
            entry.body["status"] = status
            if status == "succeeded":
                entry.body |= _marks(number, stamp(gateway.clock.now()))
            if subject.get("receipt_registration") == "pending":
                subject["receipt_registration"] = status
            return
    raise invalid("No receipt of this object is pending", name)


def _marks(number: int, moment: str) -> dict[str, str]:
    return {
        "fiscal_document_number": str(number),
        "fiscal_storage_number": "9288000100115785",
        "fiscal_attribute": f"{2617603921 + number}",
        "registered_at": moment,
        "fiscal_provider_id": new_id(),
    }
