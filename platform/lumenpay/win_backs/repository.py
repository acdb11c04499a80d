"""SQL of the win-back series."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionStatus
from lumenpay.models.win_backs import WinBack, WinBackEnd, WinBackOffer, WinBackOptOut

_OPEN = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.WAITING_FOR_CAPTURE)
_RUNNING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)


async def find_win_back(session: TenantSession, win_back_id: UUID, *, is_locked: bool = False) -> WinBack | None:
    """Return one end in the series."""
    query = select(WinBack).where(WinBack.tenant_id == session.tenant_id, WinBack.id == win_back_id)
    if is_locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def find_offer(session: TenantSession, offer_id: UUID) -> WinBackOffer | None:
    """Return an offer."""
    query = select(WinBackOffer).where(WinBackOffer.tenant_id == session.tenant_id, WinBackOffer.id == offer_id)
    return (await session.execute(query)).scalar_one_or_none()


async def has_running(session: TenantSession, user_id: UUID) -> bool:
    """Tell whether a person has a subscription that runs or is paused."""
    where = (Subscription.tenant_id == session.tenant_id, Subscription.user_id == user_id)
    return bool(await session.scalar(select(exists().where(*where, Subscription.status.in_(_RUNNING)))))


async def is_buying(session: TenantSession, user_id: UUID) -> bool:
    """Tell whether a person has an order open that they may be paying at this moment."""
    where = (
        Payment.tenant_id == session.tenant_id, Payment.user_id == user_id, Payment.status.in_(_OPEN),
        Payment.superseded_at.is_(None),
    )  # fmt: skip
    return bool(await session.scalar(select(exists().where(*where))))


async def was_refunded(session: TenantSession, subscription_id: UUID) -> bool:
    """Tell whether money for a subscription's last order went back."""
    query = (
        select(Payment.refunded_minor)
        .join(Grant, (Grant.tenant_id == Payment.tenant_id) & (Grant.payment_id == Payment.id))
        .where(Payment.tenant_id == session.tenant_id, Grant.subscription_id == subscription_id)
        .order_by(Grant.granted_at.desc())
        .limit(1)
    )
    return bool(await session.scalar(query))


async def has_opted_out(session: TenantSession, user_id: UUID) -> bool:
    """Tell whether a person wants no offers."""
    where = (WinBackOptOut.tenant_id == session.tenant_id, WinBackOptOut.user_id == user_id)
    return bool(await session.scalar(select(exists().where(*where))))


async def opt_out(session: TenantSession, user_id: UUID, *, now: datetime) -> bool:
    """Store that a person wants no offers; False when that stood already."""
    stored = await session.execute(
        insert(WinBackOptOut)
        .values(tenant_id=session.tenant_id, user_id=user_id, created_at=now)
        .on_conflict_do_nothing()
        .returning(WinBackOptOut.user_id)
    )
    return stored.scalar_one_or_none() is not None


async def was_begun(session: TenantSession, subscription: Subscription) -> bool:
    """Tell whether the present end of a subscription began the series before."""
    where = (
        WinBack.tenant_id == session.tenant_id, WinBack.subscription_id == subscription.id,
        WinBack.ended_at == subscription.expired_at,
    )  # fmt: skip
    return bool(await session.scalar(select(exists().where(*where))))


async def stop_open(session: TenantSession, user_id: UUID, *, because: WinBackEnd, now: datetime) -> None:
    """Leave a person out of the series from now on, whichever end brought them in."""
    await session.execute(
        update(WinBack)
        .where(WinBack.tenant_id == session.tenant_id, WinBack.user_id == user_id, WinBack.stopped_at.is_(None))
        .values(stopped_at=now, stopped_because=because, next_step_at=None)
        .execution_options(synchronize_session="fetch")
    )


async def close_codes(session: TenantSession, user_id: UUID) -> None:
    """Make the person's own codes useless: a better one takes their place. Open orders keep their price."""
    await session.execute(
        update(PromoCode)
        .where(PromoCode.tenant_id == session.tenant_id, PromoCode.user_id == user_id, PromoCode.is_active)
        .values(is_active=False)
        .execution_options(synchronize_session="fetch")
    )


async def insert_offer(session: TenantSession, offer: dict[str, object]) -> bool:
    """Store an offer; False when this step of this end was taken before."""
    stored = await session.execute(
        insert(WinBackOffer)
        .values(tenant_id=session.tenant_id, **offer)
        .on_conflict_do_nothing()
        .returning(WinBackOffer.id)
    )
    return stored.scalar_one_or_none() is not None
