"""SQL of the win-back series."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.models.broadcasts import BroadcastCategory, BroadcastOptOut
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.promo_codes import PromoCode
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionStatus
from lumenpay.models.win_backs import WinBack, WinBackEnd, WinBackOffer, WinBackOptOut, WinBackSeries

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
    return bool(await session.scalar(select_refunded(session, subscription_id)))


def select_refunded(session: TenantSession, subscription_id: UUID | SQLColumnExpression[UUID]) -> Select[int]:
    """Return the query of how much of a subscription's last order went back, in minor units."""
    return (
        select(Payment.refunded_minor)
        .join(Grant, (Grant.tenant_id == Payment.tenant_id) & (Grant.payment_id == Payment.id))
        .where(Payment.tenant_id == session.tenant_id, Grant.subscription_id == subscription_id)
        .order_by(Grant.granted_at.desc())
        .limit(1)
    )


def is_taken_care_of(
    session: TenantSession, user_id: SQLColumnExpression[UUID], *, now: datetime
) -> ColumnElement[bool]:  # fmt: skip
    """Return the condition on people to whom nobody else writes about an end of theirs.

    The series will, or has made an offer that still stands, or they asked for no such offers.
    """
    is_on = exists().where(WinBackSeries.tenant_id == session.tenant_id, WinBackSeries.is_on)
    is_open = exists().where(
        WinBack.tenant_id == session.tenant_id, WinBack.user_id == user_id, WinBack.stopped_at.is_(None)
    )
    has_offer = exists().where(
        WinBackOffer.tenant_id == session.tenant_id, WinBackOffer.user_id == user_id, WinBackOffer.valid_until_at > now
    )
    return or_(
        and_(is_on, is_open, ~_is_category_off(session, user_id)), has_offer, _wants_none(session, user_id)
    )  # fmt: skip


async def has_opted_out(session: TenantSession, user_id: UUID) -> bool:
    """Tell whether a person wants no offers: none of the series, or none of any kind."""
    return bool(await session.scalar(select(or_(_wants_none(session, user_id), _is_category_off(session, user_id)))))


def _wants_none(session: TenantSession, user_id: UUID | SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(WinBackOptOut.tenant_id == session.tenant_id, WinBackOptOut.user_id == user_id)


def _is_category_off(session: TenantSession, user_id: UUID | SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(
        BroadcastOptOut.tenant_id == session.tenant_id, BroadcastOptOut.user_id == user_id,
        BroadcastOptOut.category == BroadcastCategory.OFFERS,
    )  # fmt: skip


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


async def close_offers(session: TenantSession, user_id: UUID) -> None:
    """Make the codes of the series' earlier offers to a person useless: a better one takes their place.

    Open orders keep their price, and the person every other code of their own.
    """
    offered = select(WinBackOffer.promo_code_id).where(
        WinBackOffer.tenant_id == session.tenant_id, WinBackOffer.user_id == user_id
    )
    await session.execute(
        update(PromoCode)
        .where(PromoCode.tenant_id == session.tenant_id, PromoCode.id.in_(offered), PromoCode.is_active)
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
