"""Using a promo code: a quote, a reservation that holds the limits, and its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from lumenpay.db.session import TenantSession
from lumenpay.models.ids import UserId
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import DiscountKind, PromoCode, PromoCodePlan, PromoCodeUse, PromoUseStatus
from lumenpay.promo_codes.errors import PromoCodeRefusedError
from lumenpay.promo_codes.rules import PriceQuote, PromoTerms, apply_discount, decide_refusal, normalize_code

_COUNTED = (PromoUseStatus.RESERVED, PromoUseStatus.USED)


async def quote(
    session: TenantSession,
    *,
    code: str,
    user_id: UserId,
    plan: Plan,
    now: datetime,
    is_locked: bool = False,
    held_by: Payment | None = None,
) -> tuple[PromoCode, PriceQuote]:
    """Return the code and what the plan costs with it.

    Args:
        is_locked: Keep the code locked until the end of the transaction, so that limits read here still hold.
        held_by: An open order of the person; if it holds a use of this code, that use does not count against them.

    Raises:
        PromoCodeRefusedError: The code does not work for this person and plan now.
    """
    query = select(PromoCode).where(
        PromoCode.tenant_id == session.tenant_id,
        PromoCode.bot_id == plan.bot_id,
        PromoCode.code == normalize_code(code)[:32],
    )
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    promo_code = (await session.execute(query)).scalar_one_or_none()
    if promo_code is None or promo_code.user_id not in (None, user_id):
        raise PromoCodeRefusedError("unknown")
    held = int(held_by is not None and held_by.promo_code_id == promo_code.id)
    terms = await _read_terms(session, promo_code, plan=plan, held=held)
    reason = decide_refusal(
        terms,
        currency=plan.currency,
        uses_by_user=await _count_uses(session, promo_code.id, user_id) - held,
        has_bought_before=await _has_bought(session, user_id),
        now=now,
    )
    if reason:
        raise PromoCodeRefusedError(reason)
    return promo_code, apply_discount(terms, price_minor=plan.price_minor)


async def reserve(session: TenantSession, *, promo_code: PromoCode, payment: Payment, now: datetime) -> None:
    """Count a use before it is paid, so that N uses never become N + 1.

    Raises:
        PromoCodeRefusedError: Somebody took the last use at the same moment.
    """
    counted = await session.execute(
        update(PromoCode)
        .where(
            PromoCode.tenant_id == session.tenant_id,
            PromoCode.id == promo_code.id,
            PromoCode.max_uses.is_(None) | (PromoCode.uses_count < PromoCode.max_uses),
        )
        .values(uses_count=PromoCode.uses_count + 1)
        .returning(PromoCode.id)
        .execution_options(synchronize_session=False)
    )
    if counted.scalar_one_or_none() is None:
        raise PromoCodeRefusedError("used_up")
    session.add(
        PromoCodeUse(
            tenant_id=session.tenant_id, payment_id=payment.id, promo_code_id=promo_code.id, user_id=payment.user_id,
            status=PromoUseStatus.RESERVED, created_at=now,
        )
    )  # fmt: skip
    await session.flush()


async def settle_use(session: TenantSession, payment_id: UUID) -> None:
    """Make the reservation of a paid order final; one that was released is counted again. Safe to repeat."""
    promo_code_id = await _move(session, payment_id, PromoUseStatus.RELEASED, PromoUseStatus.USED)
    if promo_code_id is not None:
        await _change_count(session, promo_code_id, 1)
    await _move(session, payment_id, PromoUseStatus.RESERVED, PromoUseStatus.USED)


async def release_use(session: TenantSession, payment_id: UUID) -> None:
    """Give the use of an unpaid order back. Safe to repeat."""
    promo_code_id = await _move(session, payment_id, PromoUseStatus.RESERVED, PromoUseStatus.RELEASED)
    if promo_code_id is not None:
        await _change_count(session, promo_code_id, -1)


async def _move(session: TenantSession, payment_id: UUID, old: PromoUseStatus, new: PromoUseStatus) -> UUID | None:
    moved = await session.execute(
        update(PromoCodeUse)
        .where(
            PromoCodeUse.tenant_id == session.tenant_id,
            PromoCodeUse.payment_id == payment_id,
            PromoCodeUse.status == old,
        )
        .values(status=new)
        .returning(PromoCodeUse.promo_code_id)
        .execution_options(synchronize_session=False)
    )
    return moved.scalar_one_or_none()


async def _change_count(session: TenantSession, promo_code_id: UUID, by: int) -> None:
    await session.execute(
        update(PromoCode)
        .where(PromoCode.tenant_id == session.tenant_id, PromoCode.id == promo_code_id)
        .values(uses_count=func.greatest(PromoCode.uses_count + by, 0))
        .execution_options(synchronize_session=False)
    )


async def _read_terms(session: TenantSession, promo_code: PromoCode, *, plan: Plan, held: int) -> PromoTerms:
    plans = set(
        (
            await session.execute(
                select(PromoCodePlan.plan_id).where(
                    PromoCodePlan.tenant_id == session.tenant_id, PromoCodePlan.promo_code_id == promo_code.id
                )
            )
        ).scalars()
    )
    return PromoTerms(
        kind=DiscountKind(promo_code.discount_kind),
        value=promo_code.discount_value,
        currency=promo_code.currency,
        is_active=promo_code.is_active,
        valid_from_at=promo_code.valid_from_at,
        valid_until_at=promo_code.valid_until_at,
        max_uses=promo_code.max_uses,
        uses_count=promo_code.uses_count - held,
        max_uses_per_user=promo_code.max_uses_per_user,
        is_first_purchase_only=promo_code.is_first_purchase_only,
        is_for_plan=(not plans or plan.id in plans) and _has_use(promo_code, plan),
    )


def _has_use(promo_code: PromoCode, plan: Plan) -> bool:
    # Nothing takes anything off a free plan, and no days are added to an end that is the same for all.
    is_days = promo_code.discount_kind == DiscountKind.EXTRA_DAYS
    return plan.price_minor > 0 and not (is_days and plan.fixed_end_at is not None)


async def _count_uses(session: TenantSession, promo_code_id: UUID, user_id: UUID) -> int:
    query = (
        select(func.count())
        .select_from(PromoCodeUse)
        .where(
            PromoCodeUse.tenant_id == session.tenant_id,
            PromoCodeUse.promo_code_id == promo_code_id,
            PromoCodeUse.user_id == user_id,
            PromoCodeUse.status.in_(_COUNTED),
        )
    )
    return (await session.execute(query)).scalar_one()


async def _has_bought(session: TenantSession, user_id: UUID) -> bool:
    query = (
        select(Payment.id)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.SUCCEEDED,
            # What the tenant or somebody else gave was no purchase.
            Payment.provider.not_in(("manual", "import", "gift")),
        )
        .limit(1)
    )
    return (await session.execute(query)).first() is not None
