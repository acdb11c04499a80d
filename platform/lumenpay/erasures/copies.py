"""A person's copy of their data as the bot sends it: once a day, in a file that Telegram takes."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import select

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.erasures.telling import TOLD, Told
from lumenpay.jobs.catalogue import SendCopyOfData
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.audit import AuditEvent
from lumenpay.models.ids import BotId
from lumenpay.models.users import User

EVERY: Final = timedelta(days=1)
LARGEST_BYTES: Final = 49_000_000
"""Bots may send files of up to 50 MB; the rest is for what a request adds."""


@dataclass(frozen=True, slots=True)
class CopyFile:
    """A file to be sent."""

    name: str
    content: bytes


async def request_copy(session: TenantSession, user: User, *, now: datetime) -> datetime | None:
    """Have the bot send a person all of their data, and put it on record; return when they may ask again if they did.

    Args:
        user: Locked, so that two presses are one.
    """
    latest = await session.execute(
        select(AuditEvent.created_at)
        .where(
            AuditEvent.tenant_id == session.tenant_id,
            AuditEvent.subject_id == user.id,
            AuditEvent.created_at > now - EVERY,
            AuditEvent.action == TOLD,
            AuditEvent.actor_kind == "user",
        )
        .order_by(AuditEvent.created_at.desc())
        .limit(1)
    )
    before = latest.scalar_one_or_none()
    if before is not None:
        return before + EVERY
    record(session, actor=Actor("user", user.id), action=TOLD, subject_id=user.id, now=now)
    await enqueue(session, SendCopyOfData(user.id), now=now, bot_id=BotId(user.bot_id), dedupe_key=str(user.id))
    await session.flush()
    return None


def pack_copy(
    tables: Mapping[str, Sequence[Told]], *, told_at: datetime, largest_bytes: int = LARGEST_BYTES
) -> CopyFile | None:
    """Return the data as a JSON document, packed where it is large; nothing where it is too large even so."""
    content = orjson.dumps({"told_at": told_at, "tables": tables}, option=orjson.OPT_INDENT_2)
    name = f"my-data-{told_at:%Y-%m-%d}.json"
    if len(content) <= largest_bytes:
        return CopyFile(name, content)
    packed = gzip.compress(content, mtime=0)
    return CopyFile(f"{name}.gz", packed) if len(packed) <= largest_bytes else None
