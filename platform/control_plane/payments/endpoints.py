"""Payments: the money, and how far the delivery got."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import CreatedDep, PageDep, TenantDep
from control_plane.schemas import Moment, MomentIn, MoneyOut, Output, PageOut, Search
from lumenpay.audit.service import record
from lumenpay.db.narrowing import Span
from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.payments import repository
from lumenpay.payments.repository import PaymentFilters

router = APIRouter(prefix="/tenants/{tenant_id}/payments", tags=["payments"])


class PaymentOut(Output):
    """A payment; `delivery_state` tells how far the order got: paid, granted, link sent, link opened, joined.

    `quarantine_reason` tells why a human has to look: what contradicts the order, or `nothing_to_add` for a paid order
    of somebody who had access for ever already.

    `check_result` tells what came of asking the gateway last, at `checked_at`: what it changed (`granted`, `canceled`,
    `quarantined`), that nothing did (`still_open`, `already_settled`, `nothing_to_ask`), or why nothing could be learnt
    (`unknown_to_the_gateway`, `keys_refused`, `keys_gone`, `gateway_unavailable` and others).
    """

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
    checked_at: Moment | None
    check_result: str | None
    receipt_sent_at: Moment | None
    created_at: Moment
    settled_at: Moment | None


@router.get("")
async def list_(  # noqa: PLR0917 - query parameters
    access: TenantDep,
    page: PageDep,
    created: CreatedDep,
    status: Annotated[PaymentStatus | None, Query()] = None,
    delivery_state: Annotated[
        list[DeliveryState] | None, Query(description="Paid but not inside: paid, granted, link_sent, link_opened.")
    ] = None,
    user_id: Annotated[UUID | None, Query()] = None,
    plan_id: Annotated[UUID | None, Query()] = None,
    bot_id: Annotated[UUID | None, Query()] = None,
    promo_code_id: Annotated[UUID | None, Query()] = None,
    is_test: Annotated[bool | None, Query(description="Payments of test shops, or of real money only.")] = None,
    settled_from: Annotated[
        MomentIn | None, Query(description="Succeeded or canceled at this moment or later.")
    ] = None,
    settled_until: Annotated[MomentIn | None, Query(description="Succeeded or canceled before this moment.")] = None,
    search: Annotated[Search, Query(description="The gateway's id of the payment, or a part of it.")] = None,
) -> PageOut[PaymentOut]:
    """List payments, newest first."""
    filters = PaymentFilters(
        status=status, delivery_states=delivery_state or (), user_id=user_id, plan_id=plan_id, bot_id=bot_id,
        promo_code_id=promo_code_id, search=search, created=created,
        settled=Span(settled_from, settled_until), is_test=is_test,
    )  # fmt: skip
    async with access.unit() as session:
        found = await repository.list_payments(session, filters, page)
    return PageOut(items=[_payment(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.get("/{payment_id}")
async def get(payment_id: UUID, access: TenantDep) -> PaymentOut:
    """Return a payment."""
    async with access.unit() as session:
        return _payment(await repository.get_payment(session, payment_id))


@router.post("/{payment_id}/check", status_code=202)
async def check(payment_id: UUID, access: TenantDep) -> PaymentOut:
    """Have the gateway asked about an unpaid order now, also one that is canceled or quarantined.

    The answer shows in the payment a moment later, as `check_result` with a new `checked_at`.
    """
    async with access.unit() as session:
        payment = await repository.get_payment(session, payment_id)
        payload, key = CheckPayment(payment.id), str(payment.id)
        await enqueue(session, payload, now=access.now, bot_id=payment.bot_id, dedupe_key=key)
        record(session, actor=access.actor, action="payment.check_requested", subject_id=payment.id, now=access.now)
    return _payment(payment)


def _payment(row: Payment) -> PaymentOut:
    values = {name: getattr(row, name) for name in PaymentOut.model_fields if name not in ("amount", "list_price")}
    return PaymentOut(
        **values,
        amount=MoneyOut(amount_minor=row.amount_minor, currency=row.currency),
        list_price=MoneyOut(amount_minor=row.list_price_minor, currency=row.currency),
    )
