"""What happened to one subscriber, or to one payment, out of every book that tells something of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, select, tuple_, union_all

from lumenpay.access import timeline_sources as sources
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.payments.repository import get_payment
from lumenpay.users.repository import get_user


class CursorInvalidError(LumenError):
    """Not a cursor that a page gave out."""

    code = "cursor_invalid"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    `source` is the book that tells it: `payments`, `refunds`, `gifts`, `access`, `periods`, `reminders`, `win_backs`,
    `broadcasts`, `jobs`, `audit`, `users` or `referrals`.
    """

    at: datetime
    source: str
    id: UUID
    action: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some of what happened, the latest first, and where it goes on."""

    items: Sequence[Happening]
    next_cursor: str | None


async def list_of_person(session: TenantSession, user_id: UUID, *, cursor: str | None, limit: int) -> TimelinePage:
    """Return what happened to a subscriber, the latest first.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        CursorInvalidError: The cursor is none of ours.
    """
    user = await get_user(session, user_id)
    return await _read(session, sources.of_person(session, user.id), cursor=cursor, limit=limit)


async def list_of_payment(session: TenantSession, payment_id: UUID, *, cursor: str | None, limit: int) -> TimelinePage:
    """Return what happened to a payment, the latest first.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
        CursorInvalidError: The cursor is none of ours.
    """
    payment = await get_payment(session, payment_id)
    return await _read(session, sources.of_payment(session, payment), cursor=cursor, limit=limit)


_CAUSES = ("users", "audit", "payments", "refunds", sources.PLAN_CHANGED, "periods", "access", "reminders", "jobs")
"""Of what happened at one instant, what each book tells comes of what those before it do: who pays gets access.

A change of plan stands apart from its book, for it comes of its payment.
"""


async def _read(session: TenantSession, books: Sequence[Any], *, cursor: str | None, limit: int) -> TimelinePage:
    found = union_all(*books).subquery()
    cause = case((found.c.action == sources.PLAN_CHANGED, found.c.action), else_=found.c.source)
    rank = case({name: place for place, name in enumerate(_CAUSES)}, value=cause, else_=len(_CAUSES))
    key = (found.c.at, rank, found.c.source, found.c.id, found.c.action)
    query = select(found).order_by(*(column.desc() for column in key)).limit(limit + 1)
    if cursor:
        at, source, row_id, action = _read_cursor(cursor)
        own = action if action == sources.PLAN_CHANGED else source
        place = _CAUSES.index(own) if own in _CAUSES else len(_CAUSES)
        query = query.where(tuple_(*key) < tuple_(at, place, source, row_id, action))
    rows = [Happening(*row) for row in await session.execute(query)]
    shown = rows[:limit]
    return TimelinePage(shown, _write_cursor(shown[-1]) if len(rows) > limit else None)


def _write_cursor(last: Happening) -> str:
    text = f"{last.at.astimezone(UTC).isoformat()}|{last.source}|{last.id}|{last.action}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str, UUID, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        at, source, row_id, action = text.split("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or "\x00" in text:
            raise CursorInvalidError(fields={"cursor": "invalid"})
        return moment.astimezone(UTC), source, UUID(row_id), action
    except (ValueError, OverflowError, binascii.Error) as error:
        raise CursorInvalidError(fields={"cursor": "invalid"}) from error
