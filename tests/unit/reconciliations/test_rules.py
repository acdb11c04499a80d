"""What a difference to the gateway's list leads to, and which stretch of time is looked at (D19)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.models.payments import PaymentStatus as S
from lumenpay.models.reconciliations import FindingKind as K
from lumenpay.reconciliations.rules import Verdict, compare_payment, decide_from

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ours", "observed", "verdict", "kind"),
    [
        (S.SUCCEEDED, S.SUCCEEDED, Verdict.ALIKE, None),
        (S.PENDING, S.PENDING, Verdict.ALIKE, None),
        (S.CREATED, S.PENDING, Verdict.SETTLE, None),
        (S.PENDING, S.SUCCEEDED, Verdict.SETTLE, K.PAID_UNNOTICED),
        (S.CANCELED, S.SUCCEEDED, Verdict.SETTLE, K.PAID_UNNOTICED),
        (S.QUARANTINED, S.SUCCEEDED, Verdict.SETTLE, K.PAID_UNNOTICED),
        (S.PENDING, S.CANCELED, Verdict.SETTLE, K.CLOSED_UNNOTICED),
        (S.CANCELED, S.PENDING, Verdict.ALIKE, None),
        (S.QUARANTINED, S.PENDING, Verdict.ALIKE, None),
        (S.SUCCEEDED, S.CANCELED, Verdict.SHOW, K.NOT_PAID_AT_GATEWAY),
        (S.SUCCEEDED, S.PENDING, Verdict.SHOW, K.NOT_PAID_AT_GATEWAY),
    ],
)
def test_what_the_gateway_says_is_taken_over_and_what_was_paid_is_never_taken_back_d19(
    ours: S, observed: S, verdict: Verdict, kind: K | None
) -> None:
    comparison = compare_payment(ours=ours, observed=observed, mismatch="")
    assert (comparison.verdict, comparison.kind) == (verdict, kind)


@pytest.mark.parametrize("observed", list(S))
def test_a_contradiction_is_only_shown_whatever_the_states_are_d19(observed: S) -> None:
    for ours in S:
        comparison = compare_payment(ours=ours, observed=observed, mismatch="amount")
        assert (comparison.verdict, comparison.kind, comparison.reason) == (Verdict.SHOW, K.MISMATCH, "amount")
    second = compare_payment(ours=S.SUCCEEDED, observed=observed, mismatch="id")
    has_money = observed in (S.SUCCEEDED, S.WAITING_FOR_CAPTURE)
    assert second.verdict is (Verdict.SHOW if has_money else Verdict.ALIKE)


@pytest.mark.parametrize(
    ("last_end", "days", "looked_back"),
    [
        (None, None, 9),
        (NOW - timedelta(days=1), None, 10),
        (NOW - timedelta(days=40), None, 49),
        (NOW - timedelta(days=900), None, 366),
        (NOW - timedelta(days=40), 7, 7),
    ],
)
def test_a_run_makes_up_for_the_days_that_were_missed(
    last_end: datetime | None, days: int | None, looked_back: int
) -> None:
    assert NOW - decide_from(now=NOW, last_until_at=last_end, days=days) == timedelta(days=looked_back)
