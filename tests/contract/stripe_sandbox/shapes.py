"""Checks an answer against the types that the official library declares for its object."""

from __future__ import annotations

import re
import types
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe
from stripe import billing_portal, checkout

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CLASSES: dict[str, type] = {
    one.OBJECT_NAME: one
    for one in (
        stripe.Customer, stripe.Product, stripe.Price, stripe.PaymentMethod, stripe.SetupIntent, stripe.PaymentIntent,
        stripe.Charge, stripe.Refund, stripe.TaxId, stripe.Event, stripe.WebhookEndpoint, stripe.Subscription,
        stripe.SubscriptionItem, stripe.Invoice, stripe.InvoiceLineItem, stripe.InvoicePayment, stripe.InvoiceItem,
        stripe.Account, stripe.LineItem, stripe.Plan, checkout.Session, billing_portal.Session,
        billing_portal.Configuration,
    )
}  # fmt: skip


class _Names(dict[str, Any]):
    """Names that the library's modules import for type checkers only."""

    def __missing__(self, name: str) -> Any:
        return getattr(stripe, name, None) or object


def problems_of(body: dict[str, Any]) -> list[str]:
    """What is wrong with an answer: fields that the API does not have, lacks, or types otherwise. Empty is good."""
    kind = body["object"]
    if kind == "list":
        return [problem for one in body["data"] for problem in problems_of(one)]
    found = _fields(body, _CLASSES[kind], kind)
    if kind == "event":
        found += problems_of(body["data"]["object"])
    return found


@cache
def _hints(cls: type) -> dict[str, Any]:
    names = _Names(vars(cls))
    own: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if "stripe" in base.__module__ and base.__name__ not in {"StripeObject", "APIResource", "ListableAPIResource"}:
            own |= {name: hint for name, hint in vars(base).get("__annotations__", {}).items() if name != "OBJECT_NAME"}
    resolved = get_type_hints(type("Own", (), {"__annotations__": own}), vars(__import__("typing")), names)
    return {name: hint for name, hint in resolved.items() if not name.startswith("_")}


def _fields(value: Any, cls: type, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {cls.__name__}"]
    hints = _hints(cls)
    # A field that may be absent is Optional in the library, like one that may be null.
    lacking = [
        f"{path}.{name} is missing" for name, hint in hints.items() if not _may_be_none(hint) and name not in value
    ]
    foreign = [f"{path}.{name} is unknown" for name in value if name not in hints and name not in {"plan", "source"}]
    typed = [
        problem
        for name in value.keys() & hints.keys()
        for problem in _typed(value[name], hints[name], f"{path}.{name}")
    ]
    return lacking + foreign + typed


def _may_be_none(hint: Any) -> bool:
    return get_origin(hint) in {Union, types.UnionType} and type(None) in get_args(hint)


def _typed(value: Any, hint: Any, path: str) -> list[str]:  # noqa: PLR0911 - one line for each kind of type
    origin = get_origin(hint)
    if hint in {Any, object}:
        return []
    if origin in {Union, types.UnionType}:
        return _one_of(value, get_args(hint), path)
    if origin is Literal:
        return [] if value in get_args(hint) else [f"{path}: {value!r} is none of its values"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        return [problem for one in value for problem in _typed(one, get_args(hint)[0], f"{path}[]")]
    if origin is not None:
        return _generic(value, origin, get_args(hint), path)
    if hint is Decimal:
        return [] if isinstance(value, str) and _NUMBER.fullmatch(value) else [f"{path}: {value!r} is no decimal"]
    if isinstance(hint, type) and issubclass(hint, stripe.StripeObject):
        return _fields(value, hint, path)
    return [] if type(value) is hint or (hint is float and type(value) is int) else [f"{path}: {value!r} is no {hint}"]


def _one_of(value: Any, members: tuple[Any, ...], path: str) -> list[str]:
    # An open enumeration is written `Literal[...] | str`: what we play must be one of the names.
    if any(get_origin(member) is Literal for member in members):
        members = tuple(member for member in members if member is not str)
    found = [_typed(value, member, path) for member in members]
    return [] if any(not problems for problems in found) else min(found, key=len)


def _generic(value: Any, origin: Any, inner: tuple[Any, ...], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no object"]
    if origin.__name__ == "ListObject":
        lacking = [f"{path}.{name} is missing" for name in ("object", "data", "has_more", "url") if name not in value]
        return lacking + [problem for one in value.get("data", []) for problem in _typed(one, inner[0], f"{path}[]")]
    return [problem for one in value.values() for problem in _typed(one, inner[0], f"{path}{{}}")]
