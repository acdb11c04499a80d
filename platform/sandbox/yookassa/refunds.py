"""Refunds: all of a payment or a part of it, never more than is left; done at once, or after a while."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.money import amount_of, check_receipt, value_of
from sandbox.yookassa.receipts import register_receipt
from sandbox.yookassa.store import Entry, Shop, new_id

_REFUNDABLE_FOR = timedelta(days=3 * 365)


def create_refund(gateway: Gateway, shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """Return money to the payer, at once unless the shop's refunds wait.

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
    left = value_of(payment.body["amount"]) - value_of(refunded) - _on_their_way(gateway, payment)
    if amount["currency"] != refunded["currency"] or value_of(amount) > left:
        raise invalid("The sum is more than what is left of the payment", "amount.value")
    if order.get("receipt"):
        check_receipt(order["receipt"], amount, needs_email=shop.receipts_need_email)
    elif shop.fiscalization and value_of(amount) < value_of(payment.body["amount"]):
        raise invalid("A partial refund of this shop needs a receipt", "receipt")
    body: dict[str, Any] = {
        "id": new_id(),
        "payment_id": payment.body["id"],
        "status": "pending",
        "created_at": stamp(now),
        "amount": amount,
    }
    body |= {name: order[name] for name in ("description", "metadata") if order.get(name)}
    payment.body["refundable"] = value_of(amount) < left
    entry = Entry(shop, body, now, receipt=order.get("receipt") or payment.receipt)
    gateway.store.refunds.add(entry)
    if not shop.refunds_wait:
        finish_refund(gateway, entry)
    return body


def finish_refund(gateway: Gateway, entry: Entry, *, cancellation_reason: str | None = None) -> dict[str, Any]:
    """Have a pending refund reach the payer, or fail for a reason.

    Raises:
        ApiError: It is over already.
    """
    body, shop = entry.body, entry.shop
    if body["status"] != "pending":
        raise invalid(f"The refund is {body['status']}", "refund_id")
    payment = gateway.store.payments.by_id[body["payment_id"]]
    amount, refunded = body["amount"], payment.body["refunded_amount"]
    if cancellation_reason is not None:
        # Only a success is announced; a failure shows to whoever asks.
        body |= {
            "status": "canceled",
            "cancellation_details": {"party": "refund_network", "reason": cancellation_reason},
        }
        payment.body["refundable"] = True
        return body
    body["status"] = "succeeded"
    payment.body["refunded_amount"] = amount_of(value_of(refunded) + value_of(amount), amount["currency"])
    if shop.fiscalization and entry.receipt:
        register_receipt(gateway, shop, entry.receipt, kind="refund", subject=body)
    gateway.announce(shop, "refund.succeeded", body)
    return body


def _on_their_way(gateway: Gateway, payment: Entry) -> Decimal:
    entries = gateway.store.refunds.by_shop.get(payment.shop.shop_id, [])
    mine = (entry.body for entry in entries if entry.body["payment_id"] == payment.body["id"])
    return sum((value_of(body["amount"]) for body in mine if body["status"] == "pending"), Decimal(0))
