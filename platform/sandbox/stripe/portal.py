"""The customer portal: its configurations, its sessions, and what a customer does on its page."""

from copy import deepcopy
from typing import Any

from sandbox.stripe.customers import create_tax_id, get_customer, update_customer
from sandbox.stripe.errors import ApiError, invalid, missing, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.payment_methods import save_card
from sandbox.stripe.standing import ENDED, UPDATED
from sandbox.stripe.store import Account, Body, new_id
from sandbox.stripe.subscription_changes import cancel, update

SESSION_FIELDS = frozenset({
    "customer", "return_url", "configuration", "locale", "flow_data.type", "flow_data.subscription_cancel.subscription",
    "flow_data.subscription_update.subscription", "flow_data.after_completion",
})  # fmt: skip
CONFIGURATION_FIELDS = frozenset({
    "features", "business_profile", "default_return_url", "metadata", "name", "active", "login_page.enabled",
})  # fmt: skip
_FLOWS = {"payment_method_update", "subscription_cancel", "subscription_update"}
SESSION_LIFE_SECONDS = 3600
_KIND = "billing_portal.configuration"
_FEATURES: Body = {
    "customer_update": {"allowed_updates": ["email", "name", "tax_id"], "enabled": True},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {
            "enabled": True, "options": ["too_expensive", "missing_features", "switched_service", "unused", "other"],
        },
        "enabled": True, "mode": "at_period_end", "proration_behavior": "none",
    },
    "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
    "subscription_update": {
        "billing_cycle_anchor": None, "default_allowed_updates": [], "enabled": False, "products": None,
        "proration_behavior": "none", "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}  # fmt: skip


def create_configuration(
    gateway: Gateway, account: Account, params: dict[str, Any], *, is_default: bool = False
) -> Body:
    """Make a configuration: which features the portal's page has."""
    now, profile = gateway.now(), params.get("business_profile") or {}
    body: Body = {
        "id": new_id("bpc_1"), "object": _KIND, "active": True, "application": None,
        "business_profile": {
            name: profile.get(name) for name in ("headline", "privacy_policy_url", "terms_of_service_url")
        },
        "created": now, "default_return_url": params.get("default_return_url"),
        "features": _features(account, _all_off() if not is_default else _FEATURES, params.get("features") or {}),
        "is_default": is_default, "livemode": False, "login_page": {"enabled": False, "url": None},
        "metadata": merge_metadata({}, params.get("metadata")), "name": params.get("name"), "updated": now,
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "billing_portal.configuration.created", body)
    return body


def update_configuration(gateway: Gateway, account: Account, configuration_id: str, params: dict[str, Any]) -> Body:
    """Change a configuration."""
    body = account.get(_KIND, configuration_id, status=404)
    with gateway.changing(account, body, "billing_portal.configuration.updated"):
        body["metadata"] = merge_metadata(body["metadata"], params.pop("metadata", None))
        body["features"] = _features(account, body["features"], params.pop("features", {}))
        body["business_profile"] = body["business_profile"] | params.pop("business_profile", {})
        for name, value in params.items():
            body[name] = None if value == "" else value
        body["updated"] = gateway.now()
    return body


def create_session(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a session: a page for one customer that is open for an hour."""
    if "customer" not in params:
        raise invalid("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = get_customer(account, params["customer"])
    configuration = _configuration_for(gateway, account, params.get("configuration"))
    return_url = params.get("return_url") or configuration["default_return_url"]
    if return_url is not None and not return_url.startswith(("http://", "https://")):
        raise invalid("Not a valid URL", code="url_invalid", param="return_url")
    flow = _flow(account, customer, configuration, params.get("flow_data"))
    session_id = new_id("bps_1")
    token = gateway.store.link_page(account, session_id)
    body: Body = {
        "id": session_id, "object": "billing_portal.session", "configuration": configuration["id"],
        "created": gateway.now(), "customer": customer["id"], "customer_account": None, "flow": flow, "livemode": False,
        "locale": params.get("locale"), "on_behalf_of": None, "return_url": return_url,
        "url": f"{gateway.public_url}/p/session/{token}",
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "billing_portal.session.created", body)
    return body


def change_card(gateway: Gateway, account: Account, customer_id: str, number: str) -> Body:
    """The customer has typed a new card: it is charged from now on, also by subscriptions that had a card of their own.

    Raises:
        ApiError: The card is refused.
    """
    method = save_card(gateway, account, customer_id, number)
    update_customer(gateway, account, customer_id, {"invoice_settings": {"default_payment_method": method["id"]}})
    for subscription in account.oldest_first("subscription", customer=customer_id):
        if subscription["status"] not in ENDED and subscription["default_payment_method"]:
            with gateway.changing(account, subscription, UPDATED):
                subscription["default_payment_method"] = method["id"]
    return method


def cancel_on_page(
    gateway: Gateway, account: Account, configuration: Body, subscription: Body, details: dict[str, Any]
) -> None:
    """The customer cancels: at the end of the period or at once, as the configuration says."""
    feature = configuration["features"]["subscription_cancel"]
    if feature["mode"] == "immediately":
        prorates = feature["proration_behavior"] != "none"
        cancel(
            gateway,
            account,
            subscription,
            {"prorate": prorates, "invoice_now": prorates, "cancellation_details": details},
        )
    else:
        update(gateway, account, subscription, {"cancel_at_period_end": True, "cancellation_details": details})


def resume_on_page(gateway: Gateway, account: Account, subscription: Body) -> None:
    """The customer does not want to leave after all."""
    update(gateway, account, subscription, {"cancel_at_period_end": False})


def switch_price_on_page(
    gateway: Gateway, account: Account, configuration: Body, subscription: Body, price_id: str
) -> None:
    """The customer changes to another of the offered prices.

    Raises:
        ApiError: The configuration does not offer it, or it cannot be paid.
    """
    if price_id not in offered_prices(configuration):
        raise invalid("This price is not offered.", param="price")
    item = subscription["items"]["data"][0]
    behaviour = configuration["features"]["subscription_update"]["proration_behavior"]
    order = {
        "items": [{"id": item["id"], "price": price_id}], "proration_behavior": behaviour,
        "payment_behavior": "error_if_incomplete",
    }  # fmt: skip
    if subscription["status"] == "trialing" and (
        configuration["features"]["subscription_update"]["trial_update_behavior"] == "end_trial"
    ):
        order["trial_end"] = "now"
    update(gateway, account, subscription, order)


def offered_prices(configuration: Body) -> list[str]:
    """Return the prices that the page offers to change to."""
    feature = configuration["features"]["subscription_update"]
    if not feature["enabled"] or "price" not in feature["default_allowed_updates"]:
        return []
    return [price for product in feature["products"] or [] for price in product["prices"]]


def add_tax_id_on_page(gateway: Gateway, account: Account, customer_id: str, kind: str, value: str) -> None:
    """The customer has typed a tax id."""
    create_tax_id(gateway, account, customer_id, {"type": kind, "value": value.strip()})


def _configuration_for(gateway: Gateway, account: Account, configuration_id: str | None) -> Body:
    if configuration_id:
        configuration = account.get(_KIND, configuration_id, param="configuration")
        if not configuration["active"]:
            raise invalid("The configuration is inactive.", param="configuration")
        return configuration
    for known in account.oldest_first(_KIND, is_default=True):
        return known
    if not account.portal_is_configured:
        raise ApiError(
            "You can't create a portal session in test mode until you save your customer portal settings in test mode "
            "at https://dashboard.stripe.com/test/settings/billing/portal."
        )
    return create_configuration(gateway, account, {}, is_default=True)


def _flow(account: Account, customer: Body, configuration: Body, given: dict[str, Any] | None) -> Body | None:
    if given is None:
        return None
    kind = given["type"]
    if kind not in _FLOWS:
        raise not_played(f"the portal's flow {kind}", "flow_data[type]")
    if not configuration["features"][kind]["enabled"]:
        raise invalid(f"The configuration does not enable {kind}.", param="flow_data[type]")
    body: Body = {
        "after_completion": {"hosted_confirmation": None, "redirect": None, **(given.get("after_completion") or {"type": "portal_homepage"})},
        "subscription_cancel": None, "subscription_update": None, "subscription_update_confirm": None, "type": kind,
    }  # fmt: skip
    if kind != "payment_method_update":
        subscription_id = (given.get(kind) or {}).get("subscription")
        if subscription_id is None:
            name = f"flow_data[{kind}][subscription]"
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
        subscription = account.get("subscription", subscription_id, param=f"flow_data[{kind}][subscription]")
        if subscription["customer"] != customer["id"] or subscription["status"] in ENDED:
            raise missing("subscription", subscription_id, param=f"flow_data[{kind}][subscription]")
        body[kind] = {"subscription": subscription_id} | ({"retention": None} if kind == "subscription_cancel" else {})
    return body


def _features(account: Account, base: Body, given: dict[str, Any]) -> Body:
    features: Body = deepcopy(base)
    for name, wanted in given.items():
        if name == "subscription_pause" and wanted.get("enabled"):
            raise not_played("pausing in the portal", "features[subscription_pause]")
        merged = features[name] | wanted
        if name == "subscription_cancel" and "cancellation_reason" in wanted:
            merged["cancellation_reason"] = features[name]["cancellation_reason"] | wanted["cancellation_reason"]
        features[name] = merged
    products = features["subscription_update"]["products"]
    for product in products or []:
        account.get("product", product["product"], param="features[subscription_update][products]")
        product["adjustable_quantity"] = {"enabled": False, "maximum": None, "minimum": 1}
        for price_id in product["prices"]:
            account.get("price", price_id, param="features[subscription_update][products]")
    return features


def _all_off() -> Body:
    features: Body = deepcopy(_FEATURES)
    for feature in features.values():
        feature["enabled"] = False
    features["subscription_cancel"]["cancellation_reason"]["enabled"] = False
    return features
