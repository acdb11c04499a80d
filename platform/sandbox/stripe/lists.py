"""The operations that list objects, each with its own filters."""

from typing import Any

from sandbox.stripe.customers import get_customer
from sandbox.stripe.endpoints import list_events
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.http import Action, Operation
from sandbox.stripe.listing import equal, page, page_of
from sandbox.stripe.standing import subscription_of
from sandbox.stripe.store import Account, Body

PAGING = frozenset({"limit", "starting_after", "ending_before"})
_ENDED = {"canceled", "incomplete_expired"}


def _plain(kind: str, path: str, *fields: str) -> Action:
    return lambda _, account, __, params: page_of(account, kind, path, params, equal(params, *fields))


def _prices(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, keys = equal(params, "product", "active", "type", "currency"), params.get("lookup_keys")
    recurring = params.get("recurring") or {}
    return page_of(
        account, "price", "/v1/prices", params,
        lambda body: same(body) and (keys is None or body["lookup_key"] in keys)
        and all((body["recurring"] or {}).get(name) == value for name, value in recurring.items()),
    )  # fmt: skip


def _products(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, ids = equal(params, "active", "url"), params.get("ids")
    return page_of(
        account, "product", "/v1/products", params, lambda body: same(body) and (ids is None or body["id"] in ids)
    )


def _subscriptions(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, status = equal(params, "customer", "collection_method"), params.get("status")

    def wanted(body: Body) -> bool:
        match status:
            case None:
                in_state = body["status"] not in _ENDED
            case "all":
                in_state = True
            case "ended":
                in_state = body["status"] in _ENDED
            case _:
                in_state = body["status"] == status
        has_price = "price" not in params or params["price"] in {item["price"]["id"] for item in body["items"]["data"]}
        return in_state and same(body) and has_price

    return page_of(account, "subscription", "/v1/subscriptions", params, wanted)


def _subscription_items(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    subscription = account.get("subscription", params["subscription"], param="subscription")
    items = subscription["items"]["data"]
    return page(items, "/v1/subscription_items", params, cursor_exists=lambda _: True)


def _invoices(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, wanted_id = equal(params, "customer", "status", "collection_method"), params.get("subscription")

    def wanted(body: Body) -> bool:
        subscription = subscription_of(account, body)
        return same(body) and (wanted_id is None or (subscription is not None and subscription["id"] == wanted_id))

    return page_of(account, "invoice", "/v1/invoices", params, wanted)


def _invoice_lines(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway
    lines = account.get("invoice", one, status=404)["lines"]
    return page(lines["data"], lines["url"], params, cursor_exists=lambda _: True)


def _session_lines(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway
    account.get("checkout.session", one, status=404)
    url = f"/v1/checkout/sessions/{one}/line_items"
    return page(account.hidden[one]["line_items"], url, params, cursor_exists=lambda _: True)


def _invoice_payments(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, payment = equal(params, "invoice", "status"), params.get("payment") or {}
    return page_of(
        account, "invoice_payment", "/v1/invoice_payments", params,
        lambda body: same(body) and all(body["payment"].get(name) == value for name, value in payment.items()),
    )  # fmt: skip


def _sessions(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one
    same, details = (
        equal(params, "customer", "subscription", "status", "payment_intent"),
        params.get("customer_details"),
    )
    email = (details or {}).get("email")
    return page_of(
        account, "checkout.session", "/v1/checkout/sessions", params,
        lambda body: same(body) and (email is None or (body["customer_details"] or {}).get("email") == email),
    )  # fmt: skip


def _of_customer(kind: str, name: str) -> Action:
    def listed(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
        del gateway
        get_customer(account, one, param="id")
        return page_of(account, kind, f"/v1/customers/{one}/{name}", params, lambda body: bool(body["customer"] == one))

    return listed


def _operation(path: str, resource: str, action: Action, *fields: str) -> Operation:
    return Operation("GET", path, resource, action, PAGING | set(fields))


LISTS = [
    _operation("/v1/customers", "customers", _plain("customer", "/v1/customers", "email"), "email", "created"),
    _operation("/v1/customers/{id}/tax_ids", "tax_ids", _of_customer("tax_id", "tax_ids")),
    _operation(
        "/v1/customers/{id}/payment_methods", "payment_methods", _of_customer("payment_method", "payment_methods"),
        "type",
    ),
    _operation("/v1/products", "products", _products, "active", "ids", "url", "created"),
    _operation(
        "/v1/prices", "prices", _prices, "product", "active", "type", "currency", "lookup_keys", "recurring", "created"
    ),
    _operation(
        "/v1/payment_methods", "payment_methods", _plain("payment_method", "/v1/payment_methods", "customer", "type"),
        "customer", "type",
    ),
    _operation(
        "/v1/setup_intents", "setup_intents",
        _plain("setup_intent", "/v1/setup_intents", "customer", "payment_method"), "customer", "payment_method", "created",
    ),
    _operation(
        "/v1/payment_intents", "payment_intents", _plain("payment_intent", "/v1/payment_intents", "customer"),
        "customer", "created",
    ),
    _operation(
        "/v1/charges", "charges", _plain("charge", "/v1/charges", "customer", "payment_intent"), "customer",
        "payment_intent", "created",
    ),
    _operation(
        "/v1/refunds", "refunds", _plain("refund", "/v1/refunds", "charge", "payment_intent"), "charge",
        "payment_intent", "created",
    ),
    _operation(
        "/v1/checkout/sessions", "checkout_sessions", _sessions, "customer", "subscription", "status", "created",
        "customer_details.email", "payment_intent",
    ),
    _operation("/v1/checkout/sessions/{id}/line_items", "checkout_sessions", _session_lines),
    _operation(
        "/v1/billing_portal/configurations", "billing_portal",
        _plain("billing_portal.configuration", "/v1/billing_portal/configurations", "active", "is_default"),
        "active", "is_default",
    ),
    _operation(
        "/v1/subscriptions", "subscriptions", _subscriptions, "customer", "status", "price", "collection_method",
        "created",
    ),
    _operation("/v1/subscription_items", "subscriptions", _subscription_items, "subscription"),
    _operation(
        "/v1/invoices", "invoices", _invoices, "customer", "status", "subscription", "collection_method", "created"
    ),
    _operation("/v1/invoices/{id}/lines", "invoices", _invoice_lines),
    _operation("/v1/invoice_payments", "invoices", _invoice_payments, "invoice", "status", "payment", "created"),
    _operation("/v1/invoiceitems", "invoices", _plain("invoiceitem", "/v1/invoiceitems", "customer", "invoice"), "customer", "invoice"),
    _operation(
        "/v1/events", "events", lambda gateway, account, _, params: list_events(gateway, account, params), "type",
        "types", "created", "delivery_success",
    ),
    _operation(
        "/v1/webhook_endpoints", "webhook_endpoints", _plain("webhook_endpoint", "/v1/webhook_endpoints")
    ),
]  # fmt: skip
