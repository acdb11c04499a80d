"""Pure rules of bots: reading a pasted token, deciding what is wrong with a webhook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

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


WELL: Final = ""
TOKEN_REVOKED: Final = "token_revoked"  # noqa: S105 - what is wrong, not a password
KEYS_REFUSED: Final = "keys_refused"
"""Of a shop that sells nothing: the gateway does not accept its keys."""
PAYMENTS_FORBIDDEN: Final = "payments_forbidden"
"""Of a shop that sells nothing: the gateway accepts its keys, and lets it make no payments."""
WEBHOOK_REFUSED: Final = "webhook_refused"
WEBHOOK_FAILING: Final = "webhook_failing"
_ONE_TROUBLE: Final = {"webhook_cleared": "webhook_stolen", "updates_missing": "webhook_stolen"}
"""What another program does to the webhook in turns: owners hear of it once, whichever comes first."""
_LASTING: Final = timedelta(minutes=15)
_WELL_FOR_GOOD: Final = timedelta(minutes=30)


def is_health_news(code: str, *, told_code: str) -> bool:
    """Tell whether owners have not heard yet how a bot is.

    Args:
        told_code: What they heard last; empty where all was well.
    """
    return _ONE_TROUBLE.get(code, code) != _ONE_TROUBLE.get(told_code, told_code)


def decide_patience(code: str, *, told_code: str) -> timedelta:
    """Return how long a bot has to have been so before owners hear of it.

    What may pass by itself in minutes has to last. A webhook that is fought over looks well each time it is taken back.
    """
    if code in (WEBHOOK_REFUSED, WEBHOOK_FAILING):
        return _LASTING
    return _WELL_FOR_GOOD if code == WELL and told_code != TOKEN_REVOKED else timedelta()
