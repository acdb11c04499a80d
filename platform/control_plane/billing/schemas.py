"""The papers of the platform's bill, as a tenant and staff read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from control_plane.schemas import Moment, MoneyOut, Output
from lumenpay.billing.papers import Papers, PlatformInvoice, TaxId
from lumenpay.billing.refund_rules import RefundState
from lumenpay.billing.refunds import state_of
from lumenpay.kit.money import Money
from lumenpay.models.billing import PlatformRefund


class TaxIdOut(Output):
    """A tax id; `type` is Stripe's, such as `eu_vat`."""

    type: str
    value: str


class InvoiceRefundOut(Output):
    """Money of an invoice that goes back, as the platform's staff asked for it. `failure` is Stripe's word."""

    amount: MoneyOut
    reason: str
    state: RefundState
    failure: str | None
    created_at: Moment


class InvoiceOut(Output):
    """An invoice of the platform. `refunded` counts what went back at Stripe itself too; `refunds` are those from here.

    `status` is Stripe's word: open, paid, uncollectible or void.
    """

    id: str
    number: str
    status: str
    made_at: Moment
    total: MoneyOut
    refunded: MoneyOut
    left: Annotated[MoneyOut, Field(description="What could still go back of it.")]
    page_url: Annotated[str | None, Field(description="Stripe's page of it, where it is read and paid.")]
    file_url: str | None
    name: str
    tax_ids: list[TaxIdOut]
    refunds: list[InvoiceRefundOut]


class InvoicesOut(Output):
    """The newest invoices, and whom the next one is made out to."""

    name: str
    tax_ids: list[TaxIdOut]
    items: list[InvoiceOut]


def show_papers(papers: Papers, refunds: Sequence[PlatformRefund]) -> InvoicesOut:
    """Return papers as the API tells them."""
    return InvoicesOut(
        name=papers.name, tax_ids=_tax_ids(papers.tax_ids),
        items=[
            _invoice(invoice, [row for row in refunds if row.stripe_invoice_id == invoice.id])
            for invoice in papers.invoices
        ],
    )  # fmt: skip


def _invoice(invoice: PlatformInvoice, refunds: Sequence[PlatformRefund]) -> InvoiceOut:
    return InvoiceOut(
        id=invoice.id, number=invoice.number, status=invoice.status, made_at=invoice.made_at,
        total=_money(invoice.total), refunded=_money(invoice.refunded), left=_money(invoice.left),
        page_url=invoice.page_url, file_url=invoice.file_url, name=invoice.name, tax_ids=_tax_ids(invoice.tax_ids),
        refunds=[_refund(row) for row in refunds],
    )  # fmt: skip


def _refund(row: PlatformRefund) -> InvoiceRefundOut:
    return InvoiceRefundOut(
        amount=_money(Money(row.amount_minor, row.currency)), reason=row.reason, state=state_of(row),
        failure=row.failure, created_at=row.created_at,
    )  # fmt: skip


def _tax_ids(found: Sequence[TaxId]) -> list[TaxIdOut]:
    return [TaxIdOut(type=one.type, value=one.value) for one in found]


def _money(money: Money) -> MoneyOut:
    return MoneyOut(amount_minor=money.amount_minor, currency=money.currency)
