"""The journal of erasures outside of the database: what a restored backup has to be told, since it knows no better.

Its lines hold ids and moments and nothing of a person. A line is never changed: what became of it later is a further
line about the same erasure.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.audit.service import OPERATOR
from lumenpay.db.session import TenantSession
from lumenpay.erasures.repository import find_erasure
from lumenpay.erasures.service import request_erasure
from lumenpay.errors import LumenError
from lumenpay.models.erasures import Erasure
from lumenpay.models.ids import TenantId
from lumenpay.users.errors import UserNotFoundError

_AT_ONCE = 2000


class JournalUnreadableError(LumenError):
    """A line of the journal is none."""

    code = "journal_unreadable"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """Somebody who asked to be forgotten, and when they were if they were."""

    id: UUID
    tenant_id: TenantId
    user_id: UUID
    asked_at: datetime
    erased_at: datetime | None


class Replayed(StrEnum):
    """What a line led to in the database as it is now."""

    ASKED = "asked"
    """The backup had the person as they were: they are to be forgotten again."""
    KNOWN = "known"
    """The backup knew that they asked, or that they were forgotten."""
    ABSENT = "absent"
    """The backup is from before they came."""


async def read_erasures(session: AsyncSession) -> AsyncIterator[JournalLine]:
    """Yield what the journal says of every tenant that the session sees, in order."""
    columns = (Erasure.id, Erasure.tenant_id, Erasure.user_id, Erasure.asked_at, Erasure.erased_at)
    query = select(*columns).order_by(Erasure.asked_at, Erasure.id)
    async for row in await session.stream(query.execution_options(yield_per=_AT_ONCE)):
        yield JournalLine(row[0], row[1], row[2], row[3], row[4])


def write_line(line: JournalLine) -> str:
    """Return a line as it stands in the file."""
    erased_at = line.erased_at.isoformat() if line.erased_at else None
    values = {"id": str(line.id), "tenant_id": str(line.tenant_id), "user_id": str(line.user_id)}
    return json.dumps({**values, "asked_at": line.asked_at.isoformat(), "erased_at": erased_at})


def read_lines(lines: Iterable[str]) -> Mapping[UUID, JournalLine]:
    """Return the last word about each erasure.

    Raises:
        JournalUnreadableError: A line is none of a journal; the message says which.
    """
    found: dict[UUID, JournalLine] = {}
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            values = json.loads(text)
            line = JournalLine(
                UUID(values["id"]), TenantId(UUID(values["tenant_id"])), UUID(values["user_id"]),
                datetime.fromisoformat(values["asked_at"]),
                datetime.fromisoformat(values["erased_at"]) if values["erased_at"] else None,
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise JournalUnreadableError(f"line {number} is no line of a journal of erasures") from error
        found[line.id] = line
    return found


async def replay_line(session: TenantSession, line: JournalLine, *, now: datetime) -> Replayed:
    """Have a person whom a backup brought back forgotten again, with the time that they have waited. Safe to repeat."""
    if await find_erasure(session, line.user_id) is not None:
        return Replayed.KNOWN
    try:
        await request_erasure(
            session, user_id=line.user_id, ends_access=True, actor=OPERATOR, now=now, first_asked_at=line.asked_at
        )
    except UserNotFoundError:
        return Replayed.ABSENT
    return Replayed.ASKED
