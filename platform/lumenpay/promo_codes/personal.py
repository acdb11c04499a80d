"""Codes that are good for one person, once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId, PlanId, UserId
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodePlan
from lumenpay.promo_codes.generation import ALPHABET

LENGTH: Final = 14
"""Nobody guesses one, and no two are alike."""


async def make_personal_code(
    session: TenantSession, *, bot_id: BotId, user_id: UserId, kind: DiscountKind, value: int,
    valid_until_at: datetime, plan_ids: Sequence[UUID], now: datetime,
) -> PromoCode:  # fmt: skip
    """Store a code that one person can use once until a moment; for anybody else it does not exist."""
    promo_code = PromoCode(
        tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, user_id=user_id,
        code="".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), discount_kind=kind, discount_value=value,
        max_uses=1, max_uses_per_user=1, valid_from_at=None, valid_until_at=valid_until_at, created_at=now,
    )  # fmt: skip
    session.add(promo_code)
    await session.flush()
    session.add_all(
        PromoCodePlan(tenant_id=session.tenant_id, promo_code_id=promo_code.id, plan_id=PlanId(plan_id))
        for plan_id in dict.fromkeys(plan_ids)
    )
    await session.flush()
    return promo_code
