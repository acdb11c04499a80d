"""Where money of the platform's own bill is that goes back to a tenant. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LOOKED_AT_FOR: Final = timedelta(days=60)
"""A bank sends a refund back within a month or so: for so long Stripe is asked what became of it."""


class RefundState(StrEnum):
    """Where the money is; it follows from Stripe's word."""

    ASKED = "asked"
    """Stored by us; Stripe was not asked yet, or has not answered."""
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """The bank sent it back: the money is at the platform again."""
    REFUSED = "refused"
    """Stripe did not take it at all."""


_BY_STRIPE: Final = {
    "pending": RefundState.PENDING, "requires_action": RefundState.PENDING, "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED, "canceled": RefundState.FAILED,
}  # fmt: skip
ON_ITS_WAY: Final = frozenset({RefundState.ASKED, RefundState.PENDING})


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund as Stripe describes it."""

    id: str
    status: str
    failure: str | None


def decide_refund_state(stripe_status: str | None, *, failure: str | None) -> RefundState:
    """Return where the money is; a word that Stripe may add one day means that it is on its way."""
    if stripe_status is None:
        return RefundState.ASKED if failure is None else RefundState.REFUSED
    return _BY_STRIPE.get(stripe_status, RefundState.PENDING)


def is_looked_at(stripe_status: str | None, *, asked_at: datetime, now: datetime) -> bool:
    """Tell whether Stripe is still asked what became of a refund that it took."""
    may_change = stripe_status is not None and _BY_STRIPE.get(stripe_status) is not RefundState.FAILED
    return may_change and now - asked_at < LOOKED_AT_FOR
