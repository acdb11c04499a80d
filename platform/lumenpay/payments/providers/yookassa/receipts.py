"""Reads YooKassa's fiscal receipts; what is written stands in `lumenpay.fiscal_receipts.rules`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.providers.protocol import GatewayReceipt

_WORDS = frozenset({"pending", "succeeded", "canceled"})


def read_registration(raw: Mapping[str, Any]) -> str | None:
    """Return how far the receipt of a payment or refund is, if the gateway says a word that we know."""
    word = raw.get("receipt_registration")
    return word if word in _WORDS else None


def read_receipt(raw: Mapping[str, Any]) -> GatewayReceipt:
    """Return a receipt from the gateway's JSON; fields that we do not know are ignored.

    Raises:
        GatewayUnavailableError: Not a receipt as the official description has it.
    """
    receipt_id, kind, status = raw.get("id"), raw.get("type"), raw.get("status")
    is_readable = isinstance(receipt_id, str) and 0 < len(receipt_id) <= 64 and status in _WORDS  # noqa: PLR2004 - the column's width
    if not is_readable or not isinstance(kind, str):
        raise GatewayUnavailableError("unreadable receipt", is_outcome_unknown=True)
    return GatewayReceipt(str(receipt_id), kind, str(status))
