"""Payments: the money, how far the delivery got, and what the gateway reported."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import func, select

from control_plane.dependencies import PageDep, TenantDep
from control_plane.schemas import Moment, MomentIn, MoneyOut, Output, PageOut
from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.inbox import InboxStatus, PaymentNotice
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.payments import repository
from lumenpay.payments.repository import PaymentFilters

router = APIRouter(prefix="/tenants/{tenant_id}/payments", tags=["payments"])


class PaymentOut(Output):
    """A payment; `delivery_state` tells how far the order got: paid, granted, link sent, link opened, joined."""

    id: UUID
    bot_id: UUID
    user_id: UUID
    plan_id: UUID
    promo_code_id: UUID | None
    provider: str
    provider_payment_id: str | None
    status: PaymentStatus
    delivery_state: DeliveryState
    amount: MoneyOut
    list_price: MoneyOut
    is_test: bool
    description: str
    cancellation_reason: str | None
    quarantine_reason: str | None
    created_at: Moment
    settled_at: Moment | None


class NoticeOut(Output):
    """A notice of the gateway, and what became of it."""

    id: UUID
    event: str
    object_id: str
    status: InboxStatus
    reason: str
    arrivals: int
    received_at: Moment


@router.get("")
async def list_(  # noqa: PLR0917 - query parameters
    access: TenantDep,
    page: PageDep,
    status: Annotated[PaymentStatus | None, Query()] = None,
    delivery_state: Annotated[
        list[DeliveryState] | None, Query(description="Paid but not inside: paid, granted, link_sent, link_opened.")
    ] = None,
    user_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    created_from: Annotated[MomentIn | None, Query()] = None,
    created_until: Annotated[MomentIn | None, Query()] = None,
) -> PageOut[PaymentOut]:
    """List payments, newest first."""
    filters = PaymentFilters(
        status=status, delivery_states=delivery_state or (), user_id=user_id, plan_id=plan_id, bot_id=bot_id,
        created_from=created_from, created_until=created_until,
    )  # fmt: skip
    async with access.unit() as session:
        found = await repository.list_payments(session, filters, page)
    return PageOut(items=[_payment(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.get("/notices")
async def list_notices(
    access: TenantDep, page: PageDep, status: Annotated[InboxStatus | None, Query()] = None
) -> PageOut[NoticeOut]:
    """List what the gateway reported, newest first; quarantined ones need a look."""
    where = [PaymentNotice.tenant_id == access.tenant_id]
    if status is not None:
        where.append(PaymentNotice.status == status)
    async with access.unit() as session:
        total = (await session.execute(select(func.count()).select_from(PaymentNotice).where(*where))).scalar_one()
        rows = await session.execute(
            select(PaymentNotice)
            .where(*where)
            .order_by(PaymentNotice.received_at.desc(), PaymentNotice.id)
            .limit(page.size)
            .offset(page.offset)
        )
        items = [NoticeOut.model_validate(row) for row in rows.scalars()]
    return PageOut(items=items, total=total, page=page.page, size=page.size)


@router.get("/{payment_id}")
async def get(payment_id: UUID, access: TenantDep) -> PaymentOut:
    """Return a payment."""
    async with access.unit() as session:
        return _payment(await repository.get_payment(session, payment_id))


@router.post("/{payment_id}/check", status_code=202)
async def check(payment_id: UUID, access: TenantDep) -> PaymentOut:
    """Have the gateway asked about the payment now; the answer shows in it a moment later."""
    async with access.unit() as session:
        payment = await repository.get_payment(session, payment_id)
        payload, key = CheckPayment(payment.id), str(payment.id)
        await enqueue(session, payload, now=access.now, bot_id=payment.bot_id, dedupe_key=key)
    return _payment(payment)


def _payment(row: Payment) -> PaymentOut:
    values = {name: getattr(row, name) for name in PaymentOut.model_fields if name not in ("amount", "list_price")}
    return PaymentOut(
        **values,
        amount=MoneyOut(amount_minor=row.amount_minor, currency=row.currency),
        list_price=MoneyOut(amount_minor=row.list_price_minor, currency=row.currency),
    )
