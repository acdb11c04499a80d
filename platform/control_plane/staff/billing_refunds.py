"""The platform's own invoices of one tenant at the console, and giving money of them back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from control_plane.billing.schemas import InvoicesOut, show_papers
from control_plane.errors import documented
from control_plane.schemas import IdempotenceKey, Input, Text
from control_plane.staff.access import ProvedStaffDep, StaffAccess, StaffDep
from control_plane.staff.tenants import Reason
from lumenpay.billing.errors import BillingOffError, NeverBilledError, PlatformInvoiceNotFoundError
from lumenpay.billing.papers import NO_PAPERS, Papers
from lumenpay.billing.refunds import RefundWish, ask_for_refund, list_refunds
from lumenpay.billing.repository import find_subscription

router = APIRouter(prefix="/staff/tenants/{tenant_id}/billing", tags=["staff_invoices"])


class InvoiceRefundIn(Input):
    """What goes back: `amount_minor` of the invoice's currency, or all that is left without it. The tenant reads why.

    `idempotence_key` makes a repeated request one.
    """

    stripe_invoice: Annotated[Text, Field(min_length=1, max_length=255)]
    amount_minor: Annotated[int | None, Field(ge=1, le=10**12)] = None
    reason: Reason
    idempotence_key: IdempotenceKey


@router.get("/invoices", responses=documented(409))
async def list_(tenant_id: UUID, staff: StaffDep) -> InvoicesOut:
    """Ask Stripe for a tenant's newest invoices and what went back of them."""
    return await _show(staff, tenant_id)


@router.post("/refunds", status_code=202, responses=documented(409))
async def refund(tenant_id: UUID, body: InvoiceRefundIn, staff: ProvedStaffDep) -> InvoicesOut:
    """Have Stripe give money of an invoice back. Needs a fresh proof; Stripe is asked a moment later.

    The list of invoices tells what it said.
    """
    papers = await _read_papers(staff, tenant_id)
    invoice = next((one for one in papers.invoices if one.id == body.stripe_invoice), None)
    if invoice is None:
        raise PlatformInvoiceNotFoundError
    wish = RefundWish(body.amount_minor, body.reason, body.idempotence_key)
    async with staff.unit(tenant_id) as session:
        await ask_for_refund(session, invoice, wish, actor=staff.actor, now=staff.now)
        refunds = await list_refunds(session)
    return show_papers(papers, refunds)


async def _show(staff: StaffAccess, tenant_id: UUID) -> InvoicesOut:
    async with staff.unit(tenant_id) as session:
        row, refunds = await find_subscription(session), await list_refunds(session)
    has_bill = staff.services.stripe is not None and row is not None and row.stripe_customer_id is not None
    return show_papers(await _read_papers(staff, tenant_id) if has_bill else NO_PAPERS, refunds)


async def _read_papers(staff: StaffAccess, tenant_id: UUID) -> Papers:
    gateway = staff.services.stripe
    if gateway is None:
        raise BillingOffError
    async with staff.unit(tenant_id) as session:
        row = await find_subscription(session)
    if row is None or row.stripe_customer_id is None:
        raise NeverBilledError
    return await gateway.read_papers(row.stripe_customer_id)
