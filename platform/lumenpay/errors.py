"""The base of every expected failure: a stable code and a kind; doors turn kinds into status and codes into words."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What the caller can do about a failure."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class LumenError(Exception):
    """An expected failure.

    Attributes:
        code: Stable, machine-readable, unique over the product.
        kind: What the caller can do about it.
        fields: Names of the offending input fields, each with a code of its own.
    """

    code: ClassVar[str] = "error"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, message: str = "", *, fields: dict[str, str] | None = None) -> None:
        """Keep a message for logs (never for users) and the offending fields."""
        super().__init__(message or self.code)
        self.fields = fields or {}


class NotFoundError(LumenError):
    """There is no such row in this tenant; another tenant's row is the same case."""

    code = "not_found"
    kind = ErrorKind.NOT_FOUND


class ConflictError(LumenError):
    """The row changed, or the state does not allow it."""

    code = "conflict"
    kind = ErrorKind.CONFLICT


class UnavailableError(LumenError):
    """Something we depend on does not answer; trying again later can help.

    Attributes:
        retry_after_seconds: The earliest useful moment, where it is known.
    """

    code = "unavailable"
    kind = ErrorKind.UNAVAILABLE

    def __init__(self, message: str = "", *, retry_after_seconds: float | None = None) -> None:
        """Keep when to come back."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class PageTooDeepError(LumenError):
    """A narrowed list is not paged through beyond what is counted of it: narrow it further, or sort it otherwise."""

    code = "page_too_deep"

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"page": "too_deep"})


class IdempotenceKeyReusedError(ConflictError):
    """The key was used for something else before."""

    code = "idempotence_key_reused"
