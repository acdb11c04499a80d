"""Payment intents, the charges they make, and refunds."""

from typing import Any

from sandbox.stripe.cards import AUTHENTICATION, Refusal
from sandbox.stripe.errors import invalid
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.payment_methods import card_behind
from sandbox.stripe.store import Account, Body, new_id

REFUND_FIELDS = frozenset({"charge", "payment_intent", "amount", "reason", "metadata"})


def create_intent(
    gateway: Gateway, account: Account, *, amount: int, currency: str, customer_id: str, text: str
) -> Body:
    """Make the payment intent of an invoice that has just been finalized."""
    intent_id = new_id("pi_3")
    body: Body = {
        "id": intent_id, "object": "payment_intent", "amount": amount, "amount_capturable": 0,
        "amount_details": {"tip": {}}, "amount_received": 0, "application": None, "application_fee_amount": None,
        "automatic_payment_methods": None, "canceled_at": None, "cancellation_reason": None,
        "capture_method": "automatic", "client_secret": f"{intent_id}_secret_{new_id('', 25)}",
        "confirmation_method": "automatic", "created": gateway.now(), "currency": currency, "customer": customer_id,
        "customer_account": None, "description": text, "excluded_payment_method_types": None,
        "last_payment_error": None, "latest_charge": None, "livemode": False, "metadata": {}, "next_action": None,
        "on_behalf_of": None, "payment_method": None, "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"installments": None, "mandate_options": None, "network": None,
                                            "request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"], "processing": None, "receipt_email": None, "review": None,
        "setup_future_usage": "off_session", "shipping": None, "source": None, "statement_descriptor": None,
        "statement_descriptor_suffix": None, "status": "requires_payment_method", "transfer_data": None,
        "transfer_group": None,
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "payment_intent.created", body)
    return body


def charge(gateway: Gateway, account: Account, intent: Body, method: Body, *, is_present: bool) -> Refusal | None:
    """Charge the card for the intent; return why it was refused, or None when it was paid.

    Args:
        is_present: The payer is at the screen and confirms what the bank asks for.
    """
    card = card_behind(account, method["id"])
    refusal = card.on_charge or (AUTHENTICATION if card.asks and not is_present else None)
    body = _charge_of(gateway, intent, method, refusal)
    account.put(body)
    intent["latest_charge"] = body["id"]
    if refusal is None:
        intent |= {
            "status": "succeeded", "amount_received": intent["amount"], "payment_method": method["id"],
            "last_payment_error": None,
        }  # fmt: skip
        gateway.emit(account, "charge.succeeded", body)
        gateway.emit(account, "payment_intent.succeeded", intent)
        return None
    error = {
        "charge": body["id"], "code": refusal.code, "message": refusal.message, "payment_method": method,
        "type": "card_error",
    }  # fmt: skip
    if refusal.decline_code:
        error["decline_code"] = refusal.decline_code
    intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}
    gateway.emit(account, "charge.failed", body)
    gateway.emit(account, "payment_intent.payment_failed", intent)
    return refusal


def cancel_intent(gateway: Gateway, account: Account, intent: Body, *, reason: str) -> None:
    """Close an intent that will never be paid."""
    if intent["status"] not in {"succeeded", "canceled"}:
        intent |= {"status": "canceled", "canceled_at": gateway.now(), "cancellation_reason": reason}
        gateway.emit(account, "payment_intent.canceled", intent)


def _charge_of(gateway: Gateway, intent: Body, method: Body, refusal: Refusal | None) -> Body:
    card, is_paid = method["card"], refusal is None
    outcome = {
        "advice_code": None, "network_advice_code": None,
        "network_decline_code": None, "network_status": "approved_by_network" if is_paid else "declined_by_network",
        "reason": refusal.decline_code if refusal else None,
        "risk_level": "normal", "seller_message": "Payment complete." if is_paid else "The bank declined the payment.",
        "type": "authorized" if is_paid else "issuer_declined",
    }  # fmt: skip
    return {
        "id": new_id("ch_3"), "object": "charge", "amount": intent["amount"],
        "amount_captured": intent["amount"] if is_paid else 0, "amount_refunded": 0, "application": None,
        "application_fee": None, "application_fee_amount": None, "balance_transaction": None,
        "billing_details": method["billing_details"], "calculated_statement_descriptor": None,
        "captured": is_paid, "created": gateway.now(), "currency": intent["currency"], "customer": intent["customer"],
        "description": intent["description"], "disputed": False, "failure_balance_transaction": None,
        "failure_code": refusal.code if refusal else None, "failure_message": refusal.message if refusal else None,
        "fraud_details": {}, "livemode": False, "metadata": {}, "on_behalf_of": None, "outcome": outcome,
        "paid": is_paid, "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": {
            "card": {
                "amount_authorized": intent["amount"] if is_paid else None, "authorization_code": None,
                "brand": card["brand"], "checks": card["checks"], "country": card["country"],
                "exp_month": card["exp_month"], "exp_year": card["exp_year"],
                "extended_authorization": {"status": "disabled"}, "fingerprint": card["fingerprint"],
                "funding": card["funding"], "incremental_authorization": {"status": "unavailable"},
                "installments": None, "last4": card["last4"], "mandate": None, "multicapture": {"status": "unavailable"},
                "network": card["brand"], "network_token": {"used": False}, "network_transaction_id": None,
                "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
                "regulated_status": "unregulated", "three_d_secure": None, "transaction_link_id": None, "wallet": None,
            },
            "type": "card",
        },
        "receipt_email": None, "receipt_number": None, "receipt_url": None, "refunded": False, "review": None,
        "shipping": None, "source": None, "source_transfer": None, "statement_descriptor": None,
        "statement_descriptor_suffix": None, "status": "succeeded" if is_paid else "failed", "transfer_data": None,
        "transfer_group": None,
    }  # fmt: skip


def create_refund(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Give money of a charge back, all that is left unless `amount` says less."""
    if ("charge" in params) == ("payment_intent" in params):
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    if "charge" in params:
        paid = account.get("charge", params["charge"], param="charge")
    else:
        intent = account.get("payment_intent", params["payment_intent"], param="payment_intent")
        if intent["status"] != "succeeded":
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        paid = account.get("charge", intent["latest_charge"])
    if not paid["paid"]:
        raise invalid(f"Charge {paid['id']} has not been paid.", param="charge")
    left = paid["amount"] - paid["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {paid['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise invalid(
            f"Refund amount ({amount} {paid['currency']}) is greater than unrefunded amount on charge "
            f"({left} {paid['currency']})", param="amount",
        )  # fmt: skip
    body: Body = {
        "id": new_id("re_3"), "object": "refund", "amount": amount, "balance_transaction": None, "charge": paid["id"],
        "created": gateway.now(), "currency": paid["currency"], "customer": paid["customer"], "customer_account": None,
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": merge_metadata({}, params.get("metadata")), "payment_intent": paid["payment_intent"],
        "payment_method": paid["payment_method"], "reason": params.get("reason"), "receipt_number": None,
        "source_transfer_reversal": None, "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip
    account.put(body)
    with gateway.changing(account, paid, "charge.refunded"):
        paid["amount_refunded"] += amount
        paid["refunded"] = paid["amount_refunded"] == paid["amount"]
    gateway.emit(account, "refund.created", body)
    return body


def update_refund(gateway: Gateway, account: Account, refund_id: str, params: dict[str, Any]) -> Body:
    """Change the metadata of a refund."""
    body = account.get("refund", refund_id, status=404)
    with gateway.changing(account, body, "refund.updated"):
        body["metadata"] = merge_metadata(body["metadata"], params.get("metadata"))
    return body


def fail_refund(gateway: Gateway, account: Account, body: Body) -> Body:
    """Have the bank send a refund back: the money is on the charge again."""
    paid = account.get("charge", body["charge"])
    paid["amount_refunded"] -= body["amount"]
    paid["refunded"] = False
    with gateway.changing(account, body, "refund.updated"):
        body |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    gateway.emit(account, "refund.failed", body)
    return body
