"""Pure rules of the win-back series: which steps make one, when a step is taken, and who is offered nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from lumenpay.models.promo_codes import DiscountKind
from lumenpay.models.win_backs import WinBackEnd

MAX_STEPS: Final = 5
LONGEST_AFTER_DAYS: Final = 366
LONGEST_VALID_DAYS: Final = 90
MAX_FREE_DAYS: Final = 366
SPREAD: Final = timedelta(hours=1)
"""People whose subscriptions ended together are written to within so long, not at one moment."""
LATEST: Final = timedelta(days=7)
"""A step that could not be taken for so long after its moment is left out."""
BUYER_WAIT: Final = timedelta(hours=2)
"""Whoever has an order open is asked about again so much later."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: days after the end, percent or free days, how many days it is good for, and for which plans."""

    after_days: int
    discount_kind: DiscountKind
    discount_value: int
    valid_days: int
    plan_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a person's own day in which they are written to; `until` is the first one that is too late."""

    from_hour: int = 10
    until_hour: int = 20


@dataclass(frozen=True, slots=True)
class PersonState:
    """What speaks against an offer to a person."""

    is_on: bool
    has_running: bool
    is_blocked: bool
    has_opted_out: bool
    was_refunded: bool


def find_problems(steps: Sequence[Step], hours: Hours, *, is_on: bool) -> dict[str, str]:
    """Return what keeps the steps from being a series, by field; empty when nothing does."""
    problems: dict[str, str] = {}
    if hours.from_hour >= hours.until_hour:
        problems["until_hour"] = "before_from_hour"
    if is_on and not steps:
        problems["steps"] = "missing"
    for number, step in enumerate(steps):
        most = 100 if step.discount_kind is DiscountKind.PERCENT else MAX_FREE_DAYS
        if step.discount_kind is DiscountKind.AMOUNT:
            problems[f"steps.{number}.discount_kind"] = "not_allowed"
        elif not 1 <= step.discount_value <= most:
            problems[f"steps.{number}.discount_value"] = "out_of_range"
    for number, (before, step) in enumerate(pairwise(steps), 1):
        if step.after_days <= before.after_days:
            problems[f"steps.{number}.after_days"] = "not_later"
        if step.discount_kind is before.discount_kind and step.discount_value < before.discount_value:
            # Whoever waits must not be offered less: nobody would believe the next offer.
            problems[f"steps.{number}.discount_value"] = "not_growing"
    return problems


def decide_step_at(ended_at: datetime, *, after_days: int, hours: Hours, time_zone: str, seed: int) -> datetime:
    """Return when a step is taken: so many days after the end, within the hours, a little apart from other people.

    Args:
        seed: The same number for the same person and end, spread evenly over people.
    """
    return move_into_hours(
        ended_at + timedelta(days=after_days), hours=hours, time_zone=time_zone, seed=seed
    )  # fmt: skip


def move_into_hours(moment: datetime, *, hours: Hours, time_zone: str, seed: int) -> datetime:
    """Return the moment itself where it lies within the hours, the next opening after it where it does not.

    Either way a part of an hour later, by the seed; one that would leave the hours that way waits for the opening.
    """
    late = timedelta(seconds=seed % int(SPREAD.total_seconds()))
    local = (moment + late).astimezone(ZoneInfo(time_zone))
    if hours.from_hour <= local.hour < hours.until_hour:
        return moment + late
    opening = local.replace(hour=hours.from_hour, minute=0, second=0, microsecond=0)
    if local.hour >= hours.until_hour:
        opening += timedelta(days=1)
    # A day's length is that of the wall clock: the zone decides, not 24 hours.
    return opening.replace(fold=0).astimezone(moment.tzinfo) + late


def is_within_hours(moment: datetime, *, hours: Hours, time_zone: str) -> bool:
    """Tell whether people may be written to at this moment."""
    return hours.from_hour <= moment.astimezone(ZoneInfo(time_zone)).hour < hours.until_hour


def decide_end(state: PersonState) -> WinBackEnd | None:
    """Return why the person is offered nothing more after this end; None when nothing speaks against it."""
    checks = (
        (WinBackEnd.CAME_BACK, state.has_running),
        (WinBackEnd.OFF, not state.is_on),
        (WinBackEnd.OPTED_OUT, state.has_opted_out),
        (WinBackEnd.BLOCKED, state.is_blocked),
        (WinBackEnd.REFUNDED, state.was_refunded),
    )
    return next((end for end, applies in checks if applies), None)
