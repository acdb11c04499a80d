"""Invoices in Stars: links to them, checks before the payment, payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class InvoiceLink:
    """An invoice that anyone can pay by its address."""

    url: str
    bot_id: int
    invoice: dict[str, Any]
    payload: str
    subscription_period: int = 0


@dataclass(slots=True, eq=False)
class PreCheckout:
    """A payment that waits for the bot's consent. `future` gets (ok, error_message)."""

    id: str
    bot_id: int
    user_id: int
    date: float
    future: asyncio.Future[tuple[bool, str]]


@dataclass(slots=True)
class StarPayment:
    """A settled payment in Stars."""

    charge_id: str
    bot_id: int
    user_id: int
    payment: dict[str, Any]
    date: int = 0
    subscription_period: int = 0
    refunded_at: int | None = None


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """Stars that came to a bot by a payment, or went back."""

    payment: StarPayment
    date: int
    is_refund: bool = False


@dataclass(slots=True)
class StarSubscription:
    """A subscription that renews by itself, known by the charge that began it."""

    charge_id: str
    bot_id: int
    user_id: int
    link: InvoiceLink
    expires_at: int
    state: str = "active"
    """active, canceled or failed."""
    is_canceled_by_bot: bool = False
    """Then the person cannot take it up again."""
