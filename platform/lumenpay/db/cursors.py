"""Lists that go on after the last row shown: a cursor names that row, and its cost does not grow with the page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from lumenpay.errors import LumenError
from lumenpay.kit.paging import DEFAULT_PAGE_SIZE

Item = TypeVar("Item")
_LONGEST = 256


class CursorInvalidError(LumenError):
    """Not a cursor that we gave."""

    code = "cursor_invalid"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row after which a list goes on: newest first, by moment and then by a second key."""

    at: datetime
    key: str

    def pack(self) -> str:
        """Return the cursor as it stands in an address."""
        text = json.dumps([self.at.astimezone(UTC).isoformat(), self.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @property
    def id(self) -> UUID:
        """The second key as the id that it is in most lists."""
        try:
            return UUID(self.key)
        except ValueError as error:
            raise CursorInvalidError(fields={"after": "invalid"}) from error


def unpack_cursor(text: str) -> Cursor:
    """Return the cursor that `pack` wrote.

    Raises:
        CursorInvalidError: Something else.
    """
    try:
        if len(text) > _LONGEST:
            raise ValueError("too long")  # noqa: TRY301 - the same answer as to every other mistake
        at, key = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(key, str) or "\x00" in key:
            raise ValueError("not ours")  # noqa: TRY301 - the same
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise CursorInvalidError(fields={"after": "invalid"}) from error
    return Cursor(moment, key)


@dataclass(frozen=True, slots=True)
class CursorRequest:
    """How many rows are asked for, and after which one."""

    after: Cursor | None = None
    size: int = DEFAULT_PAGE_SIZE


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[Item]):
    """Some rows, and the cursor to go on with; nothing when these are the last."""

    items: list[Item]
    next: Cursor | None


def cut_page(rows: Sequence[Item], request: CursorRequest, name: Callable[[Item], Cursor]) -> CursorPage[Item]:
    """Return a page of rows that were read with one more than asked for."""
    shown = list(rows[: request.size])
    return CursorPage(shown, name(shown[-1]) if len(rows) > request.size else None)
