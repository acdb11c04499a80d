"""Codes that are good for one person, once: for anybody else they do not exist."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ids import BotId, PlanId, UserId
from lumenpay.models.promo_codes import DiscountKind, PersonalKind, PromoCode, PromoCodePlan
from lumenpay.promo_codes.generation import ALPHABET
from lumenpay.promo_codes.service import get_promo_code

WELCOME_PREFIX: Final = "HI-"
REWARD_PREFIX: Final = "THX-"
_ALONE: Final = 14
_BEHIND_PREFIX: Final = 8
"""How many letters are drawn, by themselves or behind a prefix."""


def classify_personal(code: str) -> PersonalKind:
    """Return what a personal code was made for: its beginning tells; one by itself, without a hyphen, wins back."""
    if code.startswith(WELCOME_PREFIX):
        return PersonalKind.WELCOME
    return PersonalKind.REWARD if code.startswith(REWARD_PREFIX) else PersonalKind.WIN_BACK


@dataclass(frozen=True, slots=True)
class PersonalTerms:
    """What a personal code gives: percent (1-100) or days, by `kind`; for every plan unless some are named.

    Attributes:
        prefix: How the code begins.
        valid_until_at: Until when it can be used; for ever without one.
    """

    kind: DiscountKind
    value: int
    prefix: str = ""
    is_first_purchase_only: bool = False
    valid_until_at: datetime | None = None
    plan_ids: Sequence[UUID] = ()


async def make_personal_code(
    session: TenantSession, *, bot_id: BotId, user_id: UserId, terms: PersonalTerms, now: datetime
) -> PromoCode:
    """Store a code that one person can use once."""
    while True:
        # One that is taken already is left out, and another one made for it.
        stored = insert(PromoCode).values(
            tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, user_id=user_id, code=_draw_code(terms.prefix),
            discount_kind=terms.kind, discount_value=terms.value, max_uses=1, max_uses_per_user=1,
            is_first_purchase_only=terms.is_first_purchase_only, valid_until_at=terms.valid_until_at, created_at=now,
        )  # fmt: skip
        made = await session.execute(stored.on_conflict_do_nothing().returning(PromoCode.id))
        promo_code_id = made.scalar_one_or_none()
        if promo_code_id is not None:
            break
    session.add_all(
        PromoCodePlan(tenant_id=session.tenant_id, promo_code_id=promo_code_id, plan_id=PlanId(plan_id))
        for plan_id in dict.fromkeys(terms.plan_ids)
    )
    await session.flush()
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


async def withdraw_all(session: TenantSession, user_id: UUID) -> None:
    """Make every code of a person's own useless, whatever it was made for. Open orders keep their price."""
    await session.execute(
        update(PromoCode)
        .where(PromoCode.tenant_id == session.tenant_id, PromoCode.user_id == user_id, PromoCode.is_active)
        .values(is_active=False)
        .execution_options(synchronize_session="fetch")
    )


def _draw_code(prefix: str) -> str:
    letters = _BEHIND_PREFIX if prefix else _ALONE
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(letters))
