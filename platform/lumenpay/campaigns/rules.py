"""Pure rules of campaigns: which sources a link can have."""

from __future__ import annotations

import re
from typing import Final

from lumenpay.users.rules import BY_ACCESS_CODE, BY_CLAIM, BY_GIFT, BY_IMPORT, BY_INVITATION

_SOURCE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RESERVED: Final = ("plan_", "promo_", "code_", "claim_", "gift_", "ref_")
"""How links begin that mean something to the bot by themselves."""
_KINDS: Final = frozenset({BY_INVITATION, BY_CLAIM, BY_GIFT, BY_ACCESS_CODE, BY_IMPORT})
"""What is kept as the source of those who came by some of them, or with a list."""


def find_source_problem(source: str) -> str:
    """Return what is wrong with a source, empty when nothing is: Telegram passes on nothing else."""
    if not _SOURCE.fullmatch(source):
        return "invalid"
    return "reserved" if source in _KINDS or source.startswith(_RESERVED) else ""
