"""Many codes at once, each good for the same."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.promo_codes import PromoCode, PromoCodeBatch, PromoCodePlan
from lumenpay.promo_codes.rules import normalize_code
from lumenpay.promo_codes.service import PromoCodeTerms, check_terms

# Without letters and digits that look alike on paper.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_COPIED = (
    "discount_kind", "discount_value", "currency", "max_uses", "max_uses_per_user", "is_first_purchase_only",
    "is_active", "valid_from_at", "valid_until_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes that are wanted: each is the code in the terms and `length` characters that nobody can guess."""

    key: str
    """Made by the client for one intention."""
    terms: PromoCodeTerms
    length: int
    count: int


async def generate_promo_codes(
    session: TenantSession, batch: Batch, *, bot_id: UUID, actor: Actor, now: datetime
) -> list[PromoCode]:
    """Store new codes of a bot. Safe to repeat with the same key: the codes of the first time are returned.

    Raises:
        PromoCodeInvalidError: The terms make no sense.
        PlanNotFoundError: A plan is not one of this bot's.
        IdempotenceKeyReusedError: The key was used for other codes.
    """
    prefix = normalize_code(batch.terms.code)
    terms = replace(batch.terms, code=prefix, plan_ids=list(dict.fromkeys(batch.terms.plan_ids)))
    batch = replace(batch, terms=terms)
    batch_id, is_new = await _ensure_batch(session, batch, bot_id=bot_id, now=now)
    if is_new:
        # Only now: terms that were good the first time, with a plan that is archived since, are no fault of a repeat.
        await check_terms(session, bot_id, terms)
        await _make_codes(session, batch, bot_id=bot_id, batch_id=batch_id, now=now)
        kind, value = str(terms.discount_kind), terms.discount_value
        details = {"prefix": prefix, "count": batch.count, "discount_kind": kind, "value": value}
        record(session, actor=actor, action="promo_codes.generated", subject_id=bot_id, now=now, details=details)
    query = select(PromoCode).where(PromoCode.tenant_id == session.tenant_id, PromoCode.batch_id == batch_id)
    return list((await session.execute(query.order_by(PromoCode.id))).scalars())


async def _ensure_batch(
    session: TenantSession, batch: Batch, *, bot_id: UUID, now: datetime
) -> tuple[UUID, bool]:  # fmt: skip
    """Return the batch of a key, and whether it is new; of two requests at once the second waits for the first."""
    values = asdict(batch.terms) | {"length": batch.length, "count": batch.count}
    request = {name: value if isinstance(value, bool | int) else str(value) for name, value in values.items()}
    batch_id = new_uuid7()
    row = {
        "tenant_id": session.tenant_id, "id": batch_id, "bot_id": bot_id, "idempotence_key": batch.key,
        "request": request, "created_at": now,
    }  # fmt: skip
    stored = insert(PromoCodeBatch).values(row).on_conflict_do_nothing().returning(PromoCodeBatch.id)
    if (await session.execute(stored)).scalar_one_or_none() is not None:
        return batch_id, True
    query = select(PromoCodeBatch).where(
        PromoCodeBatch.tenant_id == session.tenant_id, PromoCodeBatch.idempotence_key == batch.key
    )
    found = (await session.execute(query)).scalar_one()
    if (found.bot_id, found.request) != (bot_id, request):
        raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
    return found.id, False


async def _make_codes(
    session: TenantSession, batch: Batch, *, bot_id: UUID, batch_id: UUID, now: datetime
) -> None:  # fmt: skip
    common = {name: getattr(batch.terms, name) for name in _COPIED}
    made: list[UUID] = []
    while len(made) < batch.count:
        rows = [
            {
                "tenant_id": session.tenant_id, "id": new_uuid7(), "bot_id": bot_id, "batch_id": batch_id,
                "uses_count": 0, "created_at": now,
                "code": batch.terms.code + "".join(secrets.choice(ALPHABET) for _ in range(batch.length)), **common,
            }
            for _ in range(batch.count - len(made))
        ]  # fmt: skip
        # One that is taken already is left out, and another one made for it.
        stored = insert(PromoCode).values(rows).on_conflict_do_nothing().returning(PromoCode.id)
        made += (await session.execute(stored)).scalars()
    pairs = [
        {"tenant_id": session.tenant_id, "promo_code_id": code_id, "plan_id": plan_id}
        for code_id in made
        for plan_id in batch.terms.plan_ids
    ]
    for at in range(0, len(pairs), 5_000):
        await session.execute(insert(PromoCodePlan).values(pairs[at : at + 5_000]))
