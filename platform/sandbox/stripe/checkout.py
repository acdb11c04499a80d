"""Checkout Sessions in subscription mode: made by the shop, completed or declined on a hosted page, or expired."""

from typing import Any

from sandbox.stripe.cards import AUTHENTICATION, card_of_number
from sandbox.stripe.customers import create_customer, create_tax_id, get_customer, update_customer
from sandbox.stripe.errors import invalid, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.payment_methods import save_card
from sandbox.stripe.store import Account, Body, new_id
from sandbox.stripe.subscription_shapes import priced_items
from sandbox.stripe.subscriptions import create as create_subscription
from sandbox.stripe.subscriptions import trial_end_of

FIELDS = frozenset({
    "mode", "customer", "customer_email", "client_reference_id", "line_items.price", "line_items.quantity", "metadata",
    "success_url", "cancel_url", "subscription_data.metadata", "subscription_data.trial_period_days",
    "subscription_data.trial_end", "subscription_data.description", "subscription_data.trial_settings",
    "subscription_data.billing_mode", "locale", "allowed_payment_method_types", "payment_method_collection", "ui_mode",
    "expires_at", "tax_id_collection", "customer_update", "automatic_tax.enabled", "billing_address_collection",
    "allow_promotion_codes", "currency",
})  # fmt: skip
_SHORTEST_LIFE_SECONDS, _LONGEST_LIFE_SECONDS = 30 * 60, 24 * 3600
_LONGEST_URL = 5000


def create_session(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a session with a page on which the customer subscribes."""
    _refuse_unplayed(params)
    asked = params.get("line_items") or []
    for index, one in enumerate(asked):
        if "quantity" not in one:
            raise invalid(
                "Quantity is required. Add `quantity` to `line_items`.", param=f"line_items[{index}][quantity]"
            )
    items = priced_items(
        account, [{"price": one["price"], "quantity": one["quantity"]} for one in asked if "price" in one]
    )
    customer = get_customer(account, params["customer"]) if "customer" in params else None
    if customer is not None and "customer_email" in params:
        raise invalid("You may only specify one of these parameters: customer, customer_email.")
    now = gateway.now()
    expires_at = params.get("expires_at", now + _LONGEST_LIFE_SECONDS)
    if not now + _SHORTEST_LIFE_SECONDS <= expires_at <= now + _LONGEST_LIFE_SECONDS:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    if "success_url" not in params:
        raise invalid("Missing required param: success_url.", code="parameter_missing", param="success_url")
    for name in ("success_url", "cancel_url"):
        _check_url(params.get(name), name)
    data = params.get("subscription_data") or {}
    has_trial = trial_end_of(data, now) is not None
    total = 0 if has_trial else sum(price["unit_amount"] * count for price, count, _ in items)
    body = _session(gateway, params, total=total, currency=items[0][0]["currency"], expires_at=expires_at)
    lines = [_line(account, price, count, is_free=has_trial) for price, count, _ in items]
    account.put(body, line_items=lines, data=data, has_trial=has_trial)
    gateway.store.pages[body["id"]] = (account, body["id"])
    gateway.schedule(expires_at, lambda: _expire_in_time(gateway, account, body))
    return body


def complete(gateway: Gateway, account: Account, session: Body, form: dict[str, str]) -> Body:
    """The customer has typed a card on the page and subscribed.

    Args:
        form: `number`, `email`, `name`, and where asked for `tax_id_type` and `tax_id`.

    Raises:
        ApiError: The session is not open, or the card was refused: then the page stays open for another one.
    """
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.")
    hidden, number = account.hidden[session["id"]], form.get("number", "").strip()
    needs_card = session["payment_method_collection"] == "always" or session["amount_total"] > 0
    if needs_card or number:
        card = card_of_number(number)
        refusal = card.on_save or (card.on_charge if session["amount_total"] > 0 else None)
        if card.asks and form.get("authentication") == "fail":
            refusal = AUTHENTICATION
        if refusal is not None:
            raise refusal.error()
    customer = _customer_of(gateway, account, session, form)
    order: dict[str, Any] = {
        "customer": customer["id"], "metadata": hidden["data"].get("metadata"),
        "items": [{"price": line["price"]["id"], "quantity": line["quantity"]} for line in hidden["line_items"]],
        **{name: hidden["data"][name] for name in ("description", "trial_period_days", "trial_end", "trial_settings")
           if name in hidden["data"]},
    }  # fmt: skip
    if number:
        order["default_payment_method"] = save_card(gateway, account, customer["id"], number)["id"]
    order = {name: value for name, value in order.items() if value is not None}
    subscription = create_subscription(gateway, account, order, is_present=True)
    session |= {
        "customer": customer["id"], "subscription": subscription["id"], "invoice": subscription["latest_invoice"],
        "status": "complete", "payment_status": "paid" if session["amount_total"] else "no_payment_required",
        "url": None,
        "customer_details": {
            "address": customer["address"], "business_name": None, "email": customer["email"], "individual_name": None,
            "name": customer["name"], "phone": customer["phone"], "tax_exempt": customer["tax_exempt"],
            "tax_ids": [
                {"type": one["type"], "value": one["value"]}
                for one in account.oldest_first("tax_id", customer=customer["id"])
            ],
        },
    }  # fmt: skip
    gateway.emit(account, "checkout.session.completed", session)
    return session


def expire(gateway: Gateway, account: Account, session: Body) -> Body:
    """Close the page before its time.

    Raises:
        ApiError: It is not open.
    """
    if session["status"] != "open":
        raise invalid(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{session['status']}`."
        )  # fmt: skip
    session |= {"status": "expired", "url": None}
    gateway.emit(account, "checkout.session.expired", session)
    return session


def return_url_of(session: Body) -> str:
    """Return where the customer goes after success, with the session's id put in where it was asked for."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _expire_in_time(gateway: Gateway, account: Account, session: Body) -> None:
    if session["status"] == "open":
        expire(gateway, account, session)


def _customer_of(gateway: Gateway, account: Account, session: Body, form: dict[str, str]) -> Body:
    if session["customer"]:
        customer = get_customer(account, session["customer"])
        changes = {"name": form["name"]} if form.get("name") and not customer["name"] else {}
        if form.get("email") and not customer["email"]:
            changes["email"] = form["email"]
        if changes:
            update_customer(gateway, account, customer["id"], changes)
    else:
        email = session["customer_email"] or form.get("email", "").strip()
        if not email:
            raise invalid("An e-mail address is needed.", param="email")
        customer = create_customer(gateway, account, {"email": email, "name": form.get("name") or None})
    if session["tax_id_collection"]["enabled"] and form.get("tax_id"):
        given = {"type": form.get("tax_id_type", "eu_vat"), "value": form["tax_id"].strip()}
        known = account.oldest_first("tax_id", customer=customer["id"], **given)
        if not known:
            create_tax_id(gateway, account, customer["id"], given)
    return customer


def _refuse_unplayed(params: dict[str, Any]) -> None:
    if params.get("mode", "payment") != "subscription":
        raise not_played("Checkout in other modes than `subscription`", "mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_played("Checkout without a hosted page", "ui_mode")
    if params.get("allowed_payment_method_types", ["card"]) != ["card"]:
        raise not_played("payment methods other than cards", "payment_method_types")
    if params.get("automatic_tax", {}).get("enabled"):
        raise not_played("automatic tax", "automatic_tax[enabled]")
    if params.get("allow_promotion_codes"):
        raise not_played("promotion codes", "allow_promotion_codes")
    is_name_kept = params.get("customer_update", {}).get("name") == "auto"
    if params.get("tax_id_collection", {}).get("enabled") and "customer" in params and not is_name_kept:
        raise invalid(
            "Tax ID collection requires updating business name on the customer. To enable tax ID collection for an "
            "existing customer, please set `customer_update[name]` to `auto`.", param="tax_id_collection",
        )  # fmt: skip
    if "customer_update" in params and "customer" not in params:
        raise invalid("`customer_update` can only be used with `customer`.", param="customer_update")


def _check_url(url: str | None, name: str) -> None:
    if url is not None and (not url.startswith(("http://", "https://")) or len(url) > _LONGEST_URL):
        raise invalid("Not a valid URL", code="url_invalid", param=name)


def _session(gateway: Gateway, params: dict[str, Any], *, total: int, currency: str, expires_at: int) -> Body:
    session_id = new_id("cs_test_a1", 56)
    has_customer = "customer" in params
    return {
        "id": session_id, "object": "checkout.session", "adaptive_pricing": {"enabled": False},
        "after_expiration": None, "allow_promotion_codes": params.get("allow_promotion_codes"),
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "amount_subtotal": total, "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"), "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"), "client_secret": None, "collected_information": None,
        "consent": None, "consent_collection": None, "created": gateway.now(), "currency": currency,
        "currency_conversion": None, "custom_fields": [],
        "custom_text": {
            "after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None,
        },
        "customer": params.get("customer"), "customer_account": None,
        "customer_creation": None if has_customer else "always", "customer_details": None,
        "customer_email": params.get("customer_email"), "discounts": [], "expires_at": expires_at,
        "integration_identifier": None, "invoice": None, "invoice_creation": None, "livemode": False,
        "locale": params.get("locale"), "managed_payments": {"enabled": False},
        "metadata": merge_metadata({}, params.get("metadata")), "mode": "subscription", "origin_context": None,
        "payment_intent": None, "payment_link": None,
        "payment_method_collection": params.get("payment_method_collection", "always"),
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "payment_method_types": ["card"],
        "payment_status": "unpaid", "permissions": None, "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"], "payment_method_remove": "disabled", "payment_method_save": None,
        },
        "setup_intent": None, "shipping_address_collection": None, "shipping_cost": None, "shipping_options": [],
        "status": "open", "submit_type": None, "subscription": None, "success_url": params["success_url"],
        "tax_id_collection": {
            "enabled": params.get("tax_id_collection", {}).get("enabled", False), "required": "never",
        },
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}, "ui_mode": "hosted_page",
        "url": f"{gateway.public_url}/c/pay/{session_id}", "wallet_options": None,
    }  # fmt: skip


def _line(account: Account, price: Body, count: int, *, is_free: bool) -> Body:
    amount = 0 if is_free else price["unit_amount"] * count
    return {
        "id": new_id("li_1"), "object": "item", "adjustable_quantity": None, "amount_discount": 0,
        "amount_subtotal": amount, "amount_tax": 0, "amount_total": amount, "currency": price["currency"],
        "description": account.get("product", price["product"])["name"], "metadata": {}, "price": price,
        "quantity": count,
    }  # fmt: skip
