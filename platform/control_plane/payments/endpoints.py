"""Payments: the money, and how far the delivery got."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import PageDep, TenantDep
from control_plane.payments.filters import PaymentFiltersDep
from control_plane.payments.schemas import (
    MissingPlaceOut,
    PaymentOut,
    PaymentRowOut,
    PaymentSumOut,
    PaymentSumsOut,
    UndeliveredOut,
    show_payment,
    show_row,
)
from control_plane.schemas import CountedPageOut, MoneyOut, show_page
from control_plane.timelines import Cursor, Limit, show_timeline
from control_plane.users.schemas import TimelineOut
from lumenpay.access import timeline, undelivered
from lumenpay.access.undelivered import Undelivered
from lumenpay.audit.service import record
from lumenpay.jobs.catalogue import CheckPayment
from lumenpay.jobs.outbox import enqueue
from lumenpay.payments import directory, repository
from lumenpay.payments.directory import PaymentRow, PaymentSort

router = APIRouter(prefix="/tenants/{tenant_id}/payments", tags=["payments"])


@router.get("")
async def list_(
    access: TenantDep, page: PageDep, filters: PaymentFiltersDep,
    sort: Annotated[PaymentSort, Query()] = PaymentSort.NEWEST,
) -> CountedPageOut[PaymentRowOut]:  # fmt: skip
    """List payments, newest first unless asked otherwise."""
    async with access.unit() as session:
        found = await directory.list_payments(session, filters, page, sort=sort)
    return show_page(found, [show_row(row) for row in found.items], page)


@router.get("/sums")
async def sum_(access: TenantDep, filters: PaymentFiltersDep) -> PaymentSumsOut:
    """Sum up the payments of the list that succeeded."""
    async with access.unit() as session:
        found = await directory.sum_payments(session, filters)
    items = [
        PaymentSumOut(
            is_test=row.is_test, count=row.count,
            total=MoneyOut(amount_minor=row.amount_minor, currency=row.currency),
        )
        for row in found
    ]  # fmt: skip
    return PaymentSumsOut(items=items, total=sum(row.count for row in found))


@router.get("/undelivered")
async def list_undelivered(access: TenantDep, page: PageDep) -> CountedPageOut[UndeliveredOut]:
    """List who paid and is not inside, the longest waiting first: the newest order of each running subscription."""
    async with access.unit() as session:
        found = await undelivered.list_undelivered(session, page, now=access.now)
    return show_page(found, [_undelivered(row, now=access.now) for row in found.items], page)


@router.get("/{payment_id}")
async def get(payment_id: UUID, access: TenantDep) -> PaymentRowOut:
    """Return a payment."""
    async with access.unit() as session:
        return show_row(await directory.read_row(session, await repository.get_payment(session, payment_id)))


@router.get("/{payment_id}/timeline")
async def list_timeline(
    payment_id: UUID, access: TenantDep, cursor: Cursor = None, limit: Limit = 50
) -> TimelineOut:  # fmt: skip
    """List what happened to a payment, out of every book, the latest first."""
    async with access.unit() as session:
        return show_timeline(await timeline.list_of_payment(session, payment_id, cursor=cursor, limit=limit))


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
    return show_payment(payment)


def _undelivered(row: Undelivered, *, now: datetime) -> UndeliveredOut:
    paid_at = row.payment.settled_at or row.payment.created_at
    places = [
        MissingPlaceOut(channel_id=place.channel.id, channel_title=place.channel.title, has_left=place.has_left)
        for place in row.places
    ]
    return UndeliveredOut(
        payment=show_row(PaymentRow(row.payment, row.user, row.plan_title)), reason=row.reason, places=places,
        age_seconds=max(0, round((now - paid_at).total_seconds())),
    )  # fmt: skip
