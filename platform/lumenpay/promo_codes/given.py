"""Personal promo codes: what one person was promised, used once by that person alone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.users import User
from lumenpay.promo_codes.generation import ALPHABET
from lumenpay.promo_codes.service import get_promo_code

_RANDOM: Final = 8


@dataclass(frozen=True, slots=True)
class GivenTerms:
    """What a personal code gives: percent (1-100) or days, by `kind`."""

    prefix: str
    kind: DiscountKind
    value: int
    is_first_purchase_only: bool = False


async def give_own_code(
    session: TenantSession, *, user: User, terms: GivenTerms, now: datetime
) -> PromoCode:  # fmt: skip
    """Store a new code that works once, for this person only."""
    while True:
        code = terms.prefix + "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
        # One that is taken already is left out, and another one made for it.
        stored = insert(PromoCode).values(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=user.bot_id, user_id=user.id, code=code,
            discount_kind=terms.kind, discount_value=terms.value, max_uses=1, max_uses_per_user=1,
            is_first_purchase_only=terms.is_first_purchase_only, created_at=now,
        )  # fmt: skip
        made = await session.execute(stored.on_conflict_do_nothing().returning(PromoCode.id))
        promo_code_id = made.scalar_one_or_none()
        if promo_code_id is not None:
            return await get_promo_code(session, promo_code_id)


async def withdraw_code(session: TenantSession, promo_code_id: UUID) -> bool:
    """Make a code useless; False when it was used, or waits in an open order, which keeps its price."""
    withdrawn = await session.execute(
        update(PromoCode)
        .where(PromoCode.tenant_id == session.tenant_id, PromoCode.id == promo_code_id, PromoCode.uses_count == 0)
        .values(is_active=False)
        .returning(PromoCode.id)
        .execution_options(synchronize_session=False)
    )
    return withdrawn.scalar_one_or_none() is not None
