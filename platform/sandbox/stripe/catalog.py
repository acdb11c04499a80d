"""Products and prices."""

from typing import Any

from sandbox.stripe.errors import invalid, not_played
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.store import Account, Body, new_id

PRODUCT_FIELDS = frozenset({
    "id", "name", "description", "active", "metadata", "images", "unit_label", "url", "statement_descriptor", "tax_code",
    "marketing_features", "default_price", "shippable",
})  # fmt: skip
PRICE_FIELDS = frozenset({
    "currency", "product", "product_data.name", "product_data.metadata", "product_data.active", "unit_amount",
    "recurring.interval", "recurring.interval_count", "recurring.usage_type", "lookup_key", "transfer_lookup_key",
    "nickname", "metadata", "tax_behavior", "active", "billing_scheme",
})  # fmt: skip
_LONGEST_INTERVALS = {"day": 1095, "week": 156, "month": 36, "year": 3}
_MOST_MINOR = 99_999_999


def create_product(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a product, with an id of the caller's choice if there is one."""
    product_id = params.get("id") or new_id("prod_", 14)
    if account.find("product", product_id):
        raise invalid("Product already exists.", code="resource_already_exists")
    now = gateway.now()
    body: Body = {
        "id": product_id, "object": "product", "active": params.get("active", True), "created": now,
        "default_price": None, "description": params.get("description"), "images": params.get("images") or [],
        "livemode": False, "marketing_features": params.get("marketing_features") or [],
        "metadata": merge_metadata({}, params.get("metadata")), "name": params["name"], "package_dimensions": None,
        "shippable": params.get("shippable"), "statement_descriptor": params.get("statement_descriptor"),
        "tax_code": params.get("tax_code"), "type": "service", "unit_label": params.get("unit_label"), "updated": now,
        "url": params.get("url"),
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "product.created", body)
    return body


def update_product(gateway: Gateway, account: Account, product_id: str, params: dict[str, Any]) -> Body:
    """Change a product; an empty string clears a field."""
    body = account.get("product", product_id, status=404)
    if params.get("default_price"):
        account.get("price", params["default_price"], param="default_price")
    with gateway.changing(account, body, "product.updated"):
        body["metadata"] = merge_metadata(body["metadata"], params.pop("metadata", None))
        for name, value in params.items():
            empty: Any = [] if name in {"images", "marketing_features"} else None
            body[name] = empty if value == "" else value
        body["updated"] = gateway.now()
    return body


def delete_product(gateway: Gateway, account: Account, product_id: str) -> Body:
    """Delete a product that has no prices."""
    body = account.get("product", product_id, status=404)
    if account.oldest_first("price", product=product_id):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.")
    account.remove("product", product_id)
    gateway.emit(account, "product.deleted", body)
    return {"id": product_id, "object": "product", "deleted": True}


def create_price(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a price of a product, or of a new one."""
    amount = params.get("unit_amount")
    if amount is None:
        raise invalid("Missing required param: unit_amount.", code="parameter_missing", param="unit_amount")
    if not 0 <= amount <= _MOST_MINOR:
        raise invalid("Invalid unit_amount", code="parameter_invalid_integer", param="unit_amount")
    recurring = _recurring(params.get("recurring"))
    if ("product" in params) == ("product_data" in params):
        raise invalid("You must specify exactly one of `product` or `product_data`.", param="product")
    _check_currency(params["currency"])
    lookup_key = params.get("lookup_key")
    _take_lookup_key(gateway, account, lookup_key, is_moved=params.get("transfer_lookup_key", False))
    if "product" in params:
        product = account.get("product", params["product"], param="product")
    else:
        product = create_product(gateway, account, dict(params["product_data"]))
    body: Body = {
        "id": new_id("price_1"), "object": "price", "active": params.get("active", True),
        "billing_scheme": params.get("billing_scheme", "per_unit"), "created": gateway.now(),
        "currency": params["currency"], "custom_unit_amount": None, "livemode": False, "lookup_key": lookup_key,
        "metadata": merge_metadata({}, params.get("metadata")), "nickname": params.get("nickname"),
        "product": product["id"], "recurring": recurring, "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers_mode": None, "transform_quantity": None, "type": "recurring" if recurring else "one_time",
        "unit_amount": amount, "unit_amount_decimal": str(amount),
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "price.created", body)
    return body


def update_price(gateway: Gateway, account: Account, price_id: str, params: dict[str, Any]) -> Body:
    """Change what may be changed of a price: never its amount."""
    body = account.get("price", price_id, status=404)
    is_moved = params.pop("transfer_lookup_key", False)
    if params.get("lookup_key") and params["lookup_key"] != body["lookup_key"]:
        _take_lookup_key(gateway, account, params["lookup_key"], is_moved=is_moved)
    with gateway.changing(account, body, "price.updated"):
        body["metadata"] = merge_metadata(body["metadata"], params.pop("metadata", None))
        for name, value in params.items():
            body[name] = None if value == "" else value
    return body


def plan_of(price: Body) -> Body:
    """Return the older form in which a subscription item repeats its price."""
    recurring = price["recurring"]
    return {
        "id": price["id"], "object": "plan", "active": price["active"], "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit", "created": price["created"],
        "currency": price["currency"], "interval": recurring["interval"],
        "interval_count": recurring["interval_count"], "livemode": False, "metadata": price["metadata"], "meter": None,
        "nickname": price["nickname"], "product": price["product"], "tiers_mode": None, "transform_usage": None,
        "trial_period_days": None, "usage_type": "licensed",
    }  # fmt: skip


def _recurring(asked: dict[str, Any] | None) -> Body | None:
    if asked is None:
        return None
    if asked.get("usage_type", "licensed") != "licensed":
        raise not_played("metered prices", "recurring[usage_type]")
    interval, count = asked["interval"], asked.get("interval_count", 1)
    if not 1 <= count <= _LONGEST_INTERVALS[interval]:
        raise invalid("The interval must be at most three years.", param="recurring[interval_count]")
    return {
        "interval": interval, "interval_count": count, "meter": None, "trial_period_days": None,
        "usage_type": "licensed",
    }  # fmt: skip


def _check_currency(currency: str) -> None:
    if len(currency) != 3 or not currency.isalpha() or not currency.islower():
        raise invalid(f"Invalid currency: {currency}.", param="currency")


def _take_lookup_key(gateway: Gateway, account: Account, lookup_key: str | None, *, is_moved: bool) -> None:
    if not lookup_key:
        return
    for owner in account.oldest_first("price", lookup_key=lookup_key):
        if not is_moved:
            raise invalid(f"A price (`{owner['id']}`) already uses that lookup key.", param="lookup_key")
        with gateway.changing(account, owner, "price.updated"):
            owner["lookup_key"] = None
