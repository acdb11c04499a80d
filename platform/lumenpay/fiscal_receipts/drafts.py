"""The receipt that goes along with an order, a charge or a refund."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts import repository
from lumenpay.fiscal_receipts.contacts import find_contact
from lumenpay.fiscal_receipts.rules import (
    Contact,
    ReceiptTerms,
    make_receipt,
    needs_receipt,
    resize_receipt,
    will_do,
)
from lumenpay.kit.money import Money
from lumenpay.models.fiscal_receipts import ContactKind, PaymentMode, PaymentSubject, ReceiptSettings, ReceiptState
from lumenpay.models.payments import Payment
from lumenpay.models.plans import Plan


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """What an order says about its receipt: whether it is to have one, and the one that goes along if it can."""

    state: ReceiptState | None = None
    body: dict[str, Any] | None = None

    def put_into(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the body of a create call with the receipt in it."""
        return request if self.body is None else request | {"receipt": self.body}


async def draft_receipt(
    session: TenantSession, *, plan: Plan, bot_id: UUID, user_id: UUID, amount: Money
) -> ReceiptDraft:
    """Return the receipt of an order; without an address it goes without one, and its receipt is caught up on later."""
    settings = await repository.find_settings(session, bot_id)
    if settings is None or not needs_receipt(is_on=settings.is_on, amount=amount):
        return ReceiptDraft()
    contact = await find_contact(session, user_id, takes_phone=settings.takes_phone)
    if contact is None:
        return ReceiptDraft(ReceiptState.DUE)
    return ReceiptDraft(
        ReceiptState.DUE, make_receipt(read_terms(settings, plan), contact=contact, amount=amount)
    )  # fmt: skip


async def draft_refund_receipt(
    session: TenantSession, payment: Payment, *, amount: Money
) -> dict[str, Any] | None:  # fmt: skip
    """Return the receipt of a refund, like that of its payment; nothing where the payment was to have none."""
    if payment.receipt_state is None:
        return None
    receipt = (payment.request_body or {}).get("receipt")
    if receipt is not None:
        return resize_receipt(receipt, amount)
    settings, plan = await repository.find_settings(session, payment.bot_id), await _plan_of(session, payment)
    contact = None if settings is None else await find_contact_of(session, payment, settings)
    if settings is None or contact is None:
        return None
    return make_receipt(read_terms(settings, plan), contact=contact, amount=amount)


async def find_contact_of(session: TenantSession, payment: Payment, settings: ReceiptSettings) -> Contact | None:
    """Return where receipts of a payer go now, or where the one of this payment was to go."""
    known = await find_contact(session, payment.user_id, takes_phone=settings.takes_phone)
    customer = ((payment.request_body or {}).get("receipt") or {}).get("customer") or {}
    if known is not None:
        return known
    for kind in ContactKind:
        if customer.get(kind.value) and will_do(kind, takes_phone=settings.takes_phone):
            return Contact(kind, str(customer[kind.value]))
    return None


async def read_terms_of(session: TenantSession, payment: Payment, settings: ReceiptSettings) -> ReceiptTerms:
    """Return what a receipt says of a payment's plan by the settings of now."""
    return read_terms(settings, await _plan_of(session, payment))


def read_terms(settings: ReceiptSettings, plan: Plan) -> ReceiptTerms:
    """Return what a receipt says of a plan: its own word where it has one, the shop's otherwise."""
    return ReceiptTerms(
        title=plan.title,
        vat_code=plan.receipt_vat_code or settings.vat_code,
        subject=PaymentSubject(plan.receipt_subject or settings.subject),
        mode=PaymentMode(plan.receipt_mode or settings.mode),
        tax_system_code=settings.tax_system_code,
    )


async def _plan_of(session: TenantSession, payment: Payment) -> Plan:
    return await session.get_one(Plan, (session.tenant_id, payment.plan_id))
