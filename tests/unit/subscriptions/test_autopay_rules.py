"""What follows from each reason why a charge failed, and when people are told and charged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.subscriptions.autopay_rules import (
    CHARGE_WAIT,
    Dunning,
    decide_charge_at,
    decide_charge_wait,
    decide_followup,
    decide_notice_at,
)

END = datetime(2027, 3, 10, 12, tzinfo=UTC)
CHARGED = END - timedelta(hours=1)
GRACE = timedelta(days=5)
# Every reason of the gateway's description, and our own.
REASONS = {
    Dunning.RETRY: (
        "insufficient_funds", "payment_method_limit_exceeded", "issuer_unavailable", "internal_timeout",
        "general_decline", "call_issuer", "expired_on_capture", "expired_on_confirmation", "deal_expired",
        "canceled_by_merchant", "never_created", "shop_rejected", "shop_does_not_sell", "refused:invalid_request",
        "a_reason_of_tomorrow", "",
    ),
    Dunning.REPLACE: (
        "card_expired", "invalid_card_number", "invalid_csc", "3d_secure_failed", "country_forbidden",
        "payment_method_restricted", "identification_required", "unsupported_mobile_operator", "loan_declined",
        "method_unknown", "shop_without_recurring",
    ),
    Dunning.STOP: ("permission_revoked", "fraud_suspected"),
    Dunning.NONE: ("autopay_off", "renewed_meanwhile"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "expected"), [(reason, dunning) for dunning, reasons in REASONS.items() for reason in reasons]
)
def test_each_reason_leads_to_one_thing_d13(reason: str, expected: Dunning) -> None:
    followup = decide_followup(reason, attempts=1, ends_at=END, access_ends_at=END + GRACE, now=CHARGED)
    assert followup.dunning is expected
    assert (followup.retry_at is not None) == (expected is Dunning.RETRY)


@pytest.mark.parametrize(
    ("attempts", "grace_days", "now", "retry_days"),
    [
        (1, 5, CHARGED, 1),
        (2, 5, END + timedelta(days=1), 3),
        (3, 5, END + timedelta(days=3), None),  # the schedule is used up
        (1, 0, CHARGED, None),  # without grace nothing can be retried
        (1, 1, CHARGED, None),  # access ends at that very moment
        (1, 2, CHARGED, 1),
        (2, 2, END + timedelta(days=1), None),
        (1, 5, END + timedelta(days=2), 3),  # the outcome came late: what has passed is not made up for
        (9, 5, CHARGED, None),
    ],
)
def test_retries_keep_to_the_schedule_and_to_the_grace_d13(
    attempts: int, grace_days: int, now: datetime, retry_days: int | None
) -> None:
    access_ends_at = END + timedelta(days=grace_days)
    followup = decide_followup(
        "insufficient_funds", attempts=attempts, ends_at=END, access_ends_at=access_ends_at, now=now
    )
    assert followup.retry_at == (None if retry_days is None else END + timedelta(days=retry_days))
    assert followup.dunning is (Dunning.ASK if retry_days is None else Dunning.RETRY)


def test_the_notice_comes_a_day_before_and_the_charge_an_hour_before_the_end() -> None:
    assert decide_notice_at(END) == END - timedelta(days=1)
    assert decide_notice_at(None) is None
    assert decide_charge_at(END, noticed_at=END - timedelta(days=1)) == CHARGED


def test_after_a_late_notice_there_is_time_to_turn_it_off() -> None:
    late = END - timedelta(minutes=10)
    assert decide_charge_at(END, noticed_at=late) == late + timedelta(hours=2)


def test_access_waits_for_a_charge_and_not_for_ever() -> None:
    assert decide_charge_wait(END, is_underway=True, now=END) == END + CHARGE_WAIT
    assert decide_charge_wait(END, is_underway=True, now=END + CHARGE_WAIT) is None
    assert decide_charge_wait(END, is_underway=False, now=END) is None
