"""The life of a payment: created, paid or refused, captured, canceled or expired."""

from datetime import timedelta
from typing import Any

from sandbox.yookassa.cards import SUCCESS_CARD, Decline, card_method, decline_for
from sandbox.yookassa.errors import forbidden, invalid
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.moments import stamp
from sandbox.yookassa.money import amount_of, check_receipt, income_of, value_of
from sandbox.yookassa.receipts import register_receipt
from sandbox.yookassa.store import Entry, SavedMethod, Shop, new_id

CONFIRMATION_LIFETIME = timedelta(hours=1)
CAPTURE_LIFETIME = timedelta(days=7)
_TEST_METHODS = frozenset({"bank_card", "yoo_money"})
_LIVE_METHODS = _TEST_METHODS | {"sbp", "sberbank", "tinkoff_bank"}
_NEEDS_RETURN_URL = frozenset({"redirect", "mobile_application"})


def create_payment(gateway: Gateway, shop: Shop, order: dict[str, Any], *, base_url: str) -> dict[str, Any]:
    """Create a payment from a request that has passed the schema; a saved card is charged at once.

    Raises:
        ApiError: The parts of the request contradict one another or the shop may not do this.
    """
    saved = _check_order(gateway, shop, order)
    now = gateway.clock.now()
    payment_id = new_id()
    body: dict[str, Any] = {
        "id": payment_id,
        "status": "pending",
        "paid": False,
        "amount": order["amount"],
        "created_at": stamp(now),
        "recipient": {"account_id": shop.shop_id, "gateway_id": shop.gateway_id},
        "refundable": False,
        "test": shop.test,
        "metadata": {key: value for key, value in (order.get("metadata") or {}).items() if value is not None},
    }
    body |= {name: order[name] for name in ("description", "merchant_customer_id") if order.get(name)}
    if (method := order.get("payment_method_data")) is not None:
        body["payment_method"] = {"type": method["type"], "id": payment_id, "saved": False, "status": "inactive"}
    entry = Entry(
        shop,
        body,
        now,
        receipt=order.get("receipt"),
        save_method=bool(order.get("save_payment_method")),
        capture=bool(order.get("capture")),
        return_url=(order.get("confirmation") or {}).get("return_url"),
    )
    gateway.store.payments.add(entry)
    if saved is not None:
        body["payment_method"] = saved.body
        _settle(gateway, entry, saved.decline)
    else:
        body["confirmation"] = _confirmation(order["confirmation"], payment_id, base_url)
        gateway.set_deadline(entry, now + CONFIRMATION_LIFETIME)
    return body


def pay(gateway: Gateway, entry: Entry, card: str) -> dict[str, Any]:
    """Have the payer pay with a card; only a pending payment can be paid.

    Raises:
        ApiError: The payment is over already.
    """
    if entry.body["status"] != "pending":
        raise invalid(f"The payment is {entry.body['status']}", "payment_id")
    decline = decline_for(card)
    is_saved = entry.save_method and decline is None and not entry.shop.forgets_methods
    method = card_method(entry.body["id"], card, saved=is_saved)
    entry.body["payment_method"] = method
    if method["saved"]:
        gateway.store.methods[method["id"]] = SavedMethod(entry.shop, method)
    if decline is None:
        entry.body["authorization_details"] = {
            "rrn": entry.body["id"].replace("-", "")[:12],
            "auth_code": entry.body["id"][:6],
            "three_d_secure": {"applied": card.replace(" ", "") == SUCCESS_CARD},
        }
    _settle(gateway, entry, decline)
    return entry.body


def decline_payment(gateway: Gateway, entry: Entry, decline: Decline) -> dict[str, Any]:
    """Cancel a payment that is still pending or held.

    Raises:
        ApiError: The payment is over already.
    """
    if entry.body["status"] not in {"pending", "waiting_for_capture"}:
        raise invalid(f"The payment is {entry.body['status']}", "payment_id")
    _cancel(gateway, entry, decline)
    return entry.body


def capture_payment(gateway: Gateway, entry: Entry, order: dict[str, Any]) -> dict[str, Any]:
    """Take the held money, or a part of it; the rest goes back to the payer.

    Raises:
        ApiError: Nothing is held, or more is asked for than is held.
    """
    if entry.body["status"] != "waiting_for_capture":
        raise invalid("Only a payment that waits for capture can be captured", "payment_id")
    amount = order.get("amount") or entry.body["amount"]
    if amount["currency"] != entry.body["amount"]["currency"] or value_of(amount) > value_of(entry.body["amount"]):
        raise invalid("More than the held sum cannot be captured", "amount")
    if order.get("receipt"):
        check_receipt(order["receipt"], amount, needs_email=entry.shop.receipts_need_email)
        entry.receipt = order["receipt"]
    entry.body["amount"] = amount
    _succeed(gateway, entry)
    return entry.body


def cancel_payment(gateway: Gateway, entry: Entry) -> dict[str, Any]:
    """Give the held money back.

    Raises:
        ApiError: Nothing is held.
    """
    if entry.body["status"] != "waiting_for_capture":
        raise invalid("Only a payment that waits for capture can be canceled", "payment_id")
    _cancel(gateway, entry, Decline("merchant", "canceled_by_merchant"))
    return entry.body


def expire_payments(gateway: Gateway) -> int:
    """Cancel the payments whose time is over; return how many."""
    overdue = gateway.take_overdue()
    for entry in overdue:
        held = entry.body["status"] == "waiting_for_capture"
        _cancel(gateway, entry, Decline("yoo_money", "expired_on_capture" if held else "expired_on_confirmation"))
    return len(overdue)


def _check_order(gateway: Gateway, shop: Shop, order: dict[str, Any]) -> SavedMethod | None:
    _check_recipient(shop, order)
    if order.get("receipt"):
        check_receipt(order["receipt"], order["amount"], needs_email=shop.receipts_need_email)
    elif shop.fiscalization:
        raise invalid("This shop must send a receipt with every payment", "receipt")
    if order.get("save_payment_method") and not shop.recurring_enabled:
        raise forbidden("This shop may not save payment methods", "save_payment_method")
    if order.get("payment_method_id") is not None:
        return _saved_method(gateway, shop, order)
    confirmation = order.get("confirmation")
    if confirmation is None:
        raise invalid("The payer has to confirm this payment", "confirmation")
    if confirmation["type"] in _NEEDS_RETURN_URL and not confirmation.get("return_url"):
        raise invalid("This confirmation needs a return_url", "confirmation.return_url")
    kind = (order.get("payment_method_data") or {"type": "bank_card"})["type"]
    if kind not in (_TEST_METHODS if shop.test else _LIVE_METHODS):
        raise invalid("This payment method is not available to the shop", "payment_method_data.type")
    if confirmation["type"] == "external" or (confirmation["type"] == "qr" and kind != "sbp"):
        raise invalid("This payment method cannot be confirmed in this way", "confirmation.type")
    return None


def _check_recipient(shop: Shop, order: dict[str, Any]) -> None:
    recipient = order.get("recipient") or {}
    if recipient.get("gateway_id") not in {None, shop.gateway_id}:
        raise invalid("The gateway belongs to another shop", "recipient.gateway_id")


def _saved_method(gateway: Gateway, shop: Shop, order: dict[str, Any]) -> SavedMethod:
    if order.get("payment_method_data") is not None:
        raise invalid("Name a saved payment method or a new one, not both", "payment_method_data")
    if not shop.recurring_enabled:
        raise forbidden("This shop may not charge saved payment methods", "payment_method_id")
    saved = gateway.store.methods.get(order["payment_method_id"])
    if saved is None or saved.shop is not shop:
        raise invalid("No such saved payment method exists in the shop", "payment_method_id")
    return saved


def _confirmation(asked: dict[str, Any], payment_id: str, base_url: str) -> dict[str, Any]:
    page = f"{base_url}/pay/{payment_id}"
    match asked["type"]:
        case "embedded":
            return {"type": "embedded", "confirmation_token": f"ct-{payment_id}"}
        case "qr":
            return {"type": "qr", "confirmation_data": page}
        case kind:
            answer = {"type": kind, "confirmation_url": page}
            return answer | ({"return_url": asked["return_url"]} if kind == "redirect" else {})


def _settle(gateway: Gateway, entry: Entry, decline: Decline | None) -> None:
    if decline is not None:
        _cancel(gateway, entry, decline)
        return
    entry.body["paid"] = True
    if entry.capture:
        _succeed(gateway, entry)
        return
    until = gateway.clock.now() + CAPTURE_LIFETIME
    entry.body |= {"status": "waiting_for_capture", "expires_at": stamp(until)}
    entry.body.pop("confirmation", None)
    gateway.set_deadline(entry, until)
    gateway.announce(entry.shop, "payment.waiting_for_capture", entry.body)


def _succeed(gateway: Gateway, entry: Entry) -> None:
    entry.deadline = None
    for name in ("confirmation", "expires_at"):
        entry.body.pop(name, None)
    entry.body |= {
        "status": "succeeded",
        "paid": True,
        "refundable": True,
        "captured_at": stamp(gateway.clock.now()),
        "income_amount": income_of(entry.body["amount"]),
        "refunded_amount": amount_of(value_of(entry.body["amount"]) * 0, entry.body["amount"]["currency"]),
    }
    if entry.shop.fiscalization and entry.receipt:
        register_receipt(gateway, entry.shop, entry.receipt, kind="payment", subject=entry.body)
    gateway.announce(entry.shop, "payment.succeeded", entry.body)


def _cancel(gateway: Gateway, entry: Entry, decline: Decline) -> None:
    entry.deadline = None
    for name in ("confirmation", "expires_at"):
        entry.body.pop(name, None)
    entry.body |= {
        "status": "canceled",
        "paid": False,
        "refundable": False,
        "cancellation_details": {"party": decline.party, "reason": decline.reason},
    }
    gateway.announce(entry.shop, "payment.canceled", entry.body)
