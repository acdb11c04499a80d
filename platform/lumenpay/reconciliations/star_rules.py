"""Pure rules of runs over Stars: what of Telegram's list concerns us, and in what the two sides differ."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lumenpay.models.payments import PaymentStatus
from lumenpay.reconciliations.rules import SKEW
from lumenpay.telegram.stars import StarTransaction

LATE: Final = timedelta(days=2)
"""So much earlier than our payments the list is read: Telegram repeats an update for a day, and we store it at once."""


def decide_since(*, from_at: datetime, connected_at: datetime) -> datetime:
    """Return from when on Telegram's list is read: what a bot took before it was connected here is not ours."""
    return max(from_at - LATE, connected_at - SKEW)


def name_order(transaction: StarTransaction) -> UUID | None:
    """Return which order of ours an invoice names; None for what carries no mark of ours, which is foreign."""
    if not transaction.is_invoice:
        return None
    try:
        return UUID(transaction.payload)
    except ValueError:
        return None


def decide_paid_stars(transaction: StarTransaction, *, price: int) -> int:
    """Return how many Stars a person paid: Telegram may list them with or without what an affiliate got of them."""
    whole = transaction.stars + transaction.commission_stars
    return whole if whole == price else transaction.stars


def is_charge_alike(transaction: StarTransaction, *, status: PaymentStatus, price: int) -> bool:
    """Tell whether a charge that Telegram lists is paid by our books, and comes to as much."""
    return status == PaymentStatus.SUCCEEDED and decide_paid_stars(transaction, price=price) == price


def is_return_alike(*, status: PaymentStatus, price: int, refunded: int) -> bool:
    """Tell whether Stars that went back by Telegram's list need no booking: they have it, or were never booked."""
    return status != PaymentStatus.SUCCEEDED or refunded >= price
