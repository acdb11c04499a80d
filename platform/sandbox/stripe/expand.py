"""`expand[]`: ids in an answer become the objects they stand for, up to four levels deep."""

from collections.abc import Callable
from copy import deepcopy

from sandbox.stripe.errors import invalid
from sandbox.stripe.store import Account, Body, list_of

_DEEPEST = 4
# Kind and field -> kind of the object that its id leads to.
_LINKS: dict[str, dict[str, str]] = {
    "customer": {},
    "customer.invoice_settings": {"default_payment_method": "payment_method"},
    "product": {"default_price": "price"},
    "price": {"product": "product"},
    "payment_method": {"customer": "customer"},
    "setup_intent": {"customer": "customer", "payment_method": "payment_method"},
    "payment_intent": {"customer": "customer", "payment_method": "payment_method", "latest_charge": "charge"},
    "charge": {"customer": "customer", "payment_intent": "payment_intent"},
    "refund": {"charge": "charge", "payment_intent": "payment_intent"},
    "tax_id": {"customer": "customer"},
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "payment_intent": "payment_intent",
        "setup_intent": "setup_intent",
        "subscription": "subscription",
    },
    "billing_portal.session": {"configuration": "billing_portal.configuration"},
    "subscription": {
        "customer": "customer",
        "default_payment_method": "payment_method",
        "latest_invoice": "invoice",
        "pending_setup_intent": "setup_intent",
    },
    "invoice": {"customer": "customer", "default_payment_method": "payment_method"},
    "invoice.parent.subscription_details": {"subscription": "subscription"},
    "line_item.pricing.price_details": {"price": "price"},
    "invoice_payment": {"invoice": "invoice"},
    "invoice_payment.payment": {"payment_intent": "payment_intent", "charge": "charge"},
}


def _subscriptions(account: Account, body: Body) -> Body:
    live = [one for one in account.newest_first("subscription") if one["customer"] == body["id"]]
    data = [deepcopy(one) for one in live if one["status"] not in {"canceled", "incomplete_expired"}]
    return list_of(data, f"/v1/customers/{body['id']}/subscriptions")


def _tax_ids(account: Account, body: Body) -> Body:
    data = [deepcopy(one) for one in account.newest_first("tax_id") if one["customer"] == body["id"]]
    return list_of(data, f"/v1/customers/{body['id']}/tax_ids")


def _payments(account: Account, body: Body) -> Body:
    data = [deepcopy(one) for one in account.newest_first("invoice_payment") if one["invoice"] == body["id"]]
    return list_of(data, f"/v1/invoice_payments?invoice={body['id']}")


def _line_items(account: Account, body: Body) -> Body:
    return list_of(deepcopy(account.hidden[body["id"]]["line_items"]), f"/v1/checkout/sessions/{body['id']}/line_items")


def _refunds(account: Account, body: Body) -> Body:
    data = [deepcopy(one) for one in account.newest_first("refund") if one["charge"] == body["id"]]
    return list_of(data, f"/v1/charges/{body['id']}/refunds")


# Kind and field that is only there when asked for -> how it is made.
_PARTS: dict[str, dict[str, Callable[[Account, Body], Body]]] = {
    "customer": {"subscriptions": _subscriptions, "tax_ids": _tax_ids},
    "invoice": {"payments": _payments},
    "checkout.session": {"line_items": _line_items},
    "charge": {"refunds": _refunds},
}


def expand(account: Account, body: Body, paths: list[str]) -> Body:
    """Return a copy of the answer in which the properties that the paths name are objects.

    Raises:
        ApiError: A property cannot be expanded, or lies too deep.
    """
    answer = deepcopy(body)
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise invalid(
                f"You cannot expand more than {_DEEPEST} levels of a property. Property: {path}", param="expand"
            )
        _open(account, answer, str(answer.get("object", "")), steps, path)
    return answer


def _open(account: Account, place: Body, kind: str, steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if place.get("object") == "list" and step == "data":
        for inner in place["data"]:
            if rest:
                _open(account, inner, inner["object"], rest, path)
        return
    make = _PARTS.get(kind, {}).get(step)
    if make is not None:
        place.setdefault(step, make(account, place))
    elif step in _LINKS.get(kind, {}):
        value = place.get(step)
        if isinstance(value, str):
            found = account.find(_LINKS[kind][step], value)
            place[step] = deepcopy(found) if found is not None else value
    elif not (rest and isinstance(place.get(step), dict | type(None)) and step in place):
        raise invalid(
            f"This property cannot be expanded ({path}). You may want to try expanding another property, or remove it.",
            param="expand",
        )
    inner = place.get(step)
    if rest and isinstance(inner, dict):
        _open(account, inner, inner.get("object") or f"{kind}.{step}", rest, path)
