"""The ledger of a broadcast: who is in hand, what became of each message, and the figures that go with it.

A person is claimed before their message may begin to go out, under the lease of a job. Whoever loses the lease leaves
people behind who may have been written to: they are uncertain, and no job takes them again by itself. The outcome of a
message is stored under the lease that it was claimed with, however late it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, Uuid, bindparam, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import BroadcastStatus, RecipientState, ScheduledBroadcast
from lumenpay.models.ids import JobId, LeaseId
from lumenpay.models.users import User

COUNTED: Final = {
    RecipientState.SENT: ScheduledBroadcast.sent_count,
    RecipientState.FAILED: ScheduledBroadcast.failed_count,
    RecipientState.BLOCKED: ScheduledBroadcast.blocked_count,
    RecipientState.UNCERTAIN: ScheduledBroadcast.uncertain_count,
    RecipientState.SKIPPED: ScheduledBroadcast.skipped_count,
}
_LONGEST_REASON = 256
_IDS = [bindparam(name, type_=Uuid()) for name in ("tenant_id", "broadcast_id", "job_id", "lease_id")]
# One statement looks whether the broadcast still runs, whether the tenant may write to people and whether the lease
# still holds: nobody is claimed after any of them has changed.
_CLAIM = text(
    "WITH fit AS (SELECT 1 FROM scheduled_broadcasts b JOIN tenants t ON t.id = b.tenant_id "
    "WHERE b.tenant_id = :tenant_id AND b.id = :broadcast_id AND b.status = 'running' AND t.status = 'active' "
    "AND t.sales_paused_at IS NULL AND EXISTS (SELECT FROM jobs j WHERE j.tenant_id = :tenant_id AND j.id = :job_id "
    "AND j.status = 'ready' AND j.lease_id = :lease_id AND j.leased_until > clock_timestamp())), "
    "picked AS (SELECT r.user_id FROM broadcast_recipients r "
    "WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id AND r.state = 'waiting' "
    "AND EXISTS (SELECT FROM fit) ORDER BY r.user_id LIMIT :max_rows FOR UPDATE SKIP LOCKED) "
    "UPDATE broadcast_recipients r SET state = 'claimed', job_id = :job_id, lease_id = :lease_id, reason = '', "
    "changed_at = :now FROM picked, users u LEFT JOIN LATERAL (SELECT p.title, s.ends_at FROM subscriptions s "
    "JOIN plans p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id WHERE :names_subscription "
    "AND s.tenant_id = u.tenant_id AND s.user_id = u.id AND s.status = 'active' "
    "ORDER BY s.ends_at DESC NULLS FIRST LIMIT 1) s ON true "
    "WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id AND r.user_id = picked.user_id "
    "AND u.tenant_id = :tenant_id AND u.id = picked.user_id "
    "RETURNING u.id, u.telegram_id, coalesce(nullif(u.first_name, ''), u.username, ''), u.locale, "
    "u.blocked_bot_at IS NOT NULL, EXISTS (SELECT FROM broadcast_opt_outs o WHERE o.tenant_id = :tenant_id "
    "AND o.user_id = u.id AND o.category = :category), s.title, s.ends_at"
).bindparams(*_IDS)
# All that there is to store of a few messages is one statement: it is what each of them costs the database. The
# broadcast is locked before the rows of people, as by everybody who takes both.
_RECORD = text(
    "WITH whole AS MATERIALIZED (SELECT FROM scheduled_broadcasts b WHERE b.tenant_id = :tenant_id "
    "AND b.id = :broadcast_id FOR NO KEY UPDATE), "
    "old AS MATERIALIZED (SELECT r.user_id, r.state FROM whole, broadcast_recipients r "
    "WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id AND r.user_id = ANY (:user_ids) "
    "AND r.lease_id = :lease_id AND r.state IN ('claimed', 'uncertain') FOR UPDATE OF r), "
    "changed AS (UPDATE broadcast_recipients r SET state = v.state, reason = v.reason, message_id = v.message_id, "
    "changed_at = :now FROM old, unnest(:user_ids, :states, :reasons, :message_ids) "
    "AS v (user_id, state, reason, message_id) "
    "WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id AND r.user_id = old.user_id "
    "AND v.user_id = old.user_id AND v.state <> old.state RETURNING old.state AS earlier, v.state AS later) "
    "UPDATE scheduled_broadcasts b SET sent_count = b.sent_count + added.sent, "
    "failed_count = b.failed_count + added.failed, blocked_count = b.blocked_count + added.blocked, "
    "skipped_count = b.skipped_count + added.skipped, uncertain_count = b.uncertain_count + added.uncertain, "
    "rate_per_minute = CASE WHEN b.status = 'running' THEN coalesce(:rate, b.rate_per_minute) "
    "ELSE b.rate_per_minute END "
    "FROM (SELECT count(*) FILTER (WHERE later = 'sent') AS sent, count(*) FILTER (WHERE later = 'failed') AS failed, "
    "count(*) FILTER (WHERE later = 'blocked') AS blocked, count(*) FILTER (WHERE later = 'skipped') AS skipped, "
    "count(*) FILTER (WHERE later = 'uncertain') - count(*) FILTER (WHERE earlier = 'uncertain') AS uncertain "
    "FROM changed) added WHERE b.tenant_id = :tenant_id AND b.id = :broadcast_id "
    "RETURNING b.status, b.sent_count, b.failed_count"
).bindparams(
    *_IDS[:2], _IDS[3], bindparam("user_ids", type_=ARRAY(Uuid())), bindparam("states", type_=ARRAY(String())),
    bindparam("reasons", type_=ARRAY(String())), bindparam("message_ids", type_=ARRAY(BigInteger())),
    bindparam("rate", type_=Integer()),
)  # fmt: skip
_RECOVER = text(
    "UPDATE broadcast_recipients r SET state = 'uncertain', reason = 'interrupted', changed_at = :now "
    "WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id AND r.state = 'claimed' AND NOT "
    "EXISTS (SELECT FROM jobs j WHERE j.tenant_id = :tenant_id AND j.id = r.job_id AND j.status = 'ready' "
    "AND j.lease_id = r.lease_id AND j.leased_until > clock_timestamp()) RETURNING 1"
).bindparams(*_IDS[:2])  # fmt: skip
_MOVE = text(
    "WITH picked AS (SELECT r.user_id FROM broadcast_recipients r WHERE r.tenant_id = :tenant_id "
    "AND r.broadcast_id = :broadcast_id AND r.state = :old AND r.user_id = coalesce(:user_id, r.user_id) "
    "ORDER BY r.user_id LIMIT :max_rows FOR UPDATE) "
    "UPDATE broadcast_recipients r SET state = :new, reason = :reason, lease_id = NULL, job_id = NULL, "
    "changed_at = :now FROM picked WHERE r.tenant_id = :tenant_id AND r.broadcast_id = :broadcast_id "
    "AND r.user_id = picked.user_id RETURNING 1"
).bindparams(*_IDS[:2], bindparam("user_id", type_=Uuid()))
_LEFT = text(
    "SELECT EXISTS (SELECT FROM broadcast_recipients r WHERE r.tenant_id = :tenant_id "
    "AND r.broadcast_id = :broadcast_id AND r.state = 'waiting'), "
    "EXISTS (SELECT FROM broadcast_recipients r WHERE r.tenant_id = :tenant_id "
    "AND r.broadcast_id = :broadcast_id AND r.state = 'claimed')"
).bindparams(*_IDS[:2])


@dataclass(frozen=True, slots=True)
class ClaimedRecipient:
    """Somebody who is in our hands; `name` may be empty, and of what they are subscribed to there is only if asked."""

    user_id: UUID
    telegram_id: int
    name: str
    locale: str
    is_blocked: bool
    wants_none: bool
    plan: str | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: waiting again, if it surely did not go out."""

    state: RecipientState
    reason: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a broadcast stands after outcomes were stored."""

    status: BroadcastStatus
    sent: int
    failed: int


async def claim_recipients(
    session: TenantSession, broadcast_id: UUID, *, category: str, job_id: JobId, lease_id: LeaseId, limit: int,
    now: datetime, names_subscription: bool = False,
) -> list[ClaimedRecipient]:  # fmt: skip
    """Take up to `limit` people in hand; nobody where the broadcast does not run or the lease is over."""
    rows = await session.execute(
        _CLAIM,
        {"tenant_id": session.tenant_id, "broadcast_id": broadcast_id, "job_id": job_id, "lease_id": lease_id,
         "category": category, "max_rows": limit, "names_subscription": names_subscription, "now": now},
    )  # fmt: skip
    return [ClaimedRecipient(*row) for row in rows]


async def record_outcomes(
    session: TenantSession, broadcast_id: UUID, outcomes: Mapping[UUID, Outcome], *, lease_id: LeaseId, now: datetime,
    rate_per_minute: int | None = None,
) -> Standing | None:  # fmt: skip
    """Store what became of messages, and how fast they go out where that is given.

    Returns:
        Where the broadcast stands then; nothing if it is no more.
    """
    user_ids = list(outcomes)
    rows = await session.execute(
        _RECORD,
        {"tenant_id": session.tenant_id, "broadcast_id": broadcast_id, "lease_id": lease_id, "user_ids": user_ids,
         "states": [outcomes[one].state.value for one in user_ids],
         "reasons": [_storable(outcomes[one].reason) for one in user_ids],
         "message_ids": [outcomes[one].message_id for one in user_ids], "rate": rate_per_minute, "now": now},
    )  # fmt: skip
    row = rows.one_or_none()
    return None if row is None else Standing(BroadcastStatus(row[0]), row[1], row[2])


async def recover_claimed(session: TenantSession, broadcast_id: UUID, *, now: datetime) -> int:
    """Mark as uncertain whom a worker took in hand that has lost its lease; return how many."""
    values = {"tenant_id": session.tenant_id, "broadcast_id": broadcast_id, "now": now}
    count = len((await session.execute(_RECOVER, values)).all())
    await add_to_figures(session, broadcast_id, Counter({RecipientState.UNCERTAIN: count}))
    return count


async def move_recipients(
    session: TenantSession, broadcast_id: UUID, *, old: RecipientState, new: RecipientState, now: datetime,
    limit: int | None = None, user_id: UUID | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Bring people from one state to another, all of them without a limit or one by name; return how many."""
    values: dict[str, Any] = {
        "tenant_id": session.tenant_id, "broadcast_id": broadcast_id, "old": old.value, "new": new.value,
        "user_id": user_id, "reason": reason, "max_rows": limit, "now": now,
    }  # fmt: skip
    count = len((await session.execute(_MOVE, values)).all())
    await add_to_figures(session, broadcast_id, Counter({old: -count, new: count}))
    return count


async def find_left(session: TenantSession, broadcast_id: UUID) -> tuple[bool, bool]:
    """Tell whether anybody waits, and whether anybody is in hand."""
    values = {"tenant_id": session.tenant_id, "broadcast_id": broadcast_id}
    waiting, claimed = (await session.execute(_LEFT, values)).one()
    return bool(waiting), bool(claimed)


async def add_to_figures(session: TenantSession, broadcast_id: UUID, changes: Mapping[RecipientState, int]) -> None:
    """Add to the figures of a broadcast; what was read of them before is stale then."""
    added = {column: column + changes[state] for state, column in COUNTED.items() if changes.get(state)}
    if added:
        await session.execute(
            update(ScheduledBroadcast)
            .where(ScheduledBroadcast.tenant_id == session.tenant_id, ScheduledBroadcast.id == broadcast_id)
            .values({column.key: value for column, value in added.items()})
            .execution_options(synchronize_session=False)
        )


async def mark_unreachable(session: TenantSession, user_ids: Collection[UUID], *, now: datetime) -> None:
    """Store of people that they cannot be written to: the next broadcasts leave them out."""
    if user_ids:
        await session.execute(
            update(User)
            .where(User.tenant_id == session.tenant_id, User.id.in_(user_ids), User.blocked_bot_at.is_(None))
            .values(blocked_bot_at=now)
            .execution_options(synchronize_session=False)
        )


def _storable(reason: str) -> str:
    return reason.replace("\x00", "")[:_LONGEST_REASON]


Outcomes = Mapping[UUID, Outcome]
