"""Pure rules of reconciliations: which stretch of time is looked at, and what a difference is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lumenpay.models.payments import OPEN_STATUSES, PaymentStatus
from lumenpay.models.reconciliations import FindingKind, ReconciliationStatus

LONGEST_UNPAID = timedelta(days=9)
"""A day longer than an unpaid or uncaptured payment can live at the gateway (7 days), or is asked for by us (8)."""
SKEW = timedelta(minutes=5)
"""By so much the gateway's clock may differ from ours."""
DEFAULT_DAYS: Final = 30
MOST_DAYS: Final = 366
TRANSITIONS: Final = {
    ReconciliationStatus.RUNNING: frozenset({ReconciliationStatus.DONE, ReconciliationStatus.FAILED}),
}
_MONEY_CAME = (PaymentStatus.SUCCEEDED, PaymentStatus.WAITING_FOR_CAPTURE)
_SECOND_PAYMENT = "id"
_REPAIRS = {
    PaymentStatus.SUCCEEDED: FindingKind.PAID_UNNOTICED,
    PaymentStatus.CANCELED: FindingKind.CLOSED_UNNOTICED,
}


class Verdict(StrEnum):
    """What is done about one payment that both sides have."""

    ALIKE = "alike"
    SETTLE = "settle"
    """What the gateway says is taken over, as after any other question."""
    SHOW = "show"
    """A human looks; nobody's access changes."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict on a payment; `kind` is what is written down about it, `reason` which fact differs."""

    verdict: Verdict
    kind: FindingKind | None = None
    reason: str = ""


def sources_of(status: ReconciliationStatus) -> list[ReconciliationStatus]:
    """Return the states from which a run can come into this one."""
    return [source for source, targets in TRANSITIONS.items() if status in targets]


def decide_from(*, now: datetime, last_until_at: datetime | None, days: int | None) -> datetime:
    """Return from when on the gateway's payments are compared.

    Args:
        last_until_at: How far the last run that came to its end had looked: days that were missed are made up for.
        days: What somebody asked for; nothing for the daily run.
    """
    if days is not None:
        return now - timedelta(days=days)
    usual = now - LONGEST_UNPAID
    missed = usual if last_until_at is None else last_until_at - LONGEST_UNPAID
    return max(min(usual, missed), now - timedelta(days=MOST_DAYS))


def compare_payment(*, ours: PaymentStatus, observed: PaymentStatus, mismatch: str) -> Comparison:
    """Return what is to be done about a payment.

    Args:
        mismatch: Which fact contradicts the order, as `find_mismatch` names it; empty when all agree.
    """
    if mismatch:
        is_harmless = mismatch == _SECOND_PAYMENT and observed not in _MONEY_CAME
        kind = FindingKind.PAID_TWICE if mismatch == _SECOND_PAYMENT else FindingKind.MISMATCH
        return Comparison(Verdict.ALIKE) if is_harmless else Comparison(Verdict.SHOW, kind, mismatch)
    if ours is PaymentStatus.SUCCEEDED and observed is not PaymentStatus.SUCCEEDED:
        return Comparison(Verdict.SHOW, FindingKind.NOT_PAID_AT_GATEWAY, "not_paid_at_gateway")
    if ours is not observed and observed in _REPAIRS:
        return Comparison(Verdict.SETTLE, _REPAIRS[observed])
    # Given up by us while the gateway still waits: should it be paid after all, the next run takes it over.
    is_news = ours is not observed and ours in OPEN_STATUSES
    return Comparison(Verdict.SETTLE if is_news else Verdict.ALIKE)
