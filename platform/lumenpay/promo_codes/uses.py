"""Who used a promo code, when, for which payment and what it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lumenpay.db.counting import count_cap, find_page
from lumenpay.db.narrowing import equal
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.payments import Payment
from lumenpay.models.promo_codes import PromoCodeUse, PromoUseStatus
from lumenpay.models.users import User


@dataclass(frozen=True, slots=True)
class DescribedUse:
    """One use: the person, the order, and what the code took off or added."""

    payment_id: UUID
    user_id: UUID
    first_name: str
    username: str | None
    status: PromoUseStatus
    discount_minor: int
    currency: str
    extra_days: int
    created_at: datetime


async def list_uses(
    session: TenantSession, promo_code_id: UUID, page: PageRequest, *, status: PromoUseStatus | None = None
) -> CountedPage[DescribedUse]:
    """Return the uses of a code, the newest order first; released ones count against no limit.

    Raises:
        PageTooDeepError: The page lies beyond what is counted.
    """
    where = [
        PromoCodeUse.tenant_id == session.tenant_id,
        PromoCodeUse.promo_code_id == promo_code_id,
        *equal({PromoCodeUse.status: status}),
    ]
    query, order = select(PromoCodeUse.payment_id).where(*where), (PromoCodeUse.payment_id.desc(),)
    found = await find_page(session, query, page, order=order, cap=count_cap(is_narrowed=True))
    rows = await session.execute(
        select(PromoCodeUse, Payment, User)
        .join(Payment, (Payment.tenant_id == PromoCodeUse.tenant_id) & (Payment.id == PromoCodeUse.payment_id))
        .join(User, (User.tenant_id == PromoCodeUse.tenant_id) & (User.id == PromoCodeUse.user_id))
        .where(PromoCodeUse.tenant_id == session.tenant_id, PromoCodeUse.payment_id.in_(found.items))
        .order_by(*order)
    )
    items = [_describe(use, payment, user) for use, payment, user in rows]
    return CountedPage(items, found.total, found.is_total_exact)


def _describe(use: PromoCodeUse, payment: Payment, user: User) -> DescribedUse:
    return DescribedUse(
        payment_id=payment.id, user_id=user.id, first_name=user.first_name, username=user.username,
        status=PromoUseStatus(use.status), discount_minor=payment.list_price_minor - payment.amount_minor,
        currency=payment.currency, extra_days=payment.extra_days, created_at=use.created_at,
    )  # fmt: skip
