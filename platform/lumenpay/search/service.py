"""One question over subscribers, payments, plans and promo codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from lumenpay.db.narrowing import pattern_of
from lumenpay.db.session import TenantSession
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.users import User
from lumenpay.payments.directory import PaymentFilters, PaymentRow, find_rows
from lumenpay.users.narrowing import is_named

EACH: Final = 5


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, a few of each at most, the newest first."""

    users: Sequence[User]
    payments: Sequence[PaymentRow]
    plans: Sequence[Plan]
    promo_codes: Sequence[PromoCode]


async def find_anything(session: TenantSession, text: str) -> Findings:
    """Return what has the text in its name: nothing for an empty one."""
    text = text.strip()
    if not text:
        return Findings((), (), (), ())
    users = select(User).where(User.tenant_id == session.tenant_id, is_named(text, limit=EACH)).order_by(User.id.desc())
    pattern = pattern_of(text)
    plans = select(Plan).where(Plan.tenant_id == session.tenant_id, Plan.title.ilike(pattern))
    # Personal codes stand in no list: they are found with their person.
    of_all = (PromoCode.tenant_id == session.tenant_id, PromoCode.user_id.is_(None))
    codes = select(PromoCode).where(*of_all, PromoCode.code.ilike(pattern))
    return Findings(
        users=list((await session.execute(users)).scalars()),
        payments=await find_rows(session, PaymentFilters(search=text), limit=EACH),
        plans=list((await session.execute(plans.order_by(Plan.id.desc()).limit(EACH))).scalars()),
        promo_codes=list((await session.execute(codes.order_by(PromoCode.id.desc()).limit(EACH))).scalars()),
    )
