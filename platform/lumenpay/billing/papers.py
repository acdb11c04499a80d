"""What Stripe has on paper of a tenant: invoices with what went back of them, and whom they are made out to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lumenpay.kit.money import Money

PAYABLE: Final = frozenset({"open", "uncollectible"})
"""Stripe's states of an invoice that can still be paid."""


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax id, of Stripe's kind, such as `eu_vat` or `ru_inn`."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class PlatformInvoice:
    """A bill of the platform, as Stripe has it at the moment."""

    id: str
    number: str
    status: str
    """Stripe's word: open, paid, uncollectible or void; drafts are nobody's business yet."""
    made_at: datetime
    total: Money
    paid: Money
    refunded: Money
    """What went back of it, also where that was done at Stripe itself; what is on its way counts."""
    page_url: str | None
    """Stripe's page of it, where it is read and paid."""
    file_url: str | None
    customer_id: str
    payment_intent_id: str | None
    """What paid it; empty where no card did."""
    name: str
    tax_ids: Sequence[TaxId]
    """Those that stand on it: a later one changes no paper that was written before."""

    @property
    def left(self) -> Money:
        """What could still go back of it."""
        is_by_card = self.status == "paid" and self.payment_intent_id is not None
        left = self.paid.amount_minor - self.refunded.amount_minor if is_by_card else 0
        return Money(max(left, 0), self.total.currency)


@dataclass(frozen=True, slots=True)
class Papers:
    """All of it at one moment, the newest invoice first."""

    name: str
    """Whom the next invoice is made out to."""
    tax_ids: Sequence[TaxId]
    invoices: Sequence[PlatformInvoice]


NO_PAPERS: Final = Papers("", (), ())


def read_papers(
    customer: Mapping[str, Any], invoices: Sequence[Mapping[str, Any]], charges: Sequence[Mapping[str, Any]]
) -> Papers:
    """Return what a customer has on paper, from Stripe's own objects.

    Args:
        customer: With its `tax_ids`; one that was removed at Stripe has neither those nor a name.
        invoices: With their `payments`, the newest first.
        charges: Of the same customer: they know what went back.
    """
    refunded: dict[str, int] = {}
    for charge in charges:
        intent = charge.get("payment_intent")
        if isinstance(intent, str):
            refunded[intent] = refunded.get(intent, 0) + charge["amount_refunded"]
    return Papers(
        name=customer.get("name") or "",
        tax_ids=_read_tax_ids((customer.get("tax_ids") or {}).get("data") or ()),
        invoices=[_read_invoice(body, refunded) for body in invoices if body["status"] != "draft"],
    )


def _read_invoice(body: Mapping[str, Any], refunded: Mapping[str, int]) -> PlatformInvoice:
    currency, intent = body["currency"].upper(), _find_intent(body)
    return PlatformInvoice(
        id=body["id"], number=body.get("number") or "", status=body["status"],
        made_at=datetime.fromtimestamp(body["created"], UTC), total=Money(body["total"], currency),
        paid=Money(body["amount_paid"], currency), refunded=Money(refunded.get(intent or "", 0), currency),
        page_url=body.get("hosted_invoice_url"), file_url=body.get("invoice_pdf"), customer_id=body["customer"],
        payment_intent_id=intent, name=body.get("customer_name") or "",
        tax_ids=_read_tax_ids(body.get("customer_tax_ids") or ()),
    )  # fmt: skip


def _find_intent(body: Mapping[str, Any]) -> str | None:
    """Return the intent that paid; the invoice itself has named it no more since the API of 2025."""
    for payment in (body.get("payments") or {}).get("data") or ():
        intent = payment["payment"].get("payment_intent")
        if payment["status"] == "paid" and isinstance(intent, str):
            return intent
    return None


def _read_tax_ids(given: Sequence[Mapping[str, Any]]) -> list[TaxId]:
    return [TaxId(one["type"], one["value"]) for one in given if one.get("value")]
