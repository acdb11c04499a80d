"""How a tenant stands with the platform: every word of Stripe's by every age of a debt, and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.billing.rules import (
    GRACE,
    LOOK_EVERY,
    Seen,
    Standing,
    choose_subscription,
    count_notices,
    decide_limit,
    decide_next_look,
    decide_standing,
    has_plan_limits,
    lets_sell,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
JUST = timedelta(seconds=1)

FREE, TRIALING, ACTIVE, PAST_DUE, RESTRICTED, CANCELED = Standing


@pytest.mark.parametrize(
    ("word", "young", "old"),
    [
        (None, FREE, FREE), ("incomplete", FREE, FREE), ("incomplete_expired", FREE, FREE),
        ("trialing", TRIALING, TRIALING), ("active", ACTIVE, ACTIVE), ("past_due", PAST_DUE, RESTRICTED),
        ("unpaid", PAST_DUE, RESTRICTED), ("paused", CANCELED, CANCELED), ("canceled", CANCELED, CANCELED),
        ("a_word_of_next_year", ACTIVE, ACTIVE),
    ],
)  # fmt: skip
def test_standing_follows_from_stripes_word_and_the_age_of_the_debt(
    word: str | None, young: Standing, old: Standing
) -> None:
    assert decide_standing(word, unpaid_since_at=None, now=NOW) is young
    assert decide_standing(word, unpaid_since_at=NOW - GRACE + JUST, now=NOW) is young
    assert decide_standing(word, unpaid_since_at=NOW - GRACE, now=NOW) is old


@pytest.mark.parametrize(
    ("standing", "sells", "on_plan"),
    [
        (FREE, True, False), (TRIALING, True, True), (ACTIVE, True, True), (PAST_DUE, True, True),
        (RESTRICTED, False, True), (CANCELED, True, False),
    ],
)  # fmt: skip
def test_only_a_restricted_tenant_sells_nothing_and_only_who_pays_has_a_plan(
    standing: Standing, *, sells: bool, on_plan: bool
) -> None:
    assert (lets_sell(standing), has_plan_limits(standing)) == (sells, on_plan)


@pytest.mark.parametrize(
    ("days", "standing", "notices"),
    [
        (0, PAST_DUE, 1), (2.99, PAST_DUE, 1), (3, PAST_DUE, 2), (6.99, PAST_DUE, 2), (7, RESTRICTED, 3),
        (90, RESTRICTED, 3), (90, ACTIVE, 0), (90, CANCELED, 0),
    ],
)  # fmt: skip
def test_a_debt_is_told_at_once_after_three_days_and_when_sales_pause(
    days: float, standing: Standing, notices: int
) -> None:
    assert count_notices(standing, unpaid_since_at=NOW - timedelta(days=days), now=NOW) == notices


@pytest.mark.parametrize(
    ("standing", "since", "looks_in"),
    [
        (ACTIVE, None, LOOK_EVERY), (PAST_DUE, timedelta(days=1), LOOK_EVERY), (RESTRICTED, GRACE, LOOK_EVERY),
        (PAST_DUE, timedelta(days=3) - timedelta(minutes=5), timedelta(minutes=5)),
        (PAST_DUE, GRACE - timedelta(minutes=1), timedelta(minutes=1)),
    ],
)  # fmt: skip
def test_stripe_is_asked_each_hour_and_at_each_step_of_a_debt(
    standing: Standing, since: timedelta | None, looks_in: timedelta
) -> None:
    unpaid_since_at = NOW - since if since is not None else None
    assert decide_next_look(standing, unpaid_since_at=unpaid_since_at, now=NOW) == NOW + looks_in


def seen(name: str, status: str, *, days: int = 0) -> Seen:
    return Seen(name, status, "price", NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("subscriptions", "chosen"),
    [
        ([], None),
        ([seen("old", "canceled", days=9), seen("new", "canceled")], "new"),
        ([seen("new", "incomplete"), seen("old", "active", days=9)], "old"),
        ([seen("new", "canceled"), seen("old", "past_due", days=9)], "old"),
        ([seen("new", "past_due"), seen("old", "trialing", days=9)], "old"),
        ([seen("old", "active", days=9), seen("new", "active")], "new"),
    ],
)
def test_the_subscription_that_counts_is_the_best_paid_and_then_the_newest(
    subscriptions: list[Seen], chosen: str | None
) -> None:
    for order in (subscriptions, subscriptions[::-1]):
        found = choose_subscription(order)
        assert (found.id if found is not None else None) == chosen


@pytest.mark.parametrize(
    ("ceiling", "by_plan", "by_hand", "has_hand", "limit"),
    [
        (50, 3, None, False, 3), (2, 3, None, False, 2), (50, None, None, False, 50), (None, None, None, False, None),
        (50, 3, 10, True, 10), (50, 3, None, True, 50), (50, 3, 90, True, 50), (None, 3, None, True, None),
        (50, 3, 0, True, 0),
    ],
)  # fmt: skip
def test_staffs_limit_counts_before_the_plans_and_none_rises_above_the_ceiling(
    ceiling: int | None, by_plan: int | None, by_hand: int | None, has_hand: bool, limit: int | None
) -> None:
    assert decide_limit(ceiling=ceiling, by_plan=by_plan, by_hand=by_hand, has_hand=has_hand) == limit
