"""Who can take a plan now: one decision, which the bot's menu, its buttons and the checkout all ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lumenpay.models.plans import Audience, Plan

MAX_GUESSES: Final = 5
GUESSING_WINDOW: Final = timedelta(minutes=15)


class PlanRefusal(StrEnum):
    """Why a person cannot take a plan, in the order in which it is looked at."""

    LOCKED = "locked"
    """It has an access code that the person has not said: it is answered like a plan that there is not."""
    NOT_ON_SALE = "not_on_sale"
    SALE_OVER = "sale_over"
    NOT_YET = "not_yet"
    OWNED_FOR_EVER = "owned_for_ever"
    TRIAL_USED = "trial_used"
    STILL_RUNNING = "still_running"
    """It adds nothing to what the person has: it is free, or ends for everybody on the same day."""
    NOT_FOR_YOU = "not_for_you"
    SOLD_OUT = "sold_out"
    TOO_OFTEN = "too_often"
    """They begin order after order and pay none of them."""


class SaleState(StrEnum):
    """How it stands with the sales of a plan, whoever asks."""

    ARCHIVED = "archived"
    OFF = "off"
    OVER = "over"
    NOT_YET = "not_yet"
    SOLD_OUT = "sold_out"
    ON = "on"


_SHOWN: Final = frozenset({
    None, PlanRefusal.OWNED_FOR_EVER, PlanRefusal.STILL_RUNNING, PlanRefusal.SOLD_OUT,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """How one person stands to one plan, and how full it is."""

    audience: Audience = Audience.NEW
    """What the person is to the tenant, or to the plans that the plan names; never `everyone`."""
    has_unlocked: bool = False
    has_used_trial: bool = False
    is_running: bool = False
    """Has a subscription to the plan that gives access; in its grace too."""
    ends_at: datetime | None = None
    """When its paid time ends; empty for a lifetime, and where there is none."""
    holds_place: bool = False
    """Has a running subscription, or an open order that keeps a place."""
    holds_gift_place: bool = False
    """Has an open order for a gift, which keeps a place."""
    places_taken: int = 0


def decide_audience(*, has_paid: bool, has_running: bool) -> Audience:
    """Return what a person is to a tenant; nobody is two of these."""
    if not has_paid:
        return Audience.NEW
    return Audience.EXISTING if has_running else Audience.LAPSED


def decide_sale_state(plan: Plan, *, places_taken: int, now: datetime) -> SaleState:
    """Return how it stands with the sales of a plan."""
    if plan.archived_at is not None:
        return SaleState.ARCHIVED
    if not plan.is_on_sale:
        return SaleState.OFF
    ends = [at for at in (plan.sale_ends_at, plan.fixed_end_at) if at is not None]
    if ends and now >= min(ends):
        return SaleState.OVER
    if plan.sale_starts_at is not None and now < plan.sale_starts_at:
        return SaleState.NOT_YET
    if plan.capacity is not None and places_taken >= plan.capacity:
        return SaleState.SOLD_OUT
    return SaleState.ON


def decide_refusal(plan: Plan, facts: PersonFacts, *, now: datetime) -> PlanRefusal | None:
    """Return why a person cannot take a plan now; nothing when they can."""
    state = decide_sale_state(plan, places_taken=facts.places_taken, now=now)
    adds_nothing = plan.price_minor == 0 or plan.fixed_end_at is not None
    is_owned = facts.is_running and facts.ends_at is not None and facts.ends_at > now
    if plan.fixed_end_at is not None and plan.price_minor > 0:
        is_owned = is_owned and facts.ends_at is not None and facts.ends_at >= plan.fixed_end_at
    checks = (
        (PlanRefusal.LOCKED, plan.access_code is not None and not facts.has_unlocked),
        (PlanRefusal.NOT_ON_SALE, state in (SaleState.ARCHIVED, SaleState.OFF)),
        (PlanRefusal.SALE_OVER, state is SaleState.OVER),
        (PlanRefusal.NOT_YET, state is SaleState.NOT_YET),
        (PlanRefusal.OWNED_FOR_EVER, facts.is_running and facts.ends_at is None),
        (PlanRefusal.TRIAL_USED, bool(plan.is_trial) and facts.has_used_trial),
        (PlanRefusal.STILL_RUNNING, adds_nothing and is_owned),
        (PlanRefusal.NOT_FOR_YOU, plan.audience not in (Audience.EVERYONE, facts.audience)),
        (PlanRefusal.SOLD_OUT, state is SaleState.SOLD_OUT and not facts.holds_place),
    )
    return next((refusal for refusal, applies in checks if applies), None)


def decide_gift_refusal(plan: Plan, facts: PersonFacts, *, now: datetime) -> PlanRefusal | None:
    """Return why a person cannot buy a plan for somebody else now; what they have of it themselves does not matter."""
    state = decide_sale_state(plan, places_taken=facts.places_taken, now=now)
    checks = (
        (PlanRefusal.LOCKED, plan.access_code is not None and not facts.has_unlocked),
        (PlanRefusal.NOT_ON_SALE, state in (SaleState.ARCHIVED, SaleState.OFF) or not can_be_given(plan)),
        (PlanRefusal.SALE_OVER, state is SaleState.OVER),
        (PlanRefusal.NOT_YET, state is SaleState.NOT_YET),
        (PlanRefusal.SOLD_OUT, state is SaleState.SOLD_OUT and not facts.holds_gift_place),
    )
    return next((refusal for refusal, applies in checks if applies), None)


def can_be_given(plan: Plan) -> bool:
    """Tell whether a plan can be bought for somebody else: it costs something, and everybody could take it."""
    is_for_all = not plan.is_trial and plan.audience == Audience.EVERYONE
    return bool(plan.is_giftable) and plan.price_minor > 0 and is_for_all


def is_listed(plan: Plan, facts: PersonFacts, refusal: PlanRefusal | None) -> bool:
    """Tell whether /buy shows the plan to a person; of what cannot be taken it shows what they have or may wait for."""
    is_open = facts.has_unlocked if plan.access_code is not None else not plan.is_hidden
    return is_open and refusal in _SHOWN


def decide_guesses(count: int, since_at: datetime | None, *, now: datetime) -> tuple[int, datetime]:
    """Return how many words a person has guessed in the present stretch of time, and when that began."""
    if since_at is None or now - since_at >= GUESSING_WINDOW:
        return 0, now
    return count, since_at
