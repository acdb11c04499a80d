"""What a payment gateway does for us, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from lumenpay.bots.secrets import ShopSecrets
from lumenpay.kit.money import Money
from lumenpay.models.payments import PaymentStatus
from lumenpay.models.refunds import RefundStatus


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """What further payments can be charged with: the gateway's id of it, and how its owner knows it."""

    ref: str = field(repr=False)
    title: str


@dataclass(frozen=True, slots=True)
class GatewayPayment:
    """A payment as the gateway tells it."""

    id: str
    status: PaymentStatus
    amount: Money
    shop_id: str
    metadata: Mapping[str, str]
    is_test: bool
    confirmation_url: str | None
    cancellation_reason: str | None
    method: str | None = None
    """How it was paid, in the gateway's own word: `bank_card`, `sbp`, …"""
    saved_method: SavedMethod | None = None
    """Nothing unless the gateway says that it keeps the method."""
    receipt_registration: str | None = None
    """How far its fiscal receipt is, in the gateway's own word; empty where it says nothing of one."""
    is_renewing: bool = False
    """The gateway charges the next periods by itself, and tells of each."""


@dataclass(frozen=True, slots=True)
class GatewayList:
    """A page of a shop's payments, newest first, and where the list goes on; empty at the end."""

    payments: list[GatewayPayment]
    unread_count: int
    """Payments of other systems that we cannot read."""
    next_cursor: str


@dataclass(frozen=True, slots=True)
class GatewayRefund:
    """A refund as the gateway tells it. It does not name its shop: that is the one whose keys showed it."""

    id: str
    payment_id: str
    """The gateway's own id of the payment."""
    status: RefundStatus
    amount: Money
    metadata: Mapping[str, str]
    cancellation_reason: str | None
    reason: str = ""
    receipt_registration: str | None = None


@dataclass(frozen=True, slots=True)
class GatewayReceipt:
    """A fiscal receipt as the gateway tells it; `kind` and `status` are its own words."""

    id: str
    kind: str
    status: str


class PaymentGateway(Protocol):
    """Calls with the credentials of one shop each.

    All raise `GatewayUnavailableError`, `GatewayRefusedError`, `GatewayCredentialsError`, `GatewayForbiddenError` and
    `GatewayNotFoundError`.
    """

    async def create_payment(
        self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str
    ) -> GatewayPayment:
        """Create a payment; the same key and body within a day give the same payment."""

    async def get_payment(self, shop: ShopSecrets, gateway_payment_id: str) -> GatewayPayment:
        """Return a payment of the shop."""

    async def cancel_payment(
        self, shop: ShopSecrets, gateway_payment_id: str, *, idempotence_key: str
    ) -> GatewayPayment:
        """Cancel an uncaptured payment."""

    async def create_refund(self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str) -> GatewayRefund:
        """Give money of a payment back; the same key and body within a day give the same refund."""

    async def get_refund(self, shop: ShopSecrets, refund_id: str) -> GatewayRefund:
        """Return a refund of the shop."""

    async def create_receipt(
        self, shop: ShopSecrets, *, body: Mapping[str, Any], idempotence_key: str
    ) -> GatewayReceipt:
        """Make a receipt by itself; the same key and body within a day give the same receipt."""

    async def get_receipt(self, shop: ShopSecrets, receipt_id: str) -> GatewayReceipt:
        """Return a receipt of the shop."""

    async def list_receipts(self, shop: ShopSecrets, *, query: Mapping[str, str]) -> list[GatewayReceipt]:
        """Return the newest receipts of a payment or a refund; the gateway keeps up to 50 of each."""
