"""How subscriptions and their items look, and which items a request asks for."""

from typing import Any

from sandbox.stripe.catalog import plan_of
from sandbox.stripe.errors import invalid, missing, not_played
from sandbox.stripe.store import Account, Body, list_of, new_id

_MOST_ITEMS = 20


def new_item(now: int, subscription_id: str, price: Body, quantity: int, *, metadata: Body | None = None) -> Body:
    """Return an item whose period has not begun yet."""
    return {
        "id": new_id("si_", 14), "object": "subscription_item", "billed_until": None, "billing_thresholds": None,
        "created": now, "current_period_end": now, "current_period_start": now, "discounts": [],
        "metadata": metadata or {}, "plan": plan_of(price), "price": price, "quantity": quantity,
        "subscription": subscription_id, "tax_rates": [],
    }  # fmt: skip


def new_subscription(now: int, customer: Body, currency: str, params: dict[str, Any]) -> Body:
    """Return a subscription without items that has not begun yet."""
    subscription_id = new_id("sub_1")
    settings = params.get("payment_settings") or {}
    trial = (params.get("trial_settings") or {}).get("end_behavior", {})
    return {
        "id": subscription_id, "object": "subscription", "application": None, "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None}, "billing_cycle_anchor": now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"}, "billing_schedules": [],
        "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically", "created": now, "currency": currency, "customer": customer["id"],
        "customer_account": None, "days_until_due": None,
        "default_payment_method": params.get("default_payment_method"), "default_source": None,
        "default_tax_rates": [], "description": params.get("description"), "discounts": [], "ended_at": None,
        "invoice_settings": {
            "account_tax_ids": None, "custom_fields": None, "description": None, "footer": None,
            "issuer": {"type": "self"},
        },
        "items": list_of([], f"/v1/subscription_items?subscription={subscription_id}"), "latest_invoice": None,
        "livemode": False, "managed_payments": {"enabled": False}, "metadata": params.get("metadata") or {},
        "next_pending_invoice_item_invoice": None, "on_behalf_of": None, "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None, "payment_method_types": settings.get("payment_method_types"),
            "save_default_payment_method": settings.get("save_default_payment_method", "off"),
        },
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None, "schedule": None,
        "start_date": now, "status": "incomplete", "status_details": None, "test_clock": None, "transfer_data": None,
        "trial_end": None,
        "trial_settings": {
            "end_behavior": {"missing_payment_method": trial.get("missing_payment_method", "create_invoice")},
        },
        "trial_start": None,
    }  # fmt: skip


def priced_items(account: Account, asked: list[dict[str, Any]]) -> list[tuple[Body, int, Body]]:
    """Return price, quantity and metadata of each item that a new subscription shall have.

    Raises:
        ApiError: There are none or too many, a price is unknown, inactive or not recurring, or they do not fit together.
    """
    if not asked:
        raise invalid("Missing required param: items.", code="parameter_missing", param="items")
    if len(asked) > _MOST_ITEMS:
        raise invalid(f"Subscriptions can have up to {_MOST_ITEMS} items.", param="items")
    found = []
    for index, one in enumerate(asked):
        if "price" not in one:
            raise invalid("Missing required param: items[0][price].", code="parameter_missing", param=f"items[{index}]")
        price = recurring_price(account, one["price"], param=f"items[{index}][price]")
        found.append((price, quantity_of(one), one.get("metadata") or {}))
    check_fit([price for price, _, _ in found])
    return found


def recurring_price(account: Account, price_id: str, *, param: str) -> Body:
    """Return a price that a subscription can have."""
    price = account.get("price", price_id, param=param)
    if price["recurring"] is None:
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            param=param,
        )  # fmt: skip
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", param=param)
    return price


def quantity_of(asked: dict[str, Any]) -> int:
    """Return how many of the price are asked for."""
    quantity: int = asked.get("quantity", 1)
    if quantity < 0:
        raise invalid("Invalid non-negative integer", code="parameter_invalid_integer", param="quantity")
    return quantity


def check_fit(prices: list[Body]) -> None:
    """Refuse prices of several currencies or intervals in one subscription.

    Raises:
        ApiError: They do not fit together.
    """
    if len({price["currency"] for price in prices}) > 1:
        raise invalid("All prices on a subscription must use the same `currency`.", param="items")
    if len({(price["recurring"]["interval"], price["recurring"]["interval_count"]) for price in prices}) > 1:
        raise not_played("subscriptions with prices of several intervals", "items")


def changed_items(account: Account, subscription: Body, asked: list[dict[str, Any]], *, now: int) -> list[Body]:
    """Return the items as they shall be; those that are not named stay.

    Raises:
        ApiError: An item or a price is unknown, or nothing would be left.
    """
    items = {item["id"]: dict(item) for item in subscription["items"]["data"]}
    for index, one in enumerate(asked):
        if "id" not in one:
            price = recurring_price(account, one.get("price", ""), param=f"items[{index}][price]")
            if any(item["price"]["id"] == price["id"] for item in items.values()):
                raise invalid(
                    f"Cannot add multiple subscription items with the same plan: {price['id']}", param="items"
                )
            added = new_item(now, subscription["id"], price, quantity_of(one), metadata=one.get("metadata") or {})
            periods = subscription["items"]["data"][0]
            added |= {name: periods[name] for name in ("current_period_start", "current_period_end")}
            items[added["id"]] = added
            continue
        if one["id"] not in items:
            raise missing("subscription_item", one["id"], param=f"items[{index}][id]")
        if one.get("deleted"):
            del items[one["id"]]
            continue
        item = items[one["id"]]
        if "price" in one:
            price = recurring_price(account, one["price"], param=f"items[{index}][price]")
            item |= {"price": price, "plan": plan_of(price)}
        if "quantity" in one:
            item["quantity"] = quantity_of(one)
        if "metadata" in one:
            item["metadata"] = item["metadata"] | (one["metadata"] or {})
    if not items:
        raise invalid("A subscription must have at least one active plan.", param="items")
    check_fit([item["price"] for item in items.values()])
    return list(items.values())
