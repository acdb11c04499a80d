"""Form-encoded bodies with nested names: `items[0][price]=…`, `expand[]=…`."""

from typing import Any
from urllib.parse import parse_qsl

from sandbox.stripe.errors import invalid

_DEEPEST = 12


def decode(text: str) -> dict[str, Any]:
    """Return the nested values of a body or a query; lists are still objects whose keys are their positions.

    Raises:
        ApiError: A name cannot be read, or says two things at once.
    """
    fields: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise invalid("Invalid request: the parameters cannot be read.", is_kept=False) from None
    for name, value in pairs:
        _put(fields, name, value)
    return fields


def _put(fields: dict[str, Any], name: str, value: str) -> None:
    head, *rest = name.split("[")
    if not head or len(rest) > _DEEPEST or any(not part.endswith("]") for part in rest):
        raise invalid(f"Invalid parameter name: {name}", param=name, is_kept=False)
    place: Any = fields
    key = head
    for part in (piece[:-1] for piece in rest):
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise invalid(f"Invalid parameter: {name}", param=name, is_kept=False)
        place, key = inner, part or str(len(inner))
    if isinstance(place.get(key), dict):
        raise invalid(f"Invalid parameter: {name}", param=name, is_kept=False)
    place[key] = value
