"""Fiscal receipts by 54-FZ: what a bot's shop writes into them, how far each is, and trying failed ones again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, Output, PageOut, VersionIn
from lumenpay.fiscal_receipts import repository
from lumenpay.fiscal_receipts.following import try_again
from lumenpay.fiscal_receipts.settings import ReceiptChoices, change_choices, get_choices, version_of_choices
from lumenpay.models.fiscal_receipts import FiscalReceipt, PaymentMode, PaymentSubject, ReceiptKind, ReceiptState

router = APIRouter(prefix="/tenants/{tenant_id}", tags=["fiscal_receipts"])
VatCode = Annotated[
    int,
    Field(
        ge=1, le=12,
        description="1 no VAT, 2 0 %, 3 10 %, 4 20 %, 5 10/110, 6 20/120, 7 5 %, 8 7 %, 9 5/105, 10 7/107, 11 22 %, "
        "12 22/122.",
    ),
]  # fmt: skip
TaxSystemCode = Annotated[
    int | None, Field(ge=1, le=6, description="Only for a cash register that wants it: ATOL, or several systems.")
]


class ReceiptSettingsIn(Input):
    """Whether receipts are sent, and what stands in them where a plan says nothing else.

    `takes_phone` lets people give a phone number instead of an e-mail address. Receipts of YooKassa itself need an
    address; the cash registers of others take either.
    """

    is_on: bool
    takes_phone: bool = False
    vat_code: VatCode
    tax_system_code: TaxSystemCode = None
    subject: PaymentSubject = PaymentSubject.SERVICE
    mode: PaymentMode = PaymentMode.FULL_PAYMENT
    version: VersionIn = None


class ReceiptSettingsOut(Output):
    """What holds for the shop of a bot."""

    is_on: bool
    takes_phone: bool
    vat_code: int
    tax_system_code: int | None
    subject: PaymentSubject
    mode: PaymentMode
    version: str


class FiscalReceiptOut(Output):
    """The receipt of a payment, or of a refund of it.

    `failure` says why it is not registered: `not_registered` (the cash register did not take it), `no_contact` (the
    payer has given no address), `no_answer` (nothing was heard of it for three days), `keys_refused` (the keys, or the
    shop sends no receipts), or `refused:` with YooKassa's code and the field. `next_step_at` of a failed one tells when
    it is tried again by itself; without it only a human can.
    """

    id: UUID
    payment_id: UUID
    refund_id: UUID | None
    kind: ReceiptKind
    state: ReceiptState
    attempts: int
    failure: str | None
    provider_receipt_id: str | None
    next_step_at: Moment | None
    state_changed_at: Moment
    created_at: Moment


@router.get("/bots/{bot_id}/shop/receipts")
async def get_settings(bot_id: UUID, access: TenantDep) -> ReceiptSettingsOut:
    """Return what the bot's shop writes into receipts; none are sent until somebody says so."""
    async with access.unit() as session:
        return _show_choices(await get_choices(session, bot_id))


@router.put("/bots/{bot_id}/shop/receipts", responses=documented(409))
async def change_settings(bot_id: UUID, body: ReceiptSettingsIn, access: TenantDep) -> ReceiptSettingsOut:
    """Store what holds from now on; orders that are open keep what they were made with.

    With a `version`, only in place of the settings that were read.
    """
    choices = ReceiptChoices(**{name: getattr(body, name) for name in ReceiptChoices.__slots__})
    async with access.unit() as session:
        stored = await change_choices(
            session, bot_id, choices=choices, version=body.version, actor=access.actor, now=access.now
        )
    return _show_choices(stored)


@router.get("/fiscal-receipts")
async def list_(
    access: TenantDep, page: PageDep, state: Annotated[ReceiptState | None, Query()] = None,
    payment_id: Annotated[UUID | None, Query()] = None,
) -> PageOut[FiscalReceiptOut]:  # fmt: skip
    """List receipts of what was paid and of what went back, newest first."""
    async with access.unit() as session:
        found = await repository.list_receipts(session, page, state=state, payment_id=payment_id)
    return PageOut(items=[_show(row) for row in found.items], total=found.total, page=page.page, size=page.size)


@router.post("/fiscal-receipts/{receipt_id}/retry", status_code=202, responses=documented(409))
async def retry(receipt_id: UUID, access: TenantDep) -> FiscalReceiptOut:
    """Have a failed receipt sent once more, by the settings and to the address of now. A second request is refused."""
    async with access.unit() as session:
        return _show(await try_again(session, receipt_id, actor=access.actor, now=access.now))


def _show_choices(choices: ReceiptChoices) -> ReceiptSettingsOut:
    return ReceiptSettingsOut(**asdict(choices), version=version_of_choices(choices))


def _show(row: FiscalReceipt) -> FiscalReceiptOut:
    return FiscalReceiptOut.model_validate(row)
