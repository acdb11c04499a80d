"""How a tenant stands with the platform, what it may do then, and when it is told. Pure: the moment is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GRACE = timedelta(days=7)
"""How long a tenant that owes goes on selling."""
NOTICES_AFTER: Final = (timedelta(0), timedelta(days=3), GRACE)
"""When a debt is told of; the last notice says that sales are paused."""
LOOK_EVERY = timedelta(hours=1)
"""How often Stripe is asked about a tenant without any event: a lost one costs no more than this."""


class Standing(StrEnum):
    """How a tenant stands with the platform."""

    FREE = "free"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    """It owes, and goes on as before until the grace is over."""
    RESTRICTED = "restricted"
    """It owes for too long: nothing is sold and nobody is written to at once; whoever paid keeps access."""
    CANCELED = "canceled"
    """It paid once; now it has the limits of the free plan, and all of its subscribers."""


_BY_STRIPE: Final[Mapping[str | None, Standing]] = {
    None: Standing.FREE,
    # The first payment did not come: nothing was bought yet.
    "incomplete": Standing.FREE,
    "incomplete_expired": Standing.FREE,
    "trialing": Standing.TRIALING,
    "active": Standing.ACTIVE,
    "past_due": Standing.PAST_DUE,
    "unpaid": Standing.PAST_DUE,
    # A trial that ended without a card: nothing is owed, and nothing is had.
    "paused": Standing.CANCELED,
    "canceled": Standing.CANCELED,
}
LIVE: Final = frozenset({"trialing", "active", "past_due", "unpaid", "paused", "incomplete"})
"""Stripe's states of a subscription that is not over: no second one is sold beside it."""
_ON_PLAN: Final = frozenset({Standing.TRIALING, Standing.ACTIVE, Standing.PAST_DUE, Standing.RESTRICTED})


def decide_standing(stripe_status: str | None, *, unpaid_since_at: datetime | None, now: datetime) -> Standing:
    """Return how a tenant stands, from Stripe's word for its subscription and the age of its debt.

    A word that Stripe may add one day takes nothing away.
    """
    standing = _BY_STRIPE.get(stripe_status, Standing.ACTIVE)
    is_old = unpaid_since_at is not None and now - unpaid_since_at >= GRACE
    return Standing.RESTRICTED if standing is Standing.PAST_DUE and is_old else standing


def is_renewing(stripe_status: str | None, *, cancels_at: datetime | None) -> bool:
    """Tell whether a subscription goes on until somebody cancels it."""
    return stripe_status in LIVE and cancels_at is None


def lets_sell(standing: Standing) -> bool:
    """Tell whether the platform's bill lets the tenant sell and write to many at once."""
    return standing is not Standing.RESTRICTED


def has_plan_limits(standing: Standing) -> bool:
    """Tell whether the limits are those of the plan that was bought, and not of the free one."""
    return standing in _ON_PLAN


def count_notices(standing: Standing, *, unpaid_since_at: datetime | None, now: datetime) -> int:
    """Return how many notices of its debt a tenant should have had by now."""
    if standing not in (Standing.PAST_DUE, Standing.RESTRICTED) or unpaid_since_at is None:
        return 0
    return sum(1 for after in NOTICES_AFTER if now - unpaid_since_at >= after)


def decide_next_look(standing: Standing, *, unpaid_since_at: datetime | None, now: datetime) -> datetime:
    """Return when Stripe is asked next: in an hour, or as soon as the debt is old enough for the next step."""
    steps = [unpaid_since_at + after for after in NOTICES_AFTER] if unpaid_since_at is not None else []
    coming = [step for step in steps if step > now and standing is Standing.PAST_DUE]
    return min([now + LOOK_EVERY, *coming])


@dataclass(frozen=True, slots=True)
class Seen:
    """A subscription as Stripe describes it."""

    id: str
    status: str
    price_id: str | None
    created_at: datetime
    period_ends_at: datetime | None = None
    trial_ends_at: datetime | None = None
    cancels_at: datetime | None = None


_RANKS: Final[Mapping[str, int]] = {
    "active": 5, "trialing": 5, "past_due": 4, "unpaid": 4, "paused": 3, "incomplete": 2, "canceled": 1
}  # fmt: skip


def choose_subscription(seen: list[Seen]) -> Seen | None:
    """Return the subscription of a customer that counts: one that is paid before one that is not, then the newest."""
    return max(seen, key=lambda one: (_RANKS.get(one.status, 0), one.created_at), default=None)


def decide_limit(*, ceiling: int | None, by_plan: int | None, by_hand: int | None, has_hand: bool) -> int | None:
    """Return the limit that counts: staff's for this tenant before the plan's, never above the installation's."""
    own = by_hand if has_hand else by_plan
    return min((limit for limit in (ceiling, own) if limit is not None), default=None)
