"""A turn of a bot's lane in the database: one statement loads it, one stores what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from lumenpay.db.session import Database
from lumenpay.db.unscoped import call_function
from lumenpay.models.ids import BotId, LeaseId, TenantId
from lumenpay.models.inbox import InboxStatus

_LOAD = text(
    "SELECT telegram_id, username, token_sealed, last_update_at, update_id, body, attempts, received_at, is_resting "
    "FROM load_turn(:tenant_id, :bot_id, :lane, :after, :size)"
).bindparams(bindparam("tenant_id", type_=Uuid()), bindparam("bot_id", type_=Uuid()))
_STORE = text(
    "SELECT store_turn("
    ":tenant_id, :bot_id, :lane, :lease_id, :now, :ids, :statuses, :errors, :tries, :resting, :touches)"
).bindparams(
    *(bindparam(name, type_=Uuid()) for name in ("tenant_id", "bot_id", "lease_id")),
    *(bindparam(name, type_=ARRAY(BigInteger())) for name in ("ids", "resting")),
    *(bindparam(name, type_=ARRAY(Text())) for name in ("statuses", "errors")),
    bindparam("tries", type_=ARRAY(Integer())),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("touches", type_=Boolean()),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A lane of a bot that a lease holds for us, and when (on the monotonic clock) the lease was asked for."""

    tenant_id: TenantId
    bot_id: BotId
    lane: int
    lease_id: LeaseId
    begun_at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one update, as it is stored."""

    status: InboxStatus
    error: str = ""
    tries: int = 0


async def load_rows(database: Database, turn: Turn, *, after: int, size: int) -> Sequence[Any]:
    """Return the waiting updates behind `after`, each with its bot's columns.

    A bot without any is one row whose `update_id` is empty; a bot that was deleted is none.
    """
    values = {"tenant_id": turn.tenant_id, "bot_id": turn.bot_id, "lane": turn.lane, "after": after, "size": size}
    return await call_function(database, _LOAD, values)


async def store_turn(
    database: Database,
    turn: Turn,
    outcomes: Mapping[int, Outcome],
    *,
    resting: Sequence[int],
    touches_bot: bool,
    now: datetime,
) -> None:
    """Store what became of a turn's updates and give the lane back; does nothing when the lease is no longer ours."""
    found = outcomes.values()
    values = {
        "tenant_id": turn.tenant_id, "bot_id": turn.bot_id, "lane": turn.lane, "lease_id": turn.lease_id, "now": now,
        "ids": list(outcomes), "statuses": [outcome.status.value for outcome in found],
        "errors": [outcome.error for outcome in found], "tries": [outcome.tries for outcome in found],
        "resting": list(resting), "touches": touches_bot,
    }  # fmt: skip
    await call_function(database, _STORE, values)
