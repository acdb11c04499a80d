"""What the official library says of the API: the parameters of each operation and the fields of each object."""

from __future__ import annotations

import importlib
import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

import stripe

# Operation -> module and class of its parameters, below `stripe.params`.
OPERATIONS = {
    "POST /v1/customers": "_customer_create_params.CustomerCreateParams",
    "GET /v1/customers": "_customer_list_params.CustomerListParams",
    "GET /v1/customers/{id}": "_customer_retrieve_params.CustomerRetrieveParams",
    "POST /v1/customers/{id}": "_customer_update_params.CustomerUpdateParams",
    "POST /v1/customers/{id}/tax_ids": "_customer_tax_id_create_params.CustomerTaxIdCreateParams",
    "GET /v1/customers/{id}/tax_ids": "_customer_tax_id_list_params.CustomerTaxIdListParams",
    "GET /v1/customers/{id}/payment_methods": "_customer_payment_method_list_params.CustomerPaymentMethodListParams",
    "POST /v1/products": "_product_create_params.ProductCreateParams",
    "GET /v1/products": "_product_list_params.ProductListParams",
    "POST /v1/products/{id}": "_product_update_params.ProductUpdateParams",
    "POST /v1/prices": "_price_create_params.PriceCreateParams",
    "GET /v1/prices": "_price_list_params.PriceListParams",
    "POST /v1/prices/{id}": "_price_update_params.PriceUpdateParams",
    "POST /v1/payment_methods": "_payment_method_create_params.PaymentMethodCreateParams",
    "GET /v1/payment_methods": "_payment_method_list_params.PaymentMethodListParams",
    "POST /v1/payment_methods/{id}/attach": "_payment_method_attach_params.PaymentMethodAttachParams",
    "POST /v1/payment_methods/{id}/detach": "_payment_method_detach_params.PaymentMethodDetachParams",
    "GET /v1/setup_intents": "_setup_intent_list_params.SetupIntentListParams",
    "GET /v1/payment_intents": "_payment_intent_list_params.PaymentIntentListParams",
    "GET /v1/charges": "_charge_list_params.ChargeListParams",
    "POST /v1/refunds": "_refund_create_params.RefundCreateParams",
    "GET /v1/refunds": "_refund_list_params.RefundListParams",
    "POST /v1/refunds/{id}": "_refund_update_params.RefundUpdateParams",
    "POST /v1/checkout/sessions": "checkout._session_create_params.SessionCreateParams",
    "GET /v1/checkout/sessions": "checkout._session_list_params.SessionListParams",
    "POST /v1/checkout/sessions/{id}/expire": "checkout._session_expire_params.SessionExpireParams",
    "GET /v1/checkout/sessions/{id}/line_items": "checkout._session_line_item_list_params.SessionLineItemListParams",
    "POST /v1/billing_portal/sessions": "billing_portal._session_create_params.SessionCreateParams",
    "POST /v1/billing_portal/configurations": "billing_portal._configuration_create_params.ConfigurationCreateParams",
    "GET /v1/billing_portal/configurations": "billing_portal._configuration_list_params.ConfigurationListParams",
    "POST /v1/billing_portal/configurations/{id}": (
        "billing_portal._configuration_update_params.ConfigurationUpdateParams"
    ),
    "POST /v1/subscriptions": "_subscription_create_params.SubscriptionCreateParams",
    "GET /v1/subscriptions": "_subscription_list_params.SubscriptionListParams",
    "POST /v1/subscriptions/{id}": "_subscription_update_params.SubscriptionUpdateParams",
    "DELETE /v1/subscriptions/{id}": "_subscription_cancel_params.SubscriptionCancelParams",
    "GET /v1/subscription_items": "_subscription_item_list_params.SubscriptionItemListParams",
    "GET /v1/invoices": "_invoice_list_params.InvoiceListParams",
    "POST /v1/invoices/create_preview": "_invoice_create_preview_params.InvoiceCreatePreviewParams",
    "POST /v1/invoices/{id}": "_invoice_update_params.InvoiceUpdateParams",
    "POST /v1/invoices/{id}/pay": "_invoice_pay_params.InvoicePayParams",
    "POST /v1/invoices/{id}/finalize": "_invoice_finalize_invoice_params.InvoiceFinalizeInvoiceParams",
    "POST /v1/invoices/{id}/void": "_invoice_void_invoice_params.InvoiceVoidInvoiceParams",
    "POST /v1/invoices/{id}/mark_uncollectible": ("_invoice_mark_uncollectible_params.InvoiceMarkUncollectibleParams"),
    "GET /v1/invoices/{id}/lines": "_invoice_line_item_list_params.InvoiceLineItemListParams",
    "GET /v1/invoice_payments": "_invoice_payment_list_params.InvoicePaymentListParams",
    "GET /v1/invoiceitems": "_invoice_item_list_params.InvoiceItemListParams",
    "GET /v1/events": "_event_list_params.EventListParams",
    "POST /v1/webhook_endpoints": "_webhook_endpoint_create_params.WebhookEndpointCreateParams",
    "GET /v1/webhook_endpoints": "_webhook_endpoint_list_params.WebhookEndpointListParams",
    "POST /v1/webhook_endpoints/{id}": "_webhook_endpoint_update_params.WebhookEndpointUpdateParams",
}
# Fields with hundreds of names of which the stand-in plays none: their insides are left out.
_OPAQUE = frozenset({
    "payment_method_options", "payment_method_data", "transfer_data", "price_data", "schedule_details",
    "branding_settings", "custom_fields", "custom_text", "shipping_options", "shipping", "shipping_cost",
    "shipping_details", "invoice_creation", "payment_intent_data", "consent_collection", "after_expiration",
    "optional_items", "cash_balance", "tax", "package_dimensions", "tiers", "currency_options", "add_invoice_items",
    "billing_schedules", "default_price_data", "wallet_options", "name_collection", "saved_payment_method_options",
    "rendering", "invoice_items", "billing_thresholds", "pending_invoice_item_interval", "customer_details",
})  # fmt: skip
_PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number", Decimal: "number"}


def parameters() -> dict[str, Any]:
    """The parameters of every played operation, as the stand-in's data file holds them."""
    return {operation: _object(_load(path)) for operation, path in OPERATIONS.items()}


def _load(path: str) -> type:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(f"stripe.params.{module}"), name)


def _object(cls: type) -> dict[str, Any]:
    module = importlib.import_module(cls.__module__)
    hints = get_type_hints(cls, vars(module), {"StripeContext": object, "Mapping": Mapping}, include_extras=True)
    # The options of the client are no parameters of the API.
    own = {name: hint for name, hint in hints.items() if name not in stripe.RequestOptions.__annotations__}
    fields: dict[str, Any] = {}
    required: list[str] = []
    for name, hint in sorted(own.items()):
        if get_origin(hint) is NotRequired:
            (hint,) = get_args(hint)  # noqa: PLW2901 - the wrapper says only that it may be left out
        else:
            required.append(name)
        fields[name] = _node(hint, opaque=name in _OPAQUE)
    return {"object": fields} | ({"required": required} if required else {})


def _node(hint: Any, *, opaque: bool = False) -> Any:
    if isinstance(hint, str):
        raise TypeError(hint)
    origin = get_origin(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin is dict:
        return "map"
    if origin is list:
        (inner,) = get_args(hint)
        return {"list": "opaque" if opaque else _node(inner)}
    if origin in {Union, types.UnionType}:
        return _union(list(get_args(hint)), opaque=opaque)
    return "opaque" if opaque else _object(hint)


def _union(members: list[Any], *, opaque: bool) -> Any:
    nodes: list[Any] = []
    for member in members:
        if getattr(get_origin(member), "__name__", "") == "UntypedStripeObject":
            continue
        node = _node(member, opaque=opaque)
        if node not in nodes:
            nodes.append(node)
    enums = [node for node in nodes if isinstance(node, dict) and "enum" in node and node["enum"] != [""]]
    # An open enumeration is written `Literal[...] | str`: the API takes the names it knows.
    if enums and "string" in nodes:
        nodes.remove("string")
    return nodes[0] if len(nodes) == 1 else {"any": nodes}
