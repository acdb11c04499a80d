"""SQL of payments; their list is `directory`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from lumenpay.db.session import TenantSession
from lumenpay.models.autopays import Autopay, AutopayStatus
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import OPEN_STATUSES, DeliveryState, Payment, PaymentStatus
from lumenpay.models.refunds import Refund
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.payments.errors import PaymentNotFoundError
from lumenpay.payments.providers.stars.facts import STARS_SHOP
from lumenpay.payments.rules import GIVE_UP_AFTER


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


async def list_unpaid_moments(session: TenantSession, *, user_id: UUID, limit: int) -> Sequence[datetime]:
    """Return when a person's newest orders that were not paid were made, the newest first."""
    query = (
        select(Payment.created_at)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status != PaymentStatus.SUCCEEDED,
        )
        .order_by(Payment.created_at.desc())
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()


async def renews_in_stars(session: TenantSession, *, user_id: UUID, plan_id: UUID) -> bool:
    """Tell whether Telegram renews a plan for a person already."""
    query = (
        select(Subscription.id)
        .join(Autopay, (Autopay.tenant_id == Subscription.tenant_id) & (Autopay.subscription_id == Subscription.id))
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.plan_id == plan_id,
            Subscription.status == SubscriptionStatus.ACTIVE,
            Autopay.status == AutopayStatus.ON,
            Autopay.shop_id == STARS_SHOP,
        )
    )
    return (await session.execute(query)).first() is not None


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


async def list_shops_in_use(session: TenantSession, *, bot_id: UUID, now: datetime) -> set[str]:
    """Return the shops of a bot in which the gateway is still asked about orders, or about money on its way back."""
    query = select(Payment.shop_id).where(*_open_orders(session, bot_id=bot_id, now=now), Payment.shop_id.is_not(None))
    refunded = select(Payment.shop_id).where(*_being_refunded(session, bot_id=bot_id), Payment.shop_id.is_not(None))
    return {str(shop_id) for shop_id in (await session.execute(query.union(refunded))).scalars()}


async def has_unfinished_orders(session: TenantSession, *, bot_id: UUID, now: datetime) -> bool:
    """Tell whether orders of a bot are open, being refunded, or paid within a day and not handed over yet."""
    undelivered = (
        Payment.tenant_id == session.tenant_id,
        Payment.bot_id == bot_id,
        Payment.created_at > now - GIVE_UP_AFTER,
        Payment.status == PaymentStatus.SUCCEEDED,
        Payment.delivery_state.in_((DeliveryState.PAID, DeliveryState.GRANTED)),
        Payment.settled_at > now - timedelta(days=1),
    )
    being_refunded = _being_refunded(session, bot_id=bot_id)
    for where in (_open_orders(session, bot_id=bot_id, now=now), being_refunded, undelivered):
        if (await session.execute(select(Payment.id).where(*where).limit(1))).first() is not None:
            return True
    return False


async def resume_checks(session: TenantSession, *, bot_id: UUID, shop_id: str, now: datetime) -> None:
    """Have the gateway asked again about orders of a shop that nobody could ask about any more."""
    await session.execute(
        update(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.bot_id == bot_id,
            Payment.shop_id == shop_id,
            Payment.created_at > now - GIVE_UP_AFTER,
            Payment.status.in_(OPEN_STATUSES),
            Payment.key_first_sent_at.is_not(None),
            Payment.next_check_at.is_(None),
        )
        .values(next_check_at=now)
        .execution_options(synchronize_session=False)
    )


def _open_orders(session: TenantSession, *, bot_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Payment.tenant_id == session.tenant_id,
        Payment.bot_id == bot_id,
        Payment.created_at > now - GIVE_UP_AFTER,
        or_(
            Payment.status == PaymentStatus.CREATED,
            Payment.status.in_(OPEN_STATUSES) & Payment.next_check_at.is_not(None),
        ),
    )


def _being_refunded(session: TenantSession, *, bot_id: UUID) -> tuple[ColumnElement[bool], ...]:
    on_its_way = select(Refund.payment_id).where(
        Refund.tenant_id == session.tenant_id, Refund.next_check_at.is_not(None)
    )  # fmt: skip
    return Payment.tenant_id == session.tenant_id, Payment.id.in_(on_its_way), Payment.bot_id == bot_id


async def find_by_provider_id(session: TenantSession, *, provider: str, provider_payment_id: str) -> Payment | None:
    """Return the payment that the gateway knows under this id."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.provider == provider,
        Payment.provider_payment_id == provider_payment_id,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def move_to_message(session: TenantSession, payment: Payment, *, message_id: int) -> None:
    """Remember which message carries the payment button now."""
    await session.execute(
        update(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.id == payment.id,
            Payment.chat_message_id.is_not_distinct_from(payment.chat_message_id),
        )
        .values(chat_message_id=message_id)
        .execution_options(synchronize_session=False)
    )


async def leave_message(session: TenantSession, *, user_id: UUID, message_id: int) -> None:
    """Forget that orders of a person have their button in a message, which shows something else now."""
    await session.execute(
        update(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.chat_message_id == message_id,
        )
        .values(chat_message_id=None)
        .execution_options(synchronize_session=False)
    )


async def is_message_taken(session: TenantSession, payment: Payment) -> bool:
    """Tell whether a later order of the person has its button in the message of this one."""
    query = select(Payment.id).where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id == payment.user_id,
        Payment.chat_message_id == payment.chat_message_id,
        Payment.created_at > payment.created_at,
    )
    return (await session.execute(query.limit(1))).first() is not None


async def list_to_deliver(session: TenantSession, *, user_id: UUID) -> list[Payment]:
    """Return the paid orders of a person, newest first: what links can be sent again for."""
    query = (
        select(Payment)
        .where(
            Payment.tenant_id == session.tenant_id,
            Payment.user_id == user_id,
            Payment.status == PaymentStatus.SUCCEEDED,
            ~Payment.is_gift,
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
