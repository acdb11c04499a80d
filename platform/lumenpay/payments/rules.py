"""Pure rules of payments: legal moves, when to ask the gateway, how long a key may be repeated, what must match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from lumenpay.models.payments import PaymentStatus
from lumenpay.payments.providers.protocol import GatewayPayment

S = PaymentStatus
TRANSITIONS: Final[dict[PaymentStatus, frozenset[PaymentStatus]]] = {
    S.CREATED: frozenset({S.PENDING, S.WAITING_FOR_CAPTURE, S.SUCCEEDED, S.CANCELED, S.QUARANTINED}),
    S.PENDING: frozenset({S.WAITING_FOR_CAPTURE, S.SUCCEEDED, S.CANCELED, S.QUARANTINED}),
    S.WAITING_FOR_CAPTURE: frozenset({S.SUCCEEDED, S.CANCELED, S.QUARANTINED}),
    # Money that came late is honoured.
    S.CANCELED: frozenset({S.SUCCEEDED}),
    S.QUARANTINED: frozenset({S.SUCCEEDED, S.CANCELED}),
    S.SUCCEEDED: frozenset(),
}

KEY_LIFETIME = timedelta(hours=23)
"""The gateway forgets an idempotence key after 24 hours and would then charge again."""
GIVE_UP_AFTER = timedelta(days=8)
"""Past the longest life of an unpaid or uncaptured payment (7 days), the gateway has nothing new to say."""
HOPELESS_AFTER = timedelta(hours=2)
"""Past the life of a payment link, keys that are gone or refused are not waited for: no more money can come."""
MOST_UNPAID: Final = 10
"""So many orders one person may begin within `UNPAID_WINDOW` without paying any more of them."""
UNPAID_WINDOW: Final = timedelta(hours=1)
_YOUNG = timedelta(hours=1, minutes=10)
_FIRST_DELAYS = (timedelta(seconds=10), timedelta(seconds=15), timedelta(seconds=20))


def can_move(current: PaymentStatus, new: PaymentStatus) -> bool:
    """Tell whether a payment may go from one state to another."""
    return new in TRANSITIONS[current]


def sources_of(new: PaymentStatus) -> list[PaymentStatus]:
    """Return the states from which a payment may go to `new`."""
    return [current for current, targets in TRANSITIONS.items() if new in targets]


def is_key_usable(key_first_sent_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether the create call may be sent with the stored key."""
    return key_first_sent_at is None or now - key_first_sent_at < KEY_LIFETIME


def decide_wait(unpaid: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Return until when a person begins no more orders; nothing for whoever may.

    Whoever tries stolen cards needs an order for every few of them; whoever buys needs one.

    Args:
        unpaid: When the person's unpaid orders were made, the newest first.
    """
    if len(unpaid) < MOST_UNPAID:
        return None
    free_at = unpaid[MOST_UNPAID - 1] + UNPAID_WINDOW
    return free_at if free_at > now else None


def is_worth_asking(*, created_at: datetime, now: datetime) -> bool:
    """Tell whether an order may go on being asked for although its shop's keys are gone or refused."""
    return now - created_at < HOPELESS_AFTER


def next_check_at(*, created_at: datetime, checks_count: int, now: datetime) -> datetime | None:
    """Return when to ask the gateway next: about every 25 s while people pay, then every 10 minutes, then never."""
    age = now - created_at
    if age > GIVE_UP_AFTER:
        return None
    if checks_count < len(_FIRST_DELAYS):
        return now + _FIRST_DELAYS[checks_count]
    return now + (timedelta(seconds=25) if age < _YOUNG else timedelta(minutes=10))


def find_mismatch(
    observed: GatewayPayment, *, payment_id: str, provider_payment_id: str | None, amount_minor: int, currency: str,
    shop_id: str | None, is_test: bool,
) -> str:  # fmt: skip
    """Return which fact of the gateway's payment contradicts our order; empty when all agree."""
    facts = (
        ("metadata", observed.metadata.get("payment_id") == payment_id),
        ("id", provider_payment_id in (None, observed.id)),
        ("amount", observed.amount.amount_minor == amount_minor),
        ("currency", observed.amount.currency == currency),
        ("shop", observed.shop_id == shop_id),
        ("test_flag", observed.is_test == is_test),
    )
    return next((name for name, agrees in facts if not agrees), "")
