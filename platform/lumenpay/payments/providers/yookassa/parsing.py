"""Reads YooKassa's objects with the SDK's models, and writes the create request with its builder.

Only the SDK's data classes are used: its client keeps credentials in global state and has no timeouts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yookassa.domain.request.payment_request_builder import PaymentRequestBuilder
from yookassa.domain.response.payment_response import PaymentResponse

from lumenpay.kit.money import InvalidMoneyError, Money
from lumenpay.models.payments import PaymentStatus
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.providers.protocol import GatewayPayment, SavedMethod
from lumenpay.payments.providers.yookassa.receipts import read_registration

_STATUSES = {
    "pending": PaymentStatus.PENDING,
    "waiting_for_capture": PaymentStatus.WAITING_FOR_CAPTURE,
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELED,
}


def payment_request(
    *, amount: Money, description: str, return_url: str, payment_id: str, locale: str, saves_method: bool = False
) -> dict[str, Any]:
    """Return the body of a create call: paid at once, confirmed on the gateway's page.

    Args:
        saves_method: Whether the gateway is to keep the method for payments without the payer, who agreed to it.
    """
    builder = _begin_request(amount=amount, description=description, payment_id=payment_id).set_confirmation(
        {"type": "redirect", "return_url": return_url, "locale": "ru_RU" if locale == "ru" else "en_US"}
    )
    return _finish_request(builder.set_save_payment_method(True) if saves_method else builder, amount)


def charge_request(*, amount: Money, description: str, payment_id: str, method_ref: str) -> dict[str, Any]:
    """Return the body of a create call that charges a saved method at once, without the payer."""
    builder = _begin_request(amount=amount, description=description, payment_id=payment_id)
    return _finish_request(builder.set_payment_method_id(method_ref), amount)


def _begin_request(*, amount: Money, description: str, payment_id: str) -> PaymentRequestBuilder:
    return (
        PaymentRequestBuilder()
        .set_amount({"value": amount.to_decimal_text(), "currency": amount.currency})
        # Without it a payment waits for a second call and is cancelled after a few days.
        .set_capture(True)
        .set_description(description)
        .set_metadata({"payment_id": payment_id})
    )


def _finish_request(builder: PaymentRequestBuilder, amount: Money) -> dict[str, Any]:
    request = builder.build()
    # The builder adds empty lists that no payment of ours needs.
    body = {name: value for name, value in dict(request).items() if value not in ([], {}, None)}
    # The SDK's models round to two digits: sums go and come as the text that they are.
    return body | {"amount": {"value": amount.to_decimal_text(), "currency": amount.currency}}


def read_payment(raw: Mapping[str, Any]) -> GatewayPayment:
    """Return a payment from the gateway's JSON; fields that we do not know are ignored.

    Raises:
        GatewayUnavailableError: Not a payment as the official description has it.
    """
    try:
        parsed = PaymentResponse(dict(raw))
        confirmation = raw.get("confirmation") or {}
        cancellation = raw.get("cancellation_details") or {}
        return GatewayPayment(
            id=_text(raw["id"]),
            status=_STATUSES[str(parsed.status)],
            amount=Money.from_decimal_text(_text(raw["amount"]["value"]), _text(raw["amount"]["currency"])),
            shop_id=str(parsed.recipient.account_id),
            metadata={str(key): str(value) for key, value in (parsed.metadata or {}).items()},
            is_test=bool(parsed.test),
            confirmation_url=str(confirmation["confirmation_url"]) if "confirmation_url" in confirmation else None,
            cancellation_reason=str(cancellation.get("reason", ""))[:64] or None,
            method=str((raw.get("payment_method") or {}).get("type") or "")[:32] or None,
            saved_method=_read_saved_method(raw.get("payment_method") or {}),
            receipt_registration=read_registration(raw),
        )
    except (AttributeError, KeyError, TypeError, ValueError, InvalidMoneyError) as error:
        raise GatewayUnavailableError("unreadable payment", is_outcome_unknown=True) from error


def _read_saved_method(raw: Mapping[str, Any]) -> SavedMethod | None:
    if raw.get("saved") is not True or not isinstance(raw.get("id"), str) or not 0 < len(raw["id"]) <= 64:  # noqa: PLR2004 - the column's width
        return None
    card = raw.get("card") or {}
    title = f"{card.get('card_type') or ''} ··{card['last4']}".strip() if card.get("last4") else raw.get("title")
    return SavedMethod(raw["id"], str(title or raw.get("type") or "")[:64])


def names_order(raw: object) -> bool:
    """Tell whether something of the gateway's, readable or not, carries our mark."""
    metadata = raw.get("metadata") if isinstance(raw, dict) else None
    return isinstance(metadata, dict) and bool(metadata.get("payment_id"))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        msg = "not a text"
        raise TypeError(msg)
    return value
