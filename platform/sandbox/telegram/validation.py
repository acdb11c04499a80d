"""Checks of method parameters, compiled once per method from the Bot API schema.

Values come from JSON, forms and queries alike, so text is read as the type that the schema names, as Telegram does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from sandbox.telegram.errors import bad_request

Check = Callable[[object, str], str | None]
Reader = Callable[[object, str], object]

SPEC = Path(__file__).parent / "spec" / "telegram-bot-api-10.3.schema.json"

# The methods measure these themselves: after parsing entities, in bytes, or with an error text of their own.
MEASURED_BY_METHOD = frozenset({"text", "caption", "secret_token", "payload"})
MISSING_TEXTS = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
}
# An absent address is an empty one: setWebhook without it removes the webhook.
MAY_BE_EMPTY = frozenset({("setWebhook", "url")})
TRUE_TEXTS, FALSE_TEXTS = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that came inside the request."""

    name: str
    size: int
    content_type: str
    _content: bytes = field(default=b"", repr=False)
    """Not written into the log of calls."""

    @property
    def content(self) -> bytes:
        """What it holds."""
        return self._content


@cache
def load_spec() -> dict[str, Any]:
    """The Bot API schema: `$defs` by type and `methods` by name."""
    spec: dict[str, Any] = orjson.loads(SPEC.read_bytes())
    return spec


@cache
def method_names() -> dict[str, str]:
    """Every method of the Bot API: lower-case name to official name."""
    return {name.lower(): name for name in load_spec()["methods"]}


def read_parameters(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a call, typed as the specification says.

    Raises:
        ApiError: A parameter is unknown, missing or of the wrong type.
    """
    readers, required = _compile_method(method)
    parameters: dict[str, Any] = {}
    for name, value in given.items():
        reader = readers.get(name)
        if reader is None:
            raise bad_request(f'parameter "{name}" is unknown to {method}')
        if value is not None:
            parameters[name] = reader(value, name)
    for name in required:
        if name not in parameters or parameters[name] == "":
            raise bad_request(MISSING_TEXTS.get(name, f'parameter "{name}" is required'))
    return parameters


@cache
def _compile_method(method: str) -> tuple[dict[str, Reader], list[str]]:
    schema = load_spec()["methods"][method]
    readers = {name: _compile_reader(name, part) for name, part in schema["properties"].items()}
    return readers, [name for name in schema["required"] if (method, name) not in MAY_BE_EMPTY]


def _compile_reader(name: str, schema: dict[str, Any]) -> Reader:
    if name in MEASURED_BY_METHOD:
        schema = {key: value for key, value in schema.items() if key != "maxLength"}
    if _accepts_files(schema):
        return _read_file
    check = compile_check(schema)
    convert = _converter(schema)

    def read(value: object, at: str) -> object:
        if isinstance(value, str):
            value = convert(value, at)
        problem = check(value, at)
        if problem:
            raise bad_request(problem)
        return value

    return read


def _accepts_files(schema: dict[str, Any]) -> bool:
    return not schema.get("type") and {} in schema.get("anyOf", [schema if not set(schema) - {"description"} else None])


def _read_file(value: object, name: str) -> object:
    if isinstance(value, str | UploadedFile):
        return value
    raise bad_request(f'parameter "{name}" must be a file, its identifier or its address')


def _converter(schema: dict[str, Any]) -> Reader:
    kinds = {option.get("type", "object") for option in schema.get("anyOf", [schema])}
    if kinds == {"string"}:
        return lambda value, _: value
    if kinds == {"integer", "string"}:
        return lambda value, _: int(str(value)) if _is_integer_text(value) else value
    if kinds == {"boolean"} or (kinds == {"object"} and "const" in schema):
        return _text_to_boolean
    if kinds in ({"integer"}, {"number"}):
        return _text_to_number
    return _text_to_json


def _is_integer_text(value: object) -> bool:
    text = str(value)
    return text.isascii() and text.removeprefix("-").isdigit()


def _text_to_boolean(value: object, name: str) -> object:
    text = str(value).lower()
    if text in TRUE_TEXTS:
        return True
    if text in FALSE_TEXTS:
        return False
    raise bad_request(f'parameter "{name}" must be a boolean')


def _text_to_number(value: object, name: str) -> object:
    text = str(value)
    if _is_integer_text(text):
        return int(text)
    try:
        return float(text)
    except ValueError as error:
        raise bad_request(f'parameter "{name}" must be a number') from error


def _text_to_json(value: object, name: str) -> object:
    try:
        return orjson.loads(str(value))
    except orjson.JSONDecodeError as error:
        what = "object expected as reply markup" if name == "reply_markup" else f"can't parse {name} JSON object"
        raise bad_request(what) from error


def compile_check(schema: dict[str, Any]) -> Check:
    """A function that says what is wrong with a value at a place, or None."""
    if "$ref" in schema:
        return _check_reference(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return _check_any([compile_check(option) for option in schema["anyOf"]])
    if "const" in schema:
        constant = schema["const"]
        return lambda value, at: None if value == constant else f"{at} must be {constant!r}"
    kind = schema.get("type")
    if kind == "object":
        return _check_object(schema)
    if kind == "array":
        return _check_array(compile_check(schema.get("items", {})))
    return _check_scalar(kind, schema.get("maxLength")) if kind else (lambda _value, _at: None)


def _check_reference(name: str) -> Check:
    # Types refer to themselves (a message holds a message), so a definition is compiled when it is first met.
    def check(value: object, at: str) -> str | None:
        return _compile_definition(name)(value, at)

    return check


@cache
def _compile_definition(name: str) -> Check:
    return compile_check(load_spec()["$defs"][name])


def _check_any(options: list[Check]) -> Check:
    def check(value: object, at: str) -> str | None:
        problems: list[str] = []
        for option in options:
            problem = option(value, at)
            if problem is None:
                return None
            problems.append(problem)
        # The form that got furthest is the one that was meant.
        return max(problems, key=lambda text: text.count(".") + text.count("["))

    return check


def _check_object(schema: dict[str, Any]) -> Check:
    checks = {name: compile_check(part) for name, part in schema.get("properties", {}).items()}
    required = schema.get("required", [])

    def check(value: object, at: str) -> str | None:
        if not isinstance(value, dict):
            return f"{at} must be an object"
        for name in required:
            if name not in value:
                return f'can\'t find field "{name}" in {at}'
        for name, part in value.items():
            known = checks.get(name)
            if known is None:
                return f'field "{name}" of {at} is unknown'
            problem = None if part is None and name not in required else known(part, f"{at}.{name}")
            if problem:
                return problem
        return None

    return check


def _check_array(item: Check) -> Check:
    def check(value: object, at: str) -> str | None:
        if not isinstance(value, list):
            return f"{at} must be an array"
        for index, part in enumerate(value):
            problem = item(part, f"{at}[{index}]")
            if problem:
                return problem
        return None

    return check


def _check_scalar(kind: str, max_length: int | None) -> Check:
    types: dict[str, type | tuple[type, ...]] = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}
    expected = types[kind]

    def check(value: object, at: str) -> str | None:
        if not isinstance(value, expected) or (kind != "boolean" and isinstance(value, bool)):
            return f'parameter "{at}" must be {"an" if kind[0] == "i" else "a"} {kind}'
        if max_length is not None and isinstance(value, str) and len(value) > max_length:
            return f'parameter "{at}" is longer than {max_length} characters'
        return None

    return check
