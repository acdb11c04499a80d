"""Updates that were set aside because they could not be handled: shown without what they say, handled again on request.

An update is a piece of somebody's private chat. Why it failed can be told by its kind and by the place and the rule
that it broke; its body stays in the database, for the people who run the platform.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, literal, select, update

from lumenpay.audit.service import Actor, record
from lumenpay.bots.errors import UpdateNotFoundError
from lumenpay.db.counting import count_cap, find_page
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.outbox import ring_after_commit
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.inbox import BotInbox, InboxStatus, TelegramUpdate

_HEAD_BYTES = 200
_KIND = re.compile(rb'\A\s*\{\s*"update_id"\s*:\s*\d+\s*,\s*"([a-z_]{1,40})"\s*:')
_EXPLAINED = "UnreadableUpdateError"
"""The one error whose message names a place and a rule and never a value; others may repeat what a person wrote."""


@dataclass(frozen=True, slots=True)
class QuarantinedUpdate:
    """An update that waits for a human; `kind` is empty when the body does not begin like an update."""

    update_id: int
    kind: str
    reason: str
    attempts: int
    received_at: datetime


async def list_quarantined_updates(
    session: TenantSession, page: PageRequest, *, bot_id: UUID
) -> CountedPage[QuarantinedUpdate]:
    """Return the updates of a bot that were set aside, newest first."""
    where, order = _quarantined(session, bot_id), (TelegramUpdate.update_id.desc(),)
    query = select(TelegramUpdate.update_id).where(*where)
    found = await find_page(session, query, page, order=order, cap=count_cap(is_narrowed=False))
    rows = await session.execute(
        select(*_SHOWN).where(*where, TelegramUpdate.update_id.in_(found.items)).order_by(*order)
    )
    return CountedPage([_describe(row) for row in rows], found.total, found.is_total_exact)


async def replay_update(
    session: TenantSession, *, bot_id: UUID, update_id: int, actor: Actor, now: datetime
) -> QuarantinedUpdate:
    """Put an update that was set aside back into its lane, with all its tries; what came later is not undone.

    Raises:
        UpdateNotFoundError: No update of this bot that was set aside.
    """
    described = (
        await session.execute(
            select(*_SHOWN, TelegramUpdate.lane)
            .where(*_quarantined(session, bot_id), TelegramUpdate.update_id == update_id)
            .with_for_update()
        )
    ).one_or_none()
    if described is None:
        raise UpdateNotFoundError
    await session.execute(
        update(TelegramUpdate)
        .where(*_quarantined(session, bot_id), TelegramUpdate.update_id == update_id)
        .values(status=InboxStatus.NEW, attempts=0, error="")
        .execution_options(synchronize_session=False)
    )
    # Written even where the lane waits already: the lock holds back a worker that is about to give it back as empty.
    await session.execute(
        update(BotInbox)
        .where(BotInbox.tenant_id == session.tenant_id, BotInbox.bot_id == bot_id, BotInbox.lane == described.lane)
        .values(waiting_since=func.coalesce(BotInbox.waiting_since, now))
        .execution_options(synchronize_session=False)
    )
    details = {"update_id": update_id}
    record(session, actor=actor, action="update.replayed", subject_id=bot_id, now=now, details=details)
    ring_after_commit(session, Queue.UPDATES)
    return _describe(described)


_SHOWN = (
    TelegramUpdate.update_id,
    TelegramUpdate.received_at,
    TelegramUpdate.attempts,
    TelegramUpdate.error,
    func.substring(TelegramUpdate.body, 1, _HEAD_BYTES).label("head"),
)


def _quarantined(session: TenantSession, bot_id: UUID) -> tuple[Any, ...]:
    return (
        TelegramUpdate.tenant_id == session.tenant_id,
        TelegramUpdate.bot_id == bot_id,
        # Said in the statement itself, so that the index of those alone is used.
        TelegramUpdate.status == literal(InboxStatus.QUARANTINED.value, literal_execute=True),
    )


def _describe(row: Row[Any]) -> QuarantinedUpdate:
    kind = _KIND.match(bytes(row.head))
    error, _, message = row.error.partition(": ")
    return QuarantinedUpdate(
        update_id=row.update_id,
        kind=kind[1].decode() if kind is not None else "",
        reason=message if error == _EXPLAINED else error,
        attempts=row.attempts,
        received_at=row.received_at,
    )
