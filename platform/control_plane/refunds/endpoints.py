"""Refunds of one payment: what went back, what is on its way, and asking for more."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field, StringConstraints

from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import IdempotenceKey, Input, Moment, MoneyOut, Output, refuse_unstorable
from lumenpay.models.refunds import AccessAfterRefund, Refund, RefundOrigin, RefundStatus
from lumenpay.payments.repository import get_payment
from lumenpay.payments.shops import find_gone_shop
from lumenpay.refunds import repository
from lumenpay.refunds.asking import RefundTerms, count_left, request_refund

router = APIRouter(prefix="/tenants/{tenant_id}/payments/{payment_id}/refunds", tags=["refunds"])
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=250), AfterValidator(refuse_unstorable)]


class RefundIn(Input):
    """What goes back: `amount_minor` of the payment's currency, or all that is left without it.

    `access` tells what becomes of the time that the payment bought: `keep` leaves it, `revoke` takes back what is left
    of it; time of other payments stays. The payer may see the reason. `idempotence_key` makes a repeated request one.

    Stars go back whole: without an `amount_minor`, or with all of it.
    """

    amount_minor: Annotated[int | None, Field(ge=1, le=10**12)] = None
    reason: Reason = ""
    access: AccessAfterRefund
    idempotence_key: IdempotenceKey


class RefundOut(Output):
    """A refund.

    `origin` is `portal` where somebody of the tenant asked for it, `gateway` where it was made at the gateway itself.
    `access` is empty until it succeeds for those. `check_result` tells why nothing could be learnt when the gateway was
    asked last; `quarantine_reason` which fact of the gateway's contradicts ours.
    """

    id: UUID
    payment_id: UUID
    origin: RefundOrigin
    status: RefundStatus
    amount: MoneyOut
    reason: str
    access: AccessAfterRefund | None
    requested_by: UUID | None
    provider_refund_id: str | None
    check_result: str | None
    cancellation_reason: str | None
    quarantine_reason: str | None
    created_at: Moment
    settled_at: Moment | None


class RefundsOut(Output):
    """The refunds of a payment, newest first, and what is left; nothing where it cannot be refunded at all.

    `gone_shop_id` names the shop that took the money where it is not connected any more: until it is connected again,
    the money can be given back in the gateway's own cabinet only.
    """

    items: list[RefundOut]
    left: MoneyOut | None
    gone_shop_id: str | None


@router.get("")
async def list_(payment_id: UUID, access: TenantDep) -> RefundsOut:
    """List what went back of a payment, what is on its way, and how much is left to ask for."""
    async with access.unit() as session:
        payment = await get_payment(session, payment_id)
        rows = await repository.list_of_payment(session, payment.id)
        left = await count_left(session, payment, now=access.now)
        gone = await find_gone_shop(session, payment, ring=access.services.ring) if left else None
    return RefundsOut(
        items=[_show(row) for row in rows],
        left=None if left is None else MoneyOut(amount_minor=left, currency=payment.currency),
        gone_shop_id=gone,
    )


@router.post("", status_code=202, responses=documented(409))
async def create(payment_id: UUID, body: RefundIn, access: TenantDep) -> RefundOut:
    """Have money of a payment given back. The gateway is asked a moment later; the list tells what it said."""
    terms = RefundTerms(amount_minor=body.amount_minor, reason=body.reason, access=body.access)
    async with access.unit() as session:
        row = await request_refund(
            session, payment_id=payment_id, terms=terms, key=body.idempotence_key, ring=access.services.ring,
            actor=access.actor, now=access.now,
        )  # fmt: skip
    return _show(row)


def _show(row: Refund) -> RefundOut:
    names = [name for name in RefundOut.model_fields if name != "amount"]
    return RefundOut(
        **{name: getattr(row, name) for name in names},
        amount=MoneyOut(amount_minor=row.amount_minor, currency=row.currency),
    )
