"""What the series brought: by step, how many were written to, how many of them bought with the offer, and how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCodeUse, PromoUseStatus
from lumenpay.models.win_backs import WinBackOffer, WinBackOptOut


@dataclass(slots=True)
class StepFigures:
    """One step; revenue in minor units by currency, refunds taken off."""

    step: int
    offered: int = 0
    sent: int = 0
    came_back: int = 0
    revenue_minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))


async def count_steps(session: TenantSession, *, since: datetime) -> list[StepFigures]:
    """Return what became of the offers that were made since a moment, by step."""
    within = (WinBackOffer.tenant_id == session.tenant_id, WinBackOffer.created_at >= since)
    made = await session.execute(
        select(WinBackOffer.step, func.count(), func.count(WinBackOffer.sent_at))
        .where(*within)
        .group_by(WinBackOffer.step)
        .order_by(WinBackOffer.step)
    )
    steps = {row[0]: StepFigures(*row) for row in made}
    bought = await session.execute(
        select(
            WinBackOffer.step, Payment.currency, func.count(func.distinct(WinBackOffer.id)),
            func.sum(Payment.amount_minor - Payment.refunded_minor),
        )
        .join(
            PromoCodeUse,
            (PromoCodeUse.tenant_id == WinBackOffer.tenant_id)
            & (PromoCodeUse.promo_code_id == WinBackOffer.promo_code_id),
        )
        .join(Payment, (Payment.tenant_id == PromoCodeUse.tenant_id) & (Payment.id == PromoCodeUse.payment_id))
        .where(*within, PromoCodeUse.status == PromoUseStatus.USED, Payment.status == PaymentStatus.SUCCEEDED)
        .group_by(WinBackOffer.step, Payment.currency)
    )  # fmt: skip
    for step, currency, count, revenue in bought:
        steps[step].came_back += count
        steps[step].revenue_minor[currency] += int(revenue)
    return list(steps.values())


async def count_opt_outs(session: TenantSession, *, since: datetime) -> int:
    """Return how many people wanted no more offers since a moment."""
    query = select(func.count()).select_from(WinBackOptOut)
    query = query.where(WinBackOptOut.tenant_id == session.tenant_id, WinBackOptOut.created_at >= since)
    return (await session.execute(query)).scalar_one()
