"""Payment methods (cards) and the set-up intents by which hosted pages save them."""

from typing import Any

from sandbox.stripe.cards import BY_NUMBER, Card, card_of_number, card_of_token
from sandbox.stripe.customers import get_customer
from sandbox.stripe.errors import invalid, missing, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.store import Account, Body, new_id

FIELDS = frozenset({
    "type", "card.token", "card.number", "card.exp_month", "card.exp_year", "card.cvc", "billing_details", "metadata",
    "allow_redisplay",
})  # fmt: skip
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create_payment_method(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a payment method of a test card, which belongs to nobody yet."""
    if params.get("type") != "card":
        raise not_played("payment methods other than cards", "type")
    given = params.get("card") or {}
    if "token" in given:
        card = card_of_token(given["token"])
        if card is None:
            raise missing("token", given["token"], param="card[token]")
    elif "number" in given:
        card = card_of_number(given["number"])
    else:
        raise invalid("Missing required param: card.", code="parameter_missing", param="card")
    body = add_card(gateway, account, card, billing_details=params.get("billing_details"))
    body["metadata"] = merge_metadata({}, params.get("metadata"))
    body["allow_redisplay"] = params.get("allow_redisplay", "unspecified")
    return body


def add_card(gateway: Gateway, account: Account, card: Card, *, billing_details: Body | None = None) -> Body:
    """Make a payment method of the card."""
    given = billing_details or {}
    address = given.get("address") or {}
    body: Body = {
        "id": new_id("pm_1"), "object": "payment_method", "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {name: address.get(name) for name in _ADDRESS},
            **{name: given.get(name) or None for name in ("email", "name", "phone", "tax_id")},
        },
        "card": {
            "brand": card.brand, "checks": {
                "address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass",
            },
            "country": "US", "display_brand": card.brand, "exp_month": 12, "exp_year": 2034,
            "fingerprint": f"sandbox{card.number[-9:]}", "funding": "credit", "generated_from": None,
            "last4": card.last4, "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated", "three_d_secure_usage": {"supported": True}, "wallet": None,
        },
        "created": gateway.now(), "customer": None, "customer_account": None, "livemode": False, "metadata": {},
        "type": "card",
    }  # fmt: skip
    return account.put(body, card=card, is_spent=False)


def attach(gateway: Gateway, account: Account, method_id: str, customer_id: str) -> Body:
    """Save the payment method for a customer.

    Raises:
        ApiError: The card is refused, or the method was attached before.
    """
    token = card_of_token(method_id)
    if token is not None:
        method_id = add_card(gateway, account, token)["id"]
    body = account.get("payment_method", method_id, param="payment_method")
    get_customer(account, customer_id)
    if body["customer"] == customer_id:
        return body
    if body["customer"] is not None:
        raise invalid("The payment method you provided has already been attached to a customer.")
    if account.hidden[method_id]["is_spent"]:
        raise invalid(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
    refusal = card_behind(account, method_id).on_save
    if refusal is not None:
        raise refusal.error()
    body["customer"] = customer_id
    gateway.emit(account, "payment_method.attached", body)
    return body


def detach(gateway: Gateway, account: Account, method_id: str) -> Body:
    """Take the payment method away from its customer for good."""
    body = account.get("payment_method", method_id, param="payment_method")
    if body["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    customer = account.get("customer", body["customer"])
    with gateway.changing(account, body, "payment_method.detached"):
        body["customer"] = None
    account.hidden[method_id]["is_spent"] = True
    if customer.get("invoice_settings", {}).get("default_payment_method") == method_id:
        with gateway.changing(account, customer, "customer.updated"):
            customer["invoice_settings"]["default_payment_method"] = None
    for subscription in account.oldest_first("subscription", default_payment_method=method_id):
        with gateway.changing(account, subscription, "customer.subscription.updated"):
            subscription["default_payment_method"] = None
    return body


def card_behind(account: Account, method_id: str) -> Card:
    """Return the test card of a payment method."""
    card: Card = account.hidden[method_id]["card"]
    return card


def set_card(account: Account, method_id: str, number: str) -> Body:
    """Let further charges of a saved card end as those of another test card; what is shown of it stays."""
    account.hidden[method_id]["card"] = BY_NUMBER[number]
    return account.get("payment_method", method_id)


def save_card(gateway: Gateway, account: Account, customer_id: str, number: str) -> Body:
    """Save a card that the customer has typed on a hosted page, with the set-up intent that such a page makes.

    Raises:
        ApiError: The card is refused.
    """
    card = card_of_number(number)
    if card.on_save is not None:
        raise card.on_save.error()
    customer = get_customer(account, customer_id)
    method = add_card(gateway, account, card, billing_details={name: customer[name] for name in ("email", "name")})
    attach(gateway, account, method["id"], customer_id)
    intent: Body = {
        "id": new_id("seti_1"), "object": "setup_intent", "application": None, "automatic_payment_methods": None,
        "cancellation_reason": None, "client_secret": None, "created": gateway.now(), "customer": customer_id,
        "customer_account": None, "description": None, "excluded_payment_method_types": None, "flow_directions": None,
        "last_setup_error": None, "latest_attempt": None, "livemode": False, "mandate": None, "metadata": {},
        "next_action": None, "on_behalf_of": None, "payment_method": method["id"],
        "payment_method_configuration_details": None, "payment_method_options": {}, "payment_method_types": ["card"],
        "single_use_mandate": None, "status": "succeeded", "usage": "off_session",
    }  # fmt: skip
    account.put(intent)
    gateway.emit(account, "setup_intent.succeeded", intent)
    return method
