"""Customers and their tax ids."""

import re
from typing import Any

from sandbox.stripe.errors import invalid, missing
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.parameters import merge_metadata
from sandbox.stripe.store import Account, Body, new_id

FIELDS = frozenset({
    "name", "email", "phone", "description", "metadata", "address", "preferred_locales", "payment_method", "tax_exempt",
    "invoice_settings.default_payment_method", "tax_id_data", "balance", "business_name", "individual_name",
    "invoice_prefix", "next_invoice_sequence",
})  # fmt: skip
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
_FORMATS = {
    "eu_vat": r"[A-Z]{2}[0-9A-Z]{8,12}", "gb_vat": r"(GB)?\d{9}(\d{3})?", "us_ein": r"\d{2}-\d{7}",
    "ru_inn": r"\d{10}(\d{2})?", "ru_kpp": r"\d{9}", "kz_bin": r"\d{12}", "ch_vat": r"CHE-\d{3}\.\d{3}\.\d{3}( (MWST|TVA|IVA))?",
}  # fmt: skip
TAX_KINDS = tuple(_FORMATS)
"""Kinds that the pages offer; the API takes any."""
# The documented values that are never, or not yet, confirmed by the tax office.
_UNVERIFIED, _PENDING = "111111111", "222222222"
_VERIFIED_AFTER_SECONDS = 60


def create_customer(gateway: Gateway, account: Account, params: dict[str, Any]) -> Body:
    """Make a customer."""
    _check_email(params.get("email"))
    body: Body = {
        "id": new_id("cus_", 14), "object": "customer", "address": _address(params.get("address")),
        "balance": params.get("balance", 0), "created": gateway.now(), "currency": None, "customer_account": None,
        "default_source": None, "delinquent": False, "description": params.get("description"), "discount": None,
        "email": params.get("email"), "invoice_prefix": params.get("invoice_prefix") or new_id("", 8).upper(),
        "invoice_settings": {
            "custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None,
        },
        "livemode": False, "metadata": merge_metadata({}, params.get("metadata")), "name": params.get("name"),
        "next_invoice_sequence": params.get("next_invoice_sequence", 1), "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales") or [], "shipping": None,
        "tax_exempt": params.get("tax_exempt") or "none", "test_clock": None,
    }  # fmt: skip
    for name in ("business_name", "individual_name"):
        if params.get(name):
            body[name] = params[name]
    tax_ids = [(given["type"], given["value"]) for given in params.get("tax_id_data") or []]
    for kind, value in tax_ids:
        _check_tax_id(kind, value)
    account.put(body)
    gateway.emit(account, "customer.created", body)
    for kind, value in tax_ids:
        create_tax_id(gateway, account, body["id"], {"type": kind, "value": value})
    return body


def update_customer(gateway: Gateway, account: Account, customer_id: str, params: dict[str, Any]) -> Body:
    """Change a customer; an empty string clears a field."""
    body = get_customer(account, customer_id, status=404)
    _check_email(params.get("email"))
    default = params.pop("invoice_settings", {}).get("default_payment_method")
    if default:
        method = account.get("payment_method", default, param="invoice_settings[default_payment_method]")
        if method["customer"] != customer_id:
            raise invalid(
                "The customer does not have a payment method with the ID "
                f"{default}. The payment method must be attached to the customer.",
                param="invoice_settings[default_payment_method]", code="resource_missing",
            )  # fmt: skip
    with gateway.changing(account, body, "customer.updated"):
        body["metadata"] = merge_metadata(body["metadata"], params.pop("metadata", None))
        if "address" in params:
            body["address"] = _address(params.pop("address"))
        if default is not None:
            body["invoice_settings"]["default_payment_method"] = default or None
        for name, value in params.items():
            empty: Any = {"tax_exempt": "none", "preferred_locales": []}.get(name)
            body[name] = empty if value == "" else value
    return body


def get_customer(account: Account, customer_id: str, *, param: str = "customer", status: int = 400) -> Body:
    """Return a customer that has not been deleted.

    Raises:
        ApiError: There is none.
    """
    body = account.get("customer", customer_id, param="id" if status == 404 else param, status=status)
    if body.get("deleted"):
        raise missing("customer", customer_id, param="id" if status == 404 else param, status=status)
    return body


def forget_customer(gateway: Gateway, account: Account, body: Body) -> Body:
    """Leave of the customer nothing but the note that there was one."""
    gateway.emit(account, "customer.deleted", body)
    gone: Body = {"id": body["id"], "object": "customer", "deleted": True}
    account.objects["customer"][body["id"]] = gone
    return gone


def create_tax_id(gateway: Gateway, account: Account, customer_id: str, params: dict[str, Any]) -> Body:
    """Give the customer a tax id; European ones are confirmed a minute later."""
    get_customer(account, customer_id, param="id")
    kind, value = params["type"], params["value"]
    _check_tax_id(kind, value)
    is_checked = kind in {"eu_vat", "gb_vat"}
    country = value[:2] if kind == "eu_vat" else kind.partition("_")[0].upper()
    body: Body = {
        "id": new_id("txi_1"), "object": "tax_id", "country": country, "created": gateway.now(),
        "customer": customer_id, "customer_account": None, "livemode": False,
        "owner": {"type": "customer", "customer": customer_id, "customer_account": None}, "type": kind, "value": value,
        "verification": {
            "status": "pending" if is_checked else "unavailable", "verified_address": None, "verified_name": None,
        },
    }  # fmt: skip
    account.put(body)
    gateway.emit(account, "customer.tax_id.created", body)
    if is_checked and _PENDING not in value:
        gateway.schedule(gateway.now() + _VERIFIED_AFTER_SECONDS, lambda: _verify(gateway, account, body["id"]))
    return body


def delete_tax_id(gateway: Gateway, account: Account, customer_id: str, tax_id: str) -> Body:
    """Take the tax id away."""
    body = find_tax_id(account, customer_id, tax_id)
    account.remove("tax_id", tax_id)
    gateway.emit(account, "customer.tax_id.deleted", body)
    return {"id": tax_id, "object": "tax_id", "deleted": True}


def find_tax_id(account: Account, customer_id: str, tax_id: str) -> Body:
    """Return the customer's tax id.

    Raises:
        ApiError: The customer has no such tax id.
    """
    body = account.find("tax_id", tax_id)
    if body is None or body["customer"] != customer_id:
        raise missing("tax_id", tax_id, status=404)
    return body


def _verify(gateway: Gateway, account: Account, tax_id: str) -> None:
    body = account.find("tax_id", tax_id)
    if body is None:
        return
    status = "unverified" if _UNVERIFIED in body["value"] else "verified"
    with gateway.changing(account, body, "customer.tax_id.updated"):
        body["verification"] = {"status": status, "verified_address": None, "verified_name": None}


def _check_tax_id(kind: str, value: str) -> None:
    pattern = _FORMATS.get(kind)
    if not value or (pattern and not re.fullmatch(pattern, value)):
        raise invalid(f"Invalid value for {kind}.", code="tax_id_invalid", param="value")


def _check_email(email: str | None) -> None:
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise invalid(f"Invalid email address: {email}", code="email_invalid", param="email")


def _address(given: dict[str, str] | str | None) -> Body | None:
    if not isinstance(given, dict):
        return None
    return {name: given.get(name) or None for name in _ADDRESS}
