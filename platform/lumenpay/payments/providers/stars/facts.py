"""What Telegram says of payments in Stars, in the words that every gateway's answers are put into.

Nothing here is believed from a stranger: updates come to an address that only Telegram knows, with the bot's secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lumenpay.kit.money import Money
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.models.refunds import RefundStatus
from lumenpay.payments.providers.protocol import GatewayPayment, GatewayRefund

STARS: Final = "stars"
STARS_SHOP: Final = "telegram"
XTR: Final = "XTR"
SUBSCRIPTION_DAYS: Final = 30
"""Telegram renews by itself every 30 days, and in no other rhythm."""
_TITLE, _DESCRIPTION = 32, 255


@dataclass(frozen=True, slots=True)
class StarCharge:
    """Stars that a person paid: `payload` is what we wrote into the invoice, the id of the order."""

    id: str
    payload: str
    amount: Money
    payer_id: int
    is_recurring: bool = False
    is_first: bool = False
    """The first of a subscription; Telegram makes the others without the person."""


def can_renew_in_stars(plan: Plan) -> bool:
    """Tell whether Telegram can renew what a plan sells."""
    return plan.is_recurring and (plan.period_unit, plan.period_count) == (PeriodUnit.DAY, SUBSCRIPTION_DAYS)


def invoice_request(*, title: str, description: str, stars: int, payment_id: str, is_renewing: bool) -> dict[str, Any]:
    """Return what `createInvoiceLink` is called with; an empty provider token is what makes it about Stars."""
    body: dict[str, Any] = {
        "title": title[:_TITLE], "description": (description or title)[:_DESCRIPTION], "payload": payment_id,
        "provider_token": "", "currency": XTR, "prices": [{"label": title[:_TITLE], "amount": stars}],
    }  # fmt: skip
    return body | ({"subscription_period": SUBSCRIPTION_DAYS * 86_400} if is_renewing else {})


def is_invoice_renewing(payment: Payment) -> bool:
    """Tell whether an order's link begins a subscription that Telegram renews."""
    return "subscription_period" in (payment.request_body or {})


def as_gateway_payment(charge: StarCharge, payment: Payment) -> GatewayPayment:
    """Return a charge as what the gateway says of an order."""
    return GatewayPayment(
        id=charge.id, status=PaymentStatus.SUCCEEDED, amount=charge.amount, shop_id=STARS_SHOP,
        metadata={"payment_id": str(payment.id)}, is_test=payment.is_test, confirmation_url=None,
        cancellation_reason=None, method=STARS, is_renewing=charge.is_recurring,
    )  # fmt: skip


def as_gateway_refund(payment: Payment, *, refund_id: str = "") -> GatewayRefund:
    """Return that a charge went back, whole as it does; there is one refund of a charge, and no other id of it.

    Args:
        refund_id: Ours, where we asked for it.
    """
    charge_id = payment.provider_payment_id or ""
    return GatewayRefund(
        id=charge_id, payment_id=charge_id, status=RefundStatus.SUCCEEDED,
        amount=Money(payment.amount_minor, payment.currency), metadata={"refund_id": refund_id} if refund_id else {},
        cancellation_reason=None,
    )  # fmt: skip
