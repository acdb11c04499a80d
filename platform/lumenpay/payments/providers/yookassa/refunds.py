"""Reads and writes YooKassa's refunds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lumenpay.kit.money import InvalidMoneyError, Money
from lumenpay.models.refunds import RefundStatus
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.providers.protocol import GatewayRefund
from lumenpay.payments.providers.yookassa.receipts import read_registration

_STATUSES = {
    "pending": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "canceled": RefundStatus.CANCELED,
}


def refund_request(*, amount: Money, payment_id: str, reason: str, refund_id: str) -> dict[str, Any]:
    """Return the body of a create call; `payment_id` is the gateway's, `refund_id` ours."""
    body: dict[str, Any] = {
        "payment_id": payment_id,
        "amount": {"value": amount.to_decimal_text(), "currency": amount.currency},
        "metadata": {"refund_id": refund_id},
    }
    return body | ({"description": reason} if reason else {})


def read_refund(raw: Mapping[str, Any]) -> GatewayRefund:
    """Return a refund from the gateway's JSON; fields that we do not know are ignored.

    Raises:
        GatewayUnavailableError: Not a refund as the official description has it.
    """
    try:
        cancellation = raw.get("cancellation_details") or {}
        return GatewayRefund(
            id=_text(raw["id"]),
            payment_id=_text(raw["payment_id"]),
            status=_STATUSES[_text(raw["status"])],
            amount=Money.from_decimal_text(_text(raw["amount"]["value"]), _text(raw["amount"]["currency"])),
            metadata={str(key): str(value) for key, value in (raw.get("metadata") or {}).items()},
            cancellation_reason=str(cancellation.get("reason", ""))[:64] or None,
            reason=str(raw.get("description") or "")[:250],
            receipt_registration=read_registration(raw),
        )
    except (AttributeError, KeyError, TypeError, ValueError, InvalidMoneyError) as error:
        raise GatewayUnavailableError("unreadable refund", is_outcome_unknown=True) from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        msg = "not a text"
        raise TypeError(msg)
    return value
