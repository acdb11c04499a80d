"""SQL of payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from lumenpay.db.narrowing import ANY_TIME, Span, containing, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.payments.errors import PaymentNotFoundError


@dataclass(frozen=True, slots=True)
class PaymentFilters:
    """Which payments a list shows; an empty field does not filter."""

    status: PaymentStatus | None = None
    delivery_states: Sequence[DeliveryState] = ()
    user_id: UUID | None = None
    plan_id: UUID | None = None
    bot_id: UUID | None = None
    promo_code_id: UUID | None = None
    search: str | None = None
    """The gateway's id of the payment, or a part of it, as it stands on the payer's receipt."""
    created: Span = ANY_TIME


_EQUAL = ("status", "user_id", "plan_id", "bot_id", "promo_code_id")


async def get_payment(session: TenantSession, payment_id: UUID, *, is_locked: bool = False) -> Payment:
    """Return a payment, locked until the end of the transaction on request.

    Raises:
        PaymentNotFoundError: Unknown to this tenant.
    """
    query = select(Payment).where(Payment.tenant_id == session.tenant_id, Payment.id == payment_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    payment = (await session.execute(query)).scalar_one_or_none()
    if payment is None:
        raise PaymentNotFoundError
    return payment


async def find_payment(session: TenantSession, payment_id: UUID) -> Payment | None:
    """Return a payment of this tenant."""
    return await session.get(Payment, (session.tenant_id, payment_id))


async def find_open_payment(session: TenantSession, *, user_id: UUID, plan_id: UUID) -> Payment | None:
    """Return the payment that a person has open for a plan, locked."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id == user_id,
        Payment.plan_id == plan_id,
        Payment.status.in_((PaymentStatus.CREATED, PaymentStatus.PENDING)),
        Payment.superseded_at.is_(None),
    )
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def list_unpaid(session: TenantSession, *, user_id: UUID) -> list[Payment]:
    """Return the orders whose payment link a person can follow now, newest first, a few at most."""
    query = (
        select(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.PENDING,
            Payment.superseded_at.is_(None),
            Payment.confirmation_url.is_not(None),
        )
        .order_by(Payment.created_at.desc())
        .limit(3)
    )
    return list((await session.execute(query)).scalars())


async def find_by_provider_id(session: TenantSession, *, provider: str, provider_payment_id: str) -> Payment | None:
    """Return the payment that the gateway knows under this id."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.provider == provider,
        Payment.provider_payment_id == provider_payment_id,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def list_payments(session: TenantSession, filters: PaymentFilters, page: PageRequest) -> Page[Payment]:
    """Return payments, newest first."""
    where: list[ColumnElement[bool]] = [
        Payment.tenant_id == session.tenant_id,
        *equal({getattr(Payment, name): getattr(filters, name) for name in _EQUAL}),
        *containing(filters.search, Payment.provider_payment_id),
        *within(Payment.created_at, filters.created),
    ]
    if filters.delivery_states:
        where.append(Payment.delivery_state.in_(filters.delivery_states))
    total = (await session.execute(select(func.count()).select_from(Payment).where(*where))).scalar_one()
    rows = await session.execute(
        select(Payment)
        .where(*where)
        .order_by(Payment.created_at.desc(), Payment.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(list(rows.scalars()), total)


async def list_to_deliver(session: TenantSession, *, user_id: UUID) -> list[Payment]:
    """Return the paid orders of a person, newest first: what links can be sent again for."""
    query = (
        select(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.SUCCEEDED,
        )
        .order_by(Payment.settled_at.desc())
        .limit(20)
    )
    return list((await session.execute(query)).scalars())


async def advance_delivery(session: TenantSession, payment_ids: Sequence[UUID], state: DeliveryState) -> None:
    """Move the delivery of orders forward; one that got further already stays where it is."""
    order = list(DeliveryState)
    earlier = order[order.index(DeliveryState.PAID) : order.index(state)]
    await session.execute(
        update(Payment)
        .where(Payment.tenant_id == session.tenant_id, Payment.id.in_(payment_ids), Payment.delivery_state.in_(earlier))
        .values(delivery_state=state)
        .execution_options(synchronize_session=False)
    )


async def get_notice(session: TenantSession, notice_id: UUID) -> PaymentNotice | None:
    """Return a stored notice."""
    return await session.get(PaymentNotice, (session.tenant_id, notice_id))


async def close_notice(session: TenantSession, notice: PaymentNotice, *, status: InboxStatus, reason: str = "") -> bool:
    """Store what became of a notice; False when it came again meanwhile and has to be looked into again."""
    closed = await session.execute(
        update(PaymentNotice)
        .where(
            PaymentNotice.tenant_id == session.tenant_id,
            PaymentNotice.id == notice.id,
            PaymentNotice.arrivals == notice.arrivals,
        )
        .values(status=status, reason=reason[:128])
        .returning(PaymentNotice.id)
        .execution_options(synchronize_session=False)
    )
    return closed.scalar_one_or_none() is not None
