"""Where money of the platform's bill is, from Stripe's word, and for how long Stripe is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.billing.refund_rules import LOOKED_AT_FOR, RefundState, decide_refund_state, is_looked_at

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stripe_status", "failure", "state"),
    [
        (None, None, RefundState.ASKED), (None, "charge_disputed", RefundState.REFUSED),
        ("pending", None, RefundState.PENDING), ("requires_action", None, RefundState.PENDING),
        ("succeeded", None, RefundState.SUCCEEDED), ("failed", "lost_or_stolen_card", RefundState.FAILED),
        ("canceled", None, RefundState.FAILED), ("a_word_of_tomorrow", None, RefundState.PENDING),
    ],
)  # fmt: skip
def test_where_the_money_is_follows_from_stripes_word(
    stripe_status: str | None, failure: str | None, state: RefundState
) -> None:
    assert decide_refund_state(stripe_status, failure=failure) is state


@pytest.mark.parametrize(
    ("stripe_status", "age", "is_asked"),
    [
        ("succeeded", timedelta(days=59), True), ("pending", timedelta(0), True),
        ("succeeded", LOOKED_AT_FOR, False), ("failed", timedelta(0), False), (None, timedelta(0), False),
    ],
)  # fmt: skip
def test_stripe_is_asked_again_while_a_bank_may_send_money_back(
    stripe_status: str | None, age: timedelta, is_asked: bool
) -> None:
    assert is_looked_at(stripe_status, asked_at=NOW - age, now=NOW) is is_asked
