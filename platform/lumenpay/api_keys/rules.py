"""Pure rules of API keys: how a secret looks, and how often a key may be used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from limits import RateLimitItem, RateLimitItemPerMinute

MARK: Final = "lpk_"
"""How every secret begins, so that a leaked one is known for what it is."""
MAX_KEYS: Final = 50
CALLS: Final[RateLimitItem] = RateLimitItemPerMinute(600)
"""How often one key may be used."""
LONGEST_OVERLAP: Final = timedelta(days=7)
_LONGEST = 128
_CHECKSUM_LENGTH = 8
_DOTS_OF_SESSION_TOKEN = 2
_USES_NOTED_EVERY = timedelta(hours=1)


def add_checksum(secret: str) -> str:
    """Return a secret with its checksum behind it: a misspelt one is known by itself."""
    return f"{secret}{_checksum(secret)}"


def is_intact(secret: str) -> bool:
    """Tell whether the length and the checksum of a secret are right, so that it may be one of ours."""
    return len(secret) <= _LONGEST and _checksum(secret[:-_CHECKSUM_LENGTH]) == secret[-_CHECKSUM_LENGTH:]


def _checksum(secret: str) -> str:
    return f"{crc32(secret.encode('utf-8', 'surrogatepass')):08x}"


def is_key(bearer: str) -> bool:
    """Tell whether a bearer token is meant as an API key, however badly copied: only a session's is in three parts."""
    return bearer.startswith(MARK) or bearer.count(".") != _DOTS_OF_SESSION_TOKEN


def is_use_noted(last_used_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether the stored moment of the last use is near enough to this one."""
    return last_used_at is not None and now - last_used_at < _USES_NOTED_EVERY
