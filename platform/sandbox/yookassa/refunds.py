"""Refunds: all of a payment or a part of it, never more than is left."""

from datetime import timedelta
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.money import amount_of, check_receipt, value_of
from sandbox.yookassa.receipts import register_receipt
from sandbox.yookassa.store import Entry, Shop, new_id

_REFUNDABLE_FOR = timedelta(days=3 * 365)


def create_refund(gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """Return money to the payer at once.

    Raises:
        ApiError: No such succeeded payment, more than is left, older than three years, or a missing receipt.
    """
    payment = gateway.store.payments.find(shop, order["payment_id"])
    if payment is None:
        raise invalid("No such payment exists in the shop", "payment_id")
    if payment.body["status"] != "succeeded":
        raise invalid("Only a succeeded payment can be refunded", "payment_id")
    now = gateway.clock.now()
    if now - payment.created_at > _REFUNDABLE_FOR:
        raise invalid("The payment is older than three years", "payment_id")
    amount, refunded = order["amount"], payment.body["refunded_amount"]
    left = value_of(payment.body["amount"]) - value_of(refunded)
    if amount["currency"] != refunded["currency"] or value_of(amount) > left:
        raise invalid("The sum is more than what is left of the payment", "amount.value")
    if order.get("receipt"):
        check_receipt(order["receipt"], amount)
    elif shop.fiscalization and value_of(amount) < value_of(payment.body["amount"]):
        raise invalid("A partial refund of this shop needs a receipt", "receipt")
    body: dict[str, Any] = {
        "id": new_id(),
        "payment_id": payment.body["id"],
        "status": "succeeded",
        "created_at": stamp(now),
        "amount": amount,
    }
    body |= {name: order[name] for name in ("description", "metadata") if order.get(name)}
    payment.body["refunded_amount"] = amount_of(value_of(refunded) + value_of(amount), amount["currency"])
    payment.body["refundable"] = value_of(amount) < left
    gateway.store.refunds.add(Entry(shop, body, now))
    receipt = order.get("receipt") or payment.receipt
    if shop.fiscalization and receipt:
        register_receipt(gateway, shop, receipt, kind="refund", subject=body)
    gateway.announce(shop, "refund.succeeded", body)
    return body
