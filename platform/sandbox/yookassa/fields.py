"""Strict checks of request bodies: each rule either accepts a value or names the parameter to blame."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.yookassa.errors import invalid

Check = Callable[[Any, str], None]

_AMOUNT = re.compile(r"\d{1,12}\.\d{2}")
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 16, 32, 512


def text(
    *, longest: int | None = None, shortest: int = 0, pattern: str | None = None, choices: frozenset[str] | None = None
) -> Check:
    """Accept a string of that length, shape and choice."""
    shape = re.compile(pattern) if pattern else None

    def check(value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise invalid(f"{path} must be a string", path)
        if len(value) < shortest or (longest is not None and len(value) > longest):
            raise invalid(f"{path} must have {shortest} to {longest or 'any number of'} characters", path)
        if shape and not shape.fullmatch(value):
            raise invalid(f"{path} has a wrong format", path)
        if choices is not None and value not in choices:
            raise invalid(f"{path} has an unknown value", path)

    return check


def boolean(value: Any, path: str) -> None:
    """Accept true and false only."""
    if not isinstance(value, bool):
        raise invalid(f"{path} must be true or false", path)


def integer(low: int, high: int) -> Check:
    """Accept a whole number within the bounds, both included."""

    def check(value: Any, path: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise invalid(f"{path} must be an integer from {low} to {high}", path)

    return check


def positive(value: Any, path: str) -> None:
    """Accept a number above zero with at most three decimals, also when written as a string."""
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        raise invalid(f"{path} must be a number", path) from None
    if isinstance(value, bool) or not number.is_finite() or number <= 0 or number != round(number, 3):
        raise invalid(f"{path} must be a positive number with up to three decimals", path)


def list_of(item: Check, *, longest: int, shortest: int = 0) -> Check:
    """Accept a list of that length whose every item passes."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise invalid(f"{path} must be a list", path)
        if not shortest <= len(value) <= longest:
            raise invalid(f"{path} must have {shortest} to {longest} items", path)
        for index, entry in enumerate(value):
            item(entry, f"{path}[{index}]")

    return check


def shape(fields: Mapping[str, Check], *, required: frozenset[str] = frozenset()) -> Check:
    """Accept an object with these fields and no others; `required` names those that must be there."""

    def check(value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise invalid(f"{path or 'The body'} must be an object", path or "body")
        prefix = f"{path}." if path else ""
        for name in value:
            if name not in fields:
                raise invalid(f"Unknown parameter {prefix}{name}", f"{prefix}{name}")
        for name in sorted(required):
            if value.get(name) is None:
                raise invalid(f"{prefix}{name} is missing", f"{prefix}{name}")
        for name, entry in value.items():
            if entry is not None:
                fields[name](entry, f"{prefix}{name}")

    return check


def metadata(value: Any, path: str) -> None:
    """Accept at most 16 pairs of strings: keys up to 32 characters, values up to 512."""
    if not isinstance(value, dict):
        raise invalid(f"{path} must be an object", path)
    if len(value) > _METADATA_KEYS:
        raise invalid(f"{path} must have at most {_METADATA_KEYS} keys", path)
    for key, entry in value.items():
        if not 1 <= len(key) <= _METADATA_KEY_LENGTH:
            raise invalid(f"A key of {path} must have 1 to {_METADATA_KEY_LENGTH} characters", path)
        if entry is not None and (not isinstance(entry, str) or len(entry) > _METADATA_VALUE_LENGTH):
            raise invalid(
                f"{path}.{key} must be a string of at most {_METADATA_VALUE_LENGTH} characters", f"{path}.{key}"
            )


def amount_value(value: Any, path: str) -> None:
    """Accept a sum written as a string with two decimals, above zero."""
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise invalid(f"{path} must be a string like 100.00", path)
    if Decimal(value) <= 0:
        raise invalid(f"{path} must be above zero", path)


def empty(value: Any, path: str) -> None:
    """Accept the empty list that the official client library always sends."""
    if value != []:
        raise invalid(f"{path} is not available to this shop", path)
