"""Many codes at once, each good for the same."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.promo_codes import PromoCode, PromoCodePlan
from lumenpay.promo_codes.rules import normalize_code
from lumenpay.promo_codes.service import PromoCodeTerms, check_terms

# Without letters and digits that look alike on paper.
_ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_COPIED = (
    "discount_kind", "discount_value", "currency", "max_uses", "max_uses_per_user", "is_first_purchase_only",
    "is_active", "valid_from_at", "valid_until_at",
)  # fmt: skip


async def generate_promo_codes(
    session: TenantSession, *, bot_id: UUID, terms: PromoCodeTerms, length: int, count: int, actor: Actor, now: datetime
) -> list[PromoCode]:
    """Store `count` new codes of a bot: each is the code in the terms and `length` characters that nobody can guess.

    Raises:
        PromoCodeInvalidError: The terms make no sense.
        PlanNotFoundError: A plan is not one of this bot's.
    """
    prefix = normalize_code(terms.code)
    await check_terms(session, bot_id, replace(terms, code=prefix))
    common = {name: getattr(terms, name) for name in _COPIED}
    made: list[UUID] = []
    while len(made) < count:
        rows = [
            {
                "tenant_id": session.tenant_id, "id": new_uuid7(), "bot_id": bot_id, "uses_count": 0, "created_at": now,
                "code": prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length)), **common,
            }
            for _ in range(count - len(made))
        ]  # fmt: skip
        # One that is taken already is left out, and another one made for it.
        stored = insert(PromoCode).values(rows).on_conflict_do_nothing().returning(PromoCode.id)
        made += (await session.execute(stored)).scalars()
    if terms.plan_ids:
        plans = list(dict.fromkeys(terms.plan_ids))
        pairs = [
            {"tenant_id": session.tenant_id, "promo_code_id": code_id, "plan_id": plan_id}
            for code_id in made
            for plan_id in plans
        ]
        for at in range(0, len(pairs), 5_000):
            await session.execute(insert(PromoCodePlan).values(pairs[at : at + 5_000]))
    details = {
        "prefix": prefix,
        "count": count,
        "discount_kind": str(terms.discount_kind),
        "value": terms.discount_value,
    }
    record(session, actor=actor, action="promo_codes.generated", subject_id=bot_id, now=now, details=details)
    query = select(PromoCode).where(PromoCode.tenant_id == session.tenant_id, PromoCode.id.in_(made))
    return list((await session.execute(query.order_by(PromoCode.id))).scalars())
