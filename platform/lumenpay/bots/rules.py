"""Pure rules of bots: reading a pasted token, deciding what is wrong with a webhook."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"(?<![\w:])(\d{5,16}:[A-Za-z0-9_-]{30,64})(?![\w-])")


def find_token(text: str) -> str | None:
    """Return the bot token in a text: the token alone, or a whole pasted message of BotFather."""
    found = _TOKEN.findall(text)
    return found[-1] if found else None


def decide_webhook_fault(
    *, url: str, expected_url: str, allowed_updates: Iterable[str], needed_updates: Iterable[str]
) -> str:
    """Return what is wrong with the webhook on record: empty, `webhook_stolen` or `updates_missing`."""
    if url != expected_url:
        return "webhook_stolen" if url else "webhook_cleared"
    return "" if set(needed_updates) <= set(allowed_updates) else "updates_missing"
