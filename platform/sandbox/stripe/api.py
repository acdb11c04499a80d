"""The operations of the API v1 that are played."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.stripe import (
    catalog,
    charges,
    checkout,
    customers,
    endpoints,
    invoices,
    payment_methods,
    portal,
    preview,
    subscriptions,
)
from sandbox.stripe import subscription_changes as changes
from sandbox.stripe.customers import get_customer
from sandbox.stripe.errors import missing
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.http import Action, Operation, endpoint_of
from sandbox.stripe.lists import LISTS
from sandbox.stripe.standing import ENDED
from sandbox.stripe.store import Account, Body

# Path -> kind of the object and the permission that reading it needs.
_KINDS = {
    "products": ("product", "products"),
    "prices": ("price", "prices"),
    "payment_methods": ("payment_method", "payment_methods"),
    "setup_intents": ("setup_intent", "setup_intents"),
    "payment_intents": ("payment_intent", "payment_intents"),
    "charges": ("charge", "charges"),
    "refunds": ("refund", "refunds"),
    "tax_ids": ("tax_id", "tax_ids"),
    "checkout/sessions": ("checkout.session", "checkout_sessions"),
    "billing_portal/configurations": ("billing_portal.configuration", "billing_portal"),
    "subscriptions": ("subscription", "subscriptions"),
    "invoices": ("invoice", "invoices"),
    "invoice_payments": ("invoice_payment", "invoices"),
    "invoiceitems": ("invoiceitem", "invoices"),
    "events": ("event", "events"),
    "webhook_endpoints": ("webhook_endpoint", "webhook_endpoints"),
}


def add_api_routes(app: web.Application) -> None:
    """Add everything under /v1."""
    for operation in operations():
        app.router.add_route(operation.method, operation.path, endpoint_of(operation))


def operations() -> list[Operation]:
    """Return every operation that is played."""
    return [
        *_reads(),
        *LISTS,
        *_customer_operations(),
        *_catalog_operations(),
        *_money_operations(),
        *_page_operations(),
        *_subscription_operations(),
        *_invoice_operations(),
        *_webhook_operations(),
    ]


def _reads() -> list[Operation]:
    reads = [
        Operation("GET", f"/v1/{path}/{{id}}", resource, _retrieve(kind)) for path, (kind, resource) in _KINDS.items()
    ]
    return [
        *reads,
        Operation("GET", "/v1/subscription_items/{id}", "subscriptions", _subscription_item),
        Operation("GET", "/v1/account", "account", _own_account),
    ]


def _customer_operations() -> list[Operation]:
    tax_ids = "/v1/customers/{id}/tax_ids"
    return [
        Operation("POST", "/v1/customers", "customers", _create_customer, customers.FIELDS),
        Operation("GET", "/v1/customers/{id}", "customers", lambda _, account, one, __: account.get("customer", one, status=404)),
        Operation(
            "POST", "/v1/customers/{id}", "customers", customers.update_customer,
            customers.FIELDS - {"payment_method", "tax_id_data"},
        ),
        Operation("DELETE", "/v1/customers/{id}", "customers", _delete_customer),
        Operation("POST", tax_ids, "tax_ids", customers.create_tax_id, frozenset({"type", "value"})),
        Operation(
            "GET", tax_ids + "/{tax_id}", "tax_ids",
            lambda _, account, path, __: customers.find_tax_id(account, *path.split("/")),
        ),
        Operation(
            "DELETE", tax_ids + "/{tax_id}", "tax_ids",
            lambda gateway, account, path, _: customers.delete_tax_id(gateway, account, *path.split("/")),
        ),
    ]  # fmt: skip


def _catalog_operations() -> list[Operation]:
    fields = catalog.PRODUCT_FIELDS
    return [
        Operation("POST", "/v1/products", "products", _made(catalog.create_product), fields - {"default_price"}),
        Operation("POST", "/v1/products/{id}", "products", catalog.update_product, fields - {"id"}),
        Operation(
            "DELETE", "/v1/products/{id}", "products",
            lambda gateway, account, one, _: catalog.delete_product(gateway, account, one),
        ),
        Operation("POST", "/v1/prices", "prices", _made(catalog.create_price), catalog.PRICE_FIELDS),
        Operation(
            "POST", "/v1/prices/{id}", "prices", catalog.update_price,
            frozenset({"active", "metadata", "nickname", "lookup_key", "transfer_lookup_key", "tax_behavior"}),
        ),
    ]  # fmt: skip


def _money_operations() -> list[Operation]:
    methods = "/v1/payment_methods"
    return [
        Operation(
            "POST", methods, "payment_methods", _made(payment_methods.create_payment_method), payment_methods.FIELDS
        ),
        Operation(
            "POST", methods + "/{id}/attach", "payment_methods",
            lambda gateway, account, one, params: payment_methods.attach(gateway, account, one, params["customer"]),
            frozenset({"customer"}),
        ),
        Operation(
            "POST", methods + "/{id}/detach", "payment_methods",
            lambda gateway, account, one, _: payment_methods.detach(gateway, account, one),
        ),
        Operation("POST", "/v1/refunds", "refunds", _made(charges.create_refund), charges.REFUND_FIELDS),
        Operation("POST", "/v1/refunds/{id}", "refunds", charges.update_refund, frozenset({"metadata"})),
    ]  # fmt: skip


def _page_operations() -> list[Operation]:
    configurations = "/v1/billing_portal/configurations"
    return [
        Operation(
            "POST", "/v1/checkout/sessions", "checkout_sessions", _made(checkout.create_session), checkout.FIELDS
        ),
        Operation(
            "POST", "/v1/checkout/sessions/{id}/expire", "checkout_sessions",
            lambda gateway, account, one, _: checkout.expire(gateway, account, account.get("checkout.session", one)),
        ),
        Operation(
            "POST", "/v1/billing_portal/sessions", "billing_portal", _made(portal.create_session), portal.SESSION_FIELDS
        ),
        Operation(
            "POST", configurations, "billing_portal", _made(portal.create_configuration),
            portal.CONFIGURATION_FIELDS - {"active"},
        ),
        Operation(
            "POST", configurations + "/{id}", "billing_portal", portal.update_configuration, portal.CONFIGURATION_FIELDS
        ),
    ]  # fmt: skip


def _subscription_operations() -> list[Operation]:
    return [
        Operation(
            "POST", "/v1/subscriptions", "subscriptions",
            _made(subscriptions.create),
            subscriptions.CREATE_FIELDS,
        ),
        Operation("POST", "/v1/subscriptions/{id}", "subscriptions", _on("subscription", changes.update), changes.UPDATE_FIELDS),
        Operation("DELETE", "/v1/subscriptions/{id}", "subscriptions", _cancel_subscription, changes.CANCEL_FIELDS),
    ]  # fmt: skip


def _invoice_operations() -> list[Operation]:
    one = "/v1/invoices/{id}"
    return [
        Operation("POST", "/v1/invoices/create_preview", "invoices", _made(preview.create_preview), preview.FIELDS),
        Operation("POST", one, "invoices", _on("invoice", invoices.update), invoices.UPDATE_FIELDS),
        Operation("POST", one + "/pay", "invoices", _on("invoice", invoices.pay), invoices.PAY_FIELDS),
        Operation("POST", one + "/finalize", "invoices", _on_alone("invoice", invoices.finalize)),
        Operation("POST", one + "/void", "invoices", _on_alone("invoice", invoices.void)),
        Operation("POST", one + "/mark_uncollectible", "invoices", _on_alone("invoice", invoices.mark_uncollectible)),
    ]


def _webhook_operations() -> list[Operation]:
    one = "/v1/webhook_endpoints/{id}"
    return [
        Operation(
            "POST", "/v1/webhook_endpoints", "webhook_endpoints", _made(endpoints.create_endpoint),
            endpoints.CREATE_FIELDS,
        ),
        Operation("POST", one, "webhook_endpoints", endpoints.update_endpoint, endpoints.UPDATE_FIELDS),
        Operation(
            "DELETE", one, "webhook_endpoints",
            lambda gateway, account, endpoint_id, _: endpoints.delete_endpoint(gateway, account, endpoint_id),
        ),
    ]  # fmt: skip


def _made(create: Callable[[Gateway, Account, dict[str, Any]], Body]) -> Action:
    return lambda gateway, account, _, params: create(gateway, account, params)


def _on(kind: str, change: Callable[[Gateway, Account, Body, dict[str, Any]], Body]) -> Action:
    return lambda gateway, account, one, params: change(gateway, account, account.get(kind, one, status=404), params)


def _on_alone(kind: str, change: Callable[[Gateway, Account, Body], Body]) -> Action:
    return lambda gateway, account, one, _: change(gateway, account, account.get(kind, one, status=404))


def _retrieve(kind: str) -> Action:
    return lambda _, account, one, __: account.get(kind, one, status=404)


def _subscription_item(gateway: Gateway, account: Account, item_id: str, params: dict[str, Any]) -> Body:
    del gateway, params
    for subscription in account.oldest_first("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == item_id:
                found: Body = item
                return found
    raise missing("subscription_item", item_id, status=404)


def _own_account(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del gateway, one, params
    return {
        "id": account.account_id, "object": "account", "business_profile": {"name": account.name},
        "charges_enabled": True, "country": account.country, "default_currency": account.currency,
        "details_submitted": True, "metadata": {}, "payouts_enabled": True, "type": "standard",
    }  # fmt: skip


def _create_customer(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    del one
    method_id = params.pop("payment_method", None)
    default = params.get("invoice_settings", {}).get("default_payment_method")
    body = customers.create_customer(gateway, account, params)
    if method_id:
        attached = payment_methods.attach(gateway, account, method_id, body["id"])["id"]
        default = attached if default == method_id else default
    if default:
        customers.update_customer(
            gateway, account, body["id"], {"invoice_settings": {"default_payment_method": default}}
        )
    return body


def _delete_customer(gateway: Gateway, account: Account, customer_id: str, params: dict[str, Any]) -> Body:
    del params
    body = get_customer(account, customer_id, status=404)
    changes.cancel_all_of(gateway, account, customer_id)
    return customers.forget_customer(gateway, account, body)


def _cancel_subscription(gateway: Gateway, account: Account, one: str, params: dict[str, Any]) -> Body:
    subscription = account.get("subscription", one, status=404)
    if subscription["status"] in ENDED:
        raise missing("subscription", one, status=404)
    return changes.cancel(gateway, account, subscription, params)
