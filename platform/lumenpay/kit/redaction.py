"""Takes secrets out of text and of log fields before they leave the process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lumenpay.kit.crypto import MASK, Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATTERNS = (
    # A Telegram bot token, alone or inside an API address.
    re.compile(r"\b(?:bot)?\d{5,16}:[A-Za-z0-9_-]{30,}"),
    re.compile(r"\b(?:test|live)_[A-Za-z0-9_-]{16,}"),
    re.compile(r"\b(?:sk|rk|whsec)_[A-Za-z0-9_]{12,}"),
    # A secret of a webhook: base64, with letters that end a word.
    re.compile(r"\bwhsec_[A-Za-z0-9+/=]{12,}"),
    # A key of ours for programs.
    re.compile(r"\blpk_[0-9a-f]{8}_[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?i)\b(?:basic|bearer)\s+[A-Za-z0-9+/=._-]{8,}"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),
    re.compile(r"(?<=/tg/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=/webhooks/yookassa/)[A-Za-z0-9_-]{16,}"),
)
_SECRET_NAME = re.compile(r"(?i)token|secret|password|authorization|cookie|api_?key|dsn|ciphertext|sealed|init_?data")


def redact_text(text: str) -> str:
    """Return the text with everything that looks like a credential replaced by `••••`."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def describe_error(error: BaseException, *, limit: int = 300) -> str:
    """Return an error's type and message, redacted and fit for a text column (no NUL, no lone surrogate)."""
    text = f"{type(error).__name__}: {error}".replace("\x00", "").encode("utf-8", "replace").decode()
    return redact_text(text)[:limit]


def redact_value(value: Any, *, name: str = "") -> Any:  # noqa: ANN401 - log fields are anything
    """Return a copy with credentials masked, by the field's name or by the look of the text."""
    if isinstance(value, Secret) or (name and _SECRET_NAME.search(name) and value not in (None, "", True, False)):
        return MASK
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return redact_text(value.decode("utf-8", "replace"))
    if isinstance(value, dict):
        return redact_fields(value)
    if isinstance(value, list | tuple):
        return [redact_value(item) for item in value]
    return value


def redact_fields(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a copy of the mapping in which each value is redacted under its name."""
    return {key: redact_value(value, name=str(key)) for key, value in fields.items()}
