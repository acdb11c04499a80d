"""Idempotency keys: a repeated POST gets its first answer, other parameters are refused, a running one is a conflict."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from sandbox.stripe.errors import ApiError

LIFETIME_SECONDS = 24 * 3600
_LONGEST = 255


@dataclass(slots=True)
class Kept:
    """The first request with a key: its fingerprint and, once it has ended, its answer."""

    fingerprint: bytes
    started_at: int
    request_id: str
    status: int | None = None
    body: bytes = b""


def fingerprint_of(path: str, fields: dict[str, Any]) -> bytes:
    """Return what must be equal for two requests to be the same request."""
    return sha256(orjson.dumps([path, fields], option=orjson.OPT_SORT_KEYS)).digest()


class IdempotencyKeys:
    """The answers of the last 24 hours of one account."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def start(self, key: str, *, fingerprint: bytes, now: int, request_id: str) -> Kept | None:
        """Return the kept answer, or None when the caller is the first: then it must call `finish` or `forget`.

        Raises:
            ApiError: The key is too long, was used with other parameters, or its first request is still running.
        """
        if len(key) > _LONGEST:
            raise ApiError(
                f"Idempotency keys cannot be longer than {_LONGEST} characters.",
                kind="idempotency_error",
                is_kept=False,
            )
        for old in [name for name, kept in self._kept.items() if now - kept.started_at >= LIFETIME_SECONDS]:
            del self._kept[old]
        kept = self._kept.get(key)
        if kept is None:
            self._kept[key] = Kept(fingerprint, now, request_id)
            return None
        if kept.fingerprint != fingerprint:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error", is_kept=False,
            )  # fmt: skip
        if kept.status is None:
            raise ApiError(
                "There is currently another in-progress request using this Stripe idempotency key (that probably means "
                f"you submitted twice, and the other request is still going through): {key}. Please try again later.",
                status=409, kind="idempotency_error", code="idempotency_key_in_use", is_kept=False,
            )  # fmt: skip
        return kept

    def finish(self, key: str, *, status: int, body: bytes) -> None:
        """Keep how the first request ended."""
        if key in self._kept:
            self._kept[key].status = status
            self._kept[key].body = body

    def forget(self, key: str) -> None:
        """Let the key be used anew: the request was refused before it began."""
        self._kept.pop(key, None)
