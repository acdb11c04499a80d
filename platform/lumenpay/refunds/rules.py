"""Pure rules of refunds: legal moves, what may be given back, what must match, when to ask the gateway."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from lumenpay.models.payments import PaymentStatus
from lumenpay.models.refunds import AccessAfterRefund, RefundStatus
from lumenpay.payments.providers.protocol import GatewayRefund

S = RefundStatus
TRANSITIONS: Final[dict[RefundStatus, frozenset[RefundStatus]]] = {
    S.CREATED: frozenset({S.PENDING, S.SUCCEEDED, S.CANCELED, S.QUARANTINED}),
    S.PENDING: frozenset({S.SUCCEEDED, S.CANCELED, S.QUARANTINED}),
    # Money that went back after all is booked, whatever was thought of it before.
    S.CANCELED: frozenset({S.SUCCEEDED}),
    S.QUARANTINED: frozenset({S.SUCCEEDED, S.CANCELED}),
    S.SUCCEEDED: frozenset(),
}
GATEWAYS: Final = frozenset({"yookassa", "stars"})
REFUNDABLE_FOR = timedelta(days=3 * 365)
"""The gateway gives nothing back of payments that are older than three years."""
_YOUNG = timedelta(hours=1, minutes=10)
_OLD = timedelta(days=8)


def can_move(current: RefundStatus, new: RefundStatus) -> bool:
    """Tell whether a refund may go from one state to another."""
    return new in TRANSITIONS[current]


def sources_of(new: RefundStatus) -> list[RefundStatus]:
    """Return the states from which a refund may go to `new`."""
    return [current for current, targets in TRANSITIONS.items() if new in targets]


def is_refundable(
    *, provider: str, status: PaymentStatus, amount_minor: int, paid_at: datetime | None, now: datetime
) -> bool:
    """Tell whether the gateway may be asked to give back some of a payment."""
    is_paid = status == PaymentStatus.SUCCEEDED and amount_minor > 0 and paid_at is not None
    return provider in GATEWAYS and is_paid and paid_at is not None and now - paid_at < REFUNDABLE_FOR


def decide_left(amount_minor: int, *, refunded_minor: int, open_minor: Iterable[int]) -> int:
    """Return how much of a payment, in minor units, nobody has given back or asked to give back yet."""
    return max(0, amount_minor - refunded_minor - sum(open_minor))


def decide_access(*, refunded_minor: int, amount_minor: int) -> AccessAfterRefund:
    """Return what becomes of access where nobody said so: all of the money takes it along, a part of it does not."""
    return AccessAfterRefund.REVOKE if refunded_minor >= amount_minor else AccessAfterRefund.KEEP


def next_check_at(*, created_at: datetime, now: datetime) -> datetime:
    """Return when to ask the gateway next: often at first, every ten minutes for days, then a few times a day."""
    age = now - created_at
    if age < _YOUNG:
        return now + timedelta(seconds=25)
    return now + (timedelta(minutes=10) if age < _OLD else timedelta(hours=6))


def find_mismatch(
    observed: GatewayRefund, *, provider_payment_id: str | None, provider_refund_id: str | None, amount_minor: int,
    currency: str, shop_id: str | None, asked_shop_id: str, left_minor: int,
) -> str:  # fmt: skip
    """Return which fact of the gateway's refund contradicts what we know; empty when all agree.

    Args:
        amount_minor: What the refund is known to come to.
        asked_shop_id: The shop whose keys showed the refund, so that it belongs there.
        left_minor: What of the payment has not gone back yet.
    """
    facts = (
        ("payment", provider_payment_id == observed.payment_id),
        ("id", provider_refund_id in (None, observed.id)),
        ("amount", observed.amount.amount_minor == amount_minor),
        ("currency", observed.amount.currency == currency),
        ("shop", shop_id == asked_shop_id),
        ("sum", 0 < observed.amount.amount_minor <= left_minor),
    )
    return next((name for name, agrees in facts if not agrees), "")
