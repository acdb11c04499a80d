"""Idempotence keys: a repeated request gets its first answer for 24 hours and is forgotten afterwards."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import orjson

from sandbox.yookassa.errors import invalid

LIFETIME = timedelta(hours=24)
HEADER = "Idempotence-Key"
_LONGEST = 64
_ALPHABET = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-_.")


@dataclass(frozen=True, slots=True)
class _Answer:
    fingerprint: bytes
    body: bytes
    stored_at: datetime


def check_key(key: str | None) -> str:
    """Return the key.

    Raises:
        ApiError: It is missing, too long or has characters that the gateway does not take.
    """
    if not key:
        raise invalid("The request needs an idempotence key", HEADER)
    if len(key) > _LONGEST or not _ALPHABET.issuperset(key):
        raise invalid(f"An idempotence key has at most {_LONGEST} letters, digits and + - _ .", HEADER)
    return key


def fingerprint_of(method: str, path: str, body: object) -> bytes:
    """Return what must be equal for two requests to be the same request, however their JSON is laid out."""
    return sha256(orjson.dumps([method, path, body], option=orjson.OPT_SORT_KEYS)).digest()


class IdempotenceKeys:
    """The successful answers of the last 24 hours of sandbox time, by shop and key."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], _Answer] = {}
        self._order: deque[tuple[tuple[str, str], datetime]] = deque()

    def find_answer(self, shop_id: str, key: str, *, fingerprint: bytes, now: datetime) -> bytes | None:
        """Return the first answer to the same request, or None when the key is new or forgotten.

        Raises:
            ApiError: The key was used for another request within 24 hours.
        """
        self._forget(now)
        answer = self._answers.get((shop_id, key))
        if answer is None:
            return None
        if answer.fingerprint != fingerprint:
            raise invalid("Idempotence key duplicated", HEADER)
        return answer.body

    def remember(self, shop_id: str, key: str, *, fingerprint: bytes, body: bytes, now: datetime) -> None:
        """Keep the answer for 24 hours."""
        self._answers[shop_id, key] = _Answer(fingerprint, body, now)
        self._order.append(((shop_id, key), now))

    def _forget(self, now: datetime) -> None:
        while self._order and now - self._order[0][1] >= LIFETIME:
            self._answers.pop(self._order.popleft()[0], None)
