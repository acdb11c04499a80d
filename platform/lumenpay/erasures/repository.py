"""SQL of erasures, and what of a person is still in the air."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import BYTEA

from lumenpay.db.narrowing import equal
from lumenpay.db.session import TenantSession
from lumenpay.erasures.catalogue import Person, wrote
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.access import ActualPlace, EntryLink, EntryLinkStatus, Membership, WantedPlace
from lumenpay.models.admins import Admin
from lumenpay.models.erasures import Erasure, Obstacle
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptState
from lumenpay.models.gifts import Gift
from lumenpay.models.ids import PaymentId, SubscriptionId
from lumenpay.models.inbox import InboxStatus, TelegramUpdate
from lumenpay.models.jobs import Job, JobStatus
from lumenpay.models.payments import OPEN_STATUSES, Payment, PaymentStatus
from lumenpay.models.refunds import OPEN_REFUNDS, Refund, RefundStatus
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.payments.providers.stars.facts import STARS

HOLDING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)


async def find_erasure(session: TenantSession, user_id: UUID, *, is_locked: bool = False) -> Erasure | None:
    """Return what became of a person's wish to be forgotten, locked on request."""
    query = select(Erasure).where(Erasure.tenant_id == session.tenant_id, Erasure.user_id == user_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def lock_erasure(session: TenantSession, erasure_id: UUID) -> Erasure | None:
    """Return an erasure that nobody else has in hand; nothing where somebody has, for they are about to do it."""
    query = select(Erasure).where(Erasure.tenant_id == session.tenant_id, Erasure.id == erasure_id)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return (await session.execute(locked)).scalar_one_or_none()


async def list_held(session: TenantSession, user_id: UUID) -> Sequence[SubscriptionId]:
    """Return a person's subscriptions that run or stand still."""
    query = select(Subscription.id).where(
        Subscription.tenant_id == session.tenant_id,
        Subscription.user_id == user_id,
        Subscription.status.in_(HOLDING),
    )
    return [SubscriptionId(row) for row in (await session.execute(query)).scalars()]


async def list_unsent_orders(session: TenantSession, user_id: UUID) -> Sequence[PaymentId]:
    """Return a person's orders of which no gateway knows, or whose payment in Stars waits for our word."""
    query = select(Payment.id).where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id == user_id,
        Payment.status.in_((PaymentStatus.CREATED, PaymentStatus.PENDING)),
        Payment.provider_payment_id.is_(None),
        or_(Payment.key_first_sent_at.is_(None), Payment.provider == STARS),
    )
    return [PaymentId(row) for row in (await session.execute(query)).scalars()]


async def list_open_orders(session: TenantSession, user_id: UUID) -> Sequence[Payment]:
    """Return a person's orders that could still be paid."""
    query = select(Payment).where(
        Payment.tenant_id == session.tenant_id,
        Payment.user_id == user_id,
        Payment.status.in_(OPEN_STATUSES),
        Payment.superseded_at.is_(None),
    )
    return list((await session.execute(query)).scalars())


async def list_open_links(session: TenantSession, user_id: UUID) -> Sequence[EntryLink]:
    """Return the links by which a person could still come in."""
    query = select(EntryLink).where(
        EntryLink.tenant_id == session.tenant_id,
        EntryLink.user_id == user_id,
        EntryLink.status == EntryLinkStatus.ACTIVE,
    )
    return list((await session.execute(query)).scalars())


async def list_inside(session: TenantSession, user_id: UUID) -> Sequence[Membership]:
    """Return the channels in which a person is, or should be, by the bot's doing."""
    query = select(Membership).where(Membership.tenant_id == session.tenant_id, Membership.user_id == user_id)
    is_ours = Membership.wanted != WantedPlace.UNMANAGED
    may_be_inside = or_(Membership.wanted == WantedPlace.INSIDE, Membership.actual == ActualPlace.INSIDE)
    return list((await session.execute(query.where(is_ours, may_be_inside))).scalars())


async def has_unread_money(session: TenantSession, person: Person) -> bool:
    """Tell whether an update about a person's Stars waits to be acted on."""
    words = [cast(f'%"{name}"%'.encode(), BYTEA) for name in ("successful_payment", "refunded_payment")]
    query = select(TelegramUpdate.update_id).where(
        wrote(person),
        TelegramUpdate.status.in_((InboxStatus.NEW, InboxStatus.QUARANTINED)),
        or_(*(TelegramUpdate.body.op("LIKE")(word) for word in words)),
    )
    return (await session.execute(query.limit(1))).first() is not None


async def find_obstacle(session: TenantSession, user_id: UUID) -> Obstacle | None:
    """Return what of a person is still in the air; nothing when they can be forgotten."""
    payments = select(Payment.id).where(Payment.tenant_id == session.tenant_id, Payment.user_id == user_id)
    checks: dict[Obstacle, ColumnElement[bool]] = {
        Obstacle.PAYMENT: _has_open_order(session, user_id),
        Obstacle.REFUND: exists().where(
            Refund.tenant_id == session.tenant_id,
            Refund.payment_id.in_(payments),
            Refund.status.in_((*OPEN_REFUNDS, RefundStatus.QUARANTINED)),
        ),
        Obstacle.RECEIPT: exists().where(
            FiscalReceipt.tenant_id == session.tenant_id,
            FiscalReceipt.payment_id.in_(payments),
            FiscalReceipt.state == ReceiptState.PENDING,
        ),
        Obstacle.ACCESS: exists().where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.user_id == user_id,
            Subscription.status.in_(HOLDING),
        ),
        Obstacle.REMOVAL: exists().where(
            Membership.tenant_id == session.tenant_id,
            Membership.user_id == user_id,
            Membership.wanted != WantedPlace.UNMANAGED,
            Membership.actual == ActualPlace.INSIDE,
        ),
    }
    found = (await session.execute(select(*(check.label(name.value) for name, check in checks.items())))).one()
    for name in checks:
        if found._mapping[name.value]:  # noqa: SLF001 - SQLAlchemy's name of what is public
            return name
    return Obstacle.JOB if await _has_job(session, user_id) else None


def _has_open_order(session: TenantSession, user_id: UUID) -> ColumnElement[bool]:
    # One that a human has to look at is money of nobody yet.
    in_the_air = (*OPEN_STATUSES, PaymentStatus.QUARANTINED)
    return exists().where(
        Payment.tenant_id == session.tenant_id, Payment.user_id == user_id, Payment.status.in_(in_the_air)
    )


async def _has_job(session: TenantSession, user_id: UUID) -> bool:
    """Tell whether a job that is not done names the person, or anything of theirs."""
    own = [
        select(cast(model.id, Text)).where(model.tenant_id == session.tenant_id, model.user_id == user_id)
        for model in (Payment, Subscription, Membership, EntryLink)
    ]
    gifts = select(cast(Gift.id, Text)).where(
        Gift.tenant_id == session.tenant_id, or_(Gift.giver_id == user_id, Gift.receiver_id == user_id)
    )
    refunds = (
        select(cast(Refund.id, Text))
        .join(Payment, and_(Payment.tenant_id == Refund.tenant_id, Payment.id == Refund.payment_id))
        .where(Refund.tenant_id == session.tenant_id, Payment.user_id == user_id)
    )
    value = func.jsonb_each_text(Job.payload).table_valued("key", "value").lateral()
    named = value.c.value
    query = (
        select(Job.id)
        .join(value, true())
        .where(
            Job.tenant_id == session.tenant_id,
            Job.status == JobStatus.READY,
            or_(named == str(user_id), named.in_(gifts), named.in_(refunds), *(named.in_(ids) for ids in own)),
        )
        .limit(1)
    )
    return (await session.execute(query)).first() is not None


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An erasure with the person, and the name of whoever of the team asked; empty for anybody else."""

    erasure: Erasure
    person: User
    asked_by_name: str


async def list_erasures(
    session: TenantSession, page: PageRequest, *, is_open: bool | None, asked_by: str | None, user_id: UUID | None
) -> Page[ErasureRow]:
    """Return who asked to be forgotten, the latest first: those who wait, those who were, or all of them."""
    where = [Erasure.tenant_id == session.tenant_id, *equal({Erasure.user_id: user_id, Erasure.asked_by: asked_by})]
    if is_open is not None:
        where.append(Erasure.erased_at.is_(None) if is_open else Erasure.erased_at.is_not(None))
    total = (await session.execute(select(func.count()).select_from(Erasure).where(*where))).scalar_one()
    rows = await session.execute(
        select(Erasure, User, func.coalesce(Admin.name, ""))
        .join(User, and_(User.tenant_id == Erasure.tenant_id, User.id == Erasure.user_id))
        .outerjoin(Admin, Admin.id == Erasure.asked_by_id)
        .where(*where)
        .order_by(Erasure.asked_at.desc(), Erasure.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page([ErasureRow(*row) for row in rows], total)
