"""Requests that are carried out once: claimed, marked in the transaction that has the effect, answered.

A request that died before it changed anything may be sent again. One that died afterwards may have been answered or
not: it is never carried out a second time, and whoever sends it again is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.idempotence.errors import AnswerNotKeptError, RequestRunningError
from lumenpay.models.idempotence import IdempotentRequest

LEASE = timedelta(seconds=90)
"""Longer than any request takes: after it, whoever carried it out is gone."""
KEPT = timedelta(hours=24)
LONGEST_KEPT = 256 * 1024


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered before."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry a request out."""

    caller_id: UUID
    key: str
    lease_id: UUID

    def is_mine(self, session: TenantSession) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions of this request's row while the claim holds."""
        return (
            IdempotentRequest.tenant_id == session.tenant_id, IdempotentRequest.caller_id == self.caller_id,
            IdempotentRequest.key == self.key, IdempotentRequest.lease_id == self.lease_id,
        )  # fmt: skip


async def claim_request(
    session: TenantSession, *, caller_id: UUID, key: str, request_hash: bytes, now: datetime
) -> Claim | StoredAnswer:
    """Return the right to carry a request out, or what it was answered before.

    Raises:
        IdempotenceKeyReusedError: The key came with another request.
        RequestRunningError: It is being carried out.
        AnswerNotKeptError: It has had its effect; the answer is not there to be given again.
    """
    lease_id, lease = uuid4(), {"leased_until": now + LEASE}
    fresh = (
        insert(IdempotentRequest)
        .values(
            tenant_id=session.tenant_id, caller_id=caller_id, key=key, request_hash=request_hash, lease_id=lease_id,
            created_at=now, **lease,
        )
        .on_conflict_do_nothing()
        .returning(IdempotentRequest.key)
    )  # fmt: skip
    if (await session.execute(fresh)).scalar_one_or_none() is not None:
        return Claim(caller_id, key, lease_id)
    query = select(IdempotentRequest).where(
        IdempotentRequest.tenant_id == session.tenant_id, IdempotentRequest.caller_id == caller_id,
        IdempotentRequest.key == key,
    )  # fmt: skip
    known = (await session.execute(query.with_for_update())).scalar_one_or_none()
    if known is None:
        # It was let go between the two statements.
        raise RequestRunningError
    if known.created_at + KEPT > now:
        answer = _recall(known, request_hash, now=now)
        if answer is not None:
            return answer
    known.request_hash, known.lease_id, known.leased_until = request_hash, lease_id, now + LEASE
    known.has_effect, known.status, known.body, known.created_at = False, None, None, now
    return Claim(caller_id, key, lease_id)


def _recall(known: IdempotentRequest, request_hash: bytes, *, now: datetime) -> StoredAnswer | None:
    if known.request_hash != request_hash:
        raise IdempotenceKeyReusedError
    if known.status is not None and known.body is not None:
        return StoredAnswer(known.status, known.body)
    if known.status is None and known.leased_until > now:
        raise RequestRunningError
    if known.has_effect or known.status is not None:
        raise AnswerNotKeptError
    return None


async def note_effect(session: TenantSession, claim: Claim) -> None:
    """Mark, at the end of a transaction, that it changed something, if it did.

    Raises:
        RequestRunningError: Somebody else carries the request out by now: nothing of this one may be kept.
    """
    await session.flush()
    has_changed = func.pg_current_xact_id_if_assigned().is_not(None)
    if (await session.execute(select(has_changed))).scalar_one():
        marked = update(IdempotentRequest).where(*claim.is_mine(session)).values(has_effect=True)
        if (await session.execute(marked.returning(IdempotentRequest.key))).first() is None:
            raise RequestRunningError


async def keep_answer(session: TenantSession, claim: Claim, *, status: int, body: bytes | None) -> None:
    """Store what was answered, so that it can be given again.

    Args:
        body: Nothing where it must not be kept.
    """
    kept = None if body is None or len(body) > LONGEST_KEPT else body
    await session.execute(update(IdempotentRequest).where(*claim.is_mine(session)).values(status=status, body=kept))


async def let_go(session: TenantSession, claim: Claim, *, is_refused: bool) -> None:
    """Forget a request that came to nothing, so that its key can be used once more.

    Args:
        is_refused: The operation says so itself; else it is forgotten only while it has changed nothing.
    """
    where = claim.is_mine(session)
    if not is_refused:
        where = (*where, IdempotentRequest.has_effect.is_(False))
    await session.execute(delete(IdempotentRequest).where(*where))
