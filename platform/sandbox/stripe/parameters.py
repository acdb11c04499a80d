"""The parameters of a request, checked against the official list and turned from text into values."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from sandbox.stripe.errors import ApiError, invalid, not_played

_INTEGER = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_LONGEST = 5000
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500
_TIMES = {"gt", "gte", "lt", "lte"}
_RETRIEVE = {"object": {"expand": {"list": "string"}}}


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = orjson.loads(
        files("sandbox.stripe").joinpath("spec/stripe-api.parameters.json").read_bytes()
    )
    return spec


def api_version() -> str:
    """Return the version of the API whose shapes this stand-in plays."""
    return str(_spec()["x-api-version"])


def event_types() -> frozenset[str]:
    """Return the names that a webhook endpoint may be told of."""
    names = _spec()["operations"]["POST /v1/webhook_endpoints"]["object"]["enabled_events"]["list"]["enum"]
    return frozenset(names)


def read_parameters(operation: str, given: dict[str, Any], played: frozenset[str]) -> dict[str, Any]:
    """Return the values of a request's parameters.

    Args:
        operation: As in the official list: `POST /v1/customers/{id}`.
        given: What `form.decode` has read.
        played: Dotted names without positions (`items.price`) that the stand-in acts on, with all that is below them.

    Raises:
        ApiError: A parameter is unknown, missing, of a wrong kind, or not played.
    """
    node = _spec()["operations"].get(operation, _RETRIEVE)
    values: dict[str, Any] = _object(node, given, "", "", played | {"expand"})
    return values


def _object(node: Any, given: Any, path: str, dotted: str, played: frozenset[str]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise invalid("Invalid object", param=path, is_kept=False)
    values: dict[str, Any] = {}
    for name, text in given.items():
        inner, inner_dotted = f"{path}[{name}]" if path else name, f"{dotted}.{name}" if dotted else name
        if name not in node["object"]:
            raise ApiError(f"Received unknown parameter: {inner}", code="parameter_unknown", param=inner, is_kept=False)
        values[name] = _value(node["object"][name], text, inner, inner_dotted, played)
    for name in node.get("required", []):
        if name not in given:
            inner = f"{path}[{name}]" if path else name
            raise invalid(f"Missing required param: {inner}.", code="parameter_missing", param=inner, is_kept=False)
    return values


def _value(node: Any, given: Any, path: str, dotted: str, played: frozenset[str]) -> Any:
    if isinstance(node, dict) and "any" in node:
        return _any(node["any"], given, path, dotted, played)
    if isinstance(node, dict) and "object" in node and given != "":
        return _object(node, given, path, dotted, played)
    if isinstance(node, dict) and "list" in node:
        return _list(node["list"], given, path, dotted, played)
    if not _is_played(dotted, played):
        raise not_played(f"the parameter {path}", path)
    if node == "opaque":
        return given
    if node == "map":
        return _map(given, path)
    if not isinstance(given, str):
        raise invalid(f"Invalid string: {given}", param=path, is_kept=False)
    if isinstance(node, dict) and "enum" in node:
        return _choice(node["enum"], given, path)
    if given == "":
        raise ApiError(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value.",
            code="parameter_invalid_empty", param=path, is_kept=False,
        )  # fmt: skip
    return _plain(str(node), given, path)


def _is_played(dotted: str, played: frozenset[str]) -> bool:
    parts = dotted.split(".")
    return any(".".join(parts[:length]) in played for length in range(1, len(parts) + 1))


def _plain(node: str, given: str, path: str) -> Any:
    match node:
        case "integer":
            if not _INTEGER.fullmatch(given):
                raise invalid(f"Invalid integer: {given}", code="parameter_invalid_integer", param=path, is_kept=False)
            return int(given)
        case "boolean":
            if given not in {"true", "false"}:
                raise invalid(f"Invalid boolean: {given}", param=path, is_kept=False)
            return given == "true"
        case "number":
            if not _NUMBER.fullmatch(given):
                raise invalid(f"Invalid decimal: {given}", param=path, is_kept=False)
            return given
    if len(given) > _LONGEST:
        raise invalid(
            f"Invalid string: {given[:16]}…; must be at most {_LONGEST} characters", param=path, is_kept=False
        )
    return given


def _choice(names: list[str], given: str, path: str) -> str:
    if given not in names:
        known = ", ".join(names[:-1]) + f", or {names[-1]}" if len(names) > 1 else names[0]
        raise invalid(f"Invalid {path}: must be one of {known}", param=path, is_kept=False)
    return given


def _any(nodes: list[Any], given: Any, path: str, dotted: str, played: frozenset[str]) -> Any:
    if given == "" and any(isinstance(node, dict) and "" in node.get("enum", []) for node in nodes):
        if not any(name == dotted or name.startswith(f"{dotted}.") for name in played) and not _is_played(
            dotted, played
        ):
            raise not_played(f"the parameter {path}", path)
        return ""
    if isinstance(given, dict) and set(given) <= _TIMES:
        nodes = [node for node in nodes if isinstance(node, dict) and "object" in node] or nodes
    refusal: ApiError | None = None
    for node in nodes:
        if isinstance(node, dict) and node.get("enum") == [""]:
            continue
        try:
            return _value(node, given, path, dotted, played)
        except ApiError as error:
            refusal = error
    raise refusal or invalid(f"Invalid {path}", param=path, is_kept=False)


def _list(node: Any, given: Any, path: str, dotted: str, played: frozenset[str]) -> list[Any]:
    if not isinstance(given, dict) or any(not key.isdigit() for key in given):
        raise invalid("Invalid array", param=path, is_kept=False)
    positions = sorted(given, key=int)
    return [_value(node, given[key], f"{path}[{key}]", dotted, played) for key in positions]


def _map(given: Any, path: str) -> dict[str, str]:
    if not isinstance(given, dict) or any(not isinstance(value, str) for value in given.values()):
        raise invalid("Invalid hash", param=path, is_kept=False)
    for key, value in given.items():
        if len(key) > _METADATA_KEY_LENGTH or len(value) > _METADATA_VALUE_LENGTH:
            raise invalid(
                f"Metadata keys have up to {_METADATA_KEY_LENGTH} and values up to {_METADATA_VALUE_LENGTH} characters",
                param=f"{path}[{key}]", is_kept=False,
            )  # fmt: skip
    if len(given) > _METADATA_KEYS:
        raise invalid(f"Metadata can have up to {_METADATA_KEYS} keys", param=path, is_kept=False)
    return given


def merge_metadata(kept: dict[str, str], given: dict[str, str] | str | None) -> dict[str, str]:
    """Return the metadata after an update: an empty value removes its key, an empty string removes all."""
    if given is None:
        return kept
    if isinstance(given, str):
        return {}
    return {key: value for key, value in (kept | given).items() if value != ""}
