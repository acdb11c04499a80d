"""Pure rules of plans: how long a period lasts, and which plans make sense."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lumenpay.models.plans import Audience, PeriodUnit

MAX_PERIOD_SECONDS = 10 * 366 * 86_400
MIN_RECURRING_SECONDS = 2 * 86_400
MOST_STARS: Final = 10_000
"""Telegram takes no more for a subscription."""
_STARS: Final = "XTR"
_FIXED = {
    PeriodUnit.SECOND: timedelta(seconds=1),
    PeriodUnit.MINUTE: timedelta(minutes=1),
    PeriodUnit.HOUR: timedelta(hours=1),
    PeriodUnit.DAY: timedelta(days=1),
    PeriodUnit.WEEK: timedelta(weeks=1),
}
_ACCESS_CODE: Final = re.compile(r"[A-Z0-9_-]{4,32}")


def normalize_access_code(text: str) -> str | None:
    """Return a word as access codes are stored: without spaces around it, in upper case; None if it can be none."""
    code = text.strip().upper()
    return code if _ACCESS_CODE.fullmatch(code) else None


def end_of_period(starts_at: datetime, unit: PeriodUnit, count: int, *, extra_days: int = 0) -> datetime | None:
    """Return when a period ends that starts at `starts_at` (aware UTC); None for a lifetime.

    A month ends on the same day of the month, or on its last day where there is no such day; the time of day stays.

    Raises:
        ValueError: The unit is `until`, which has no length: the end stands in the order.
    """
    if unit is PeriodUnit.UNTIL:
        raise ValueError("the end of a plan that ends on a date is not reckoned")
    if unit is PeriodUnit.LIFETIME:
        return None
    if unit in _FIXED:
        return starts_at + _FIXED[unit] * count + timedelta(days=extra_days)
    months = starts_at.month - 1 + count * (12 if unit is PeriodUnit.YEAR else 1)
    year, month = starts_at.year + months // 12, months % 12 + 1
    day = min(starts_at.day, monthrange(year, month)[1])
    return starts_at.replace(year=year, month=month, day=day) + timedelta(days=extra_days)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What decides whether a plan makes sense."""

    price_minor: int
    period_unit: PeriodUnit
    period_count: int
    channels_count: int
    is_trial: bool = False
    sale_starts_at: datetime | None = None
    sale_ends_at: datetime | None = None
    fixed_end_at: datetime | None = None
    is_recurring: bool = False
    currency: str = "RUB"
    stars: int | None = None
    is_giftable: bool = False
    audience: Audience = Audience.EVERYONE
    audience_plans_count: int = 0
    allows_changes: bool = False


def find_plan_problems(draft: PlanDraft, *, are_minutes_allowed: bool) -> dict[str, str]:
    """Return what is wrong with a plan, by field; empty when it can be sold."""
    problems = _find_period_problems(draft, are_minutes_allowed=are_minutes_allowed)
    starts_at, ends_at, fixed_end_at = draft.sale_starts_at, draft.sale_ends_at, draft.fixed_end_at
    if draft.price_minor < 0:
        problems["price"] = "must_not_be_negative"
    if not draft.channels_count:
        problems["channel_ids"] = "at_least_one"
    if draft.is_recurring and not _can_renew(draft):
        problems["is_recurring"] = "period_too_short"
    elif draft.is_recurring and (draft.is_trial or draft.price_minor == 0):
        problems["is_recurring"] = "not_for_trial_or_free"
    problems |= _find_problems_of_buyers(draft)
    problems |= _find_problems_with_stars(draft, is_renewing=draft.is_recurring and "is_recurring" not in problems)
    if draft.is_trial and draft.period_unit is PeriodUnit.LIFETIME:
        problems["is_trial"] = "not_for_lifetime"
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        problems["sale_ends_at"] = "before_sale_starts_at"
    if starts_at is not None and fixed_end_at is not None and fixed_end_at <= starts_at:
        problems["fixed_end_at"] = "before_sale_starts_at"
    return problems


def _find_problems_of_buyers(draft: PlanDraft) -> dict[str, str]:
    problems: dict[str, str] = {}
    costs_nothing = draft.is_trial or draft.price_minor == 0
    if draft.is_giftable and (costs_nothing or draft.audience is not Audience.EVERYONE):
        # A gift that costs nothing, or is not for everybody, would be handed round what the plan is to keep out.
        problems["is_giftable"] = "not_for_trial_free_or_audience"
    if draft.audience_plans_count and draft.audience is Audience.EVERYONE:
        problems["audience_plan_ids"] = "only_with_audience"
    if draft.allows_changes and costs_nothing:
        problems["allows_changes"] = "changes_need_price"
    return problems


def _find_problems_with_stars(draft: PlanDraft, *, is_renewing: bool) -> dict[str, str]:
    problems: dict[str, str] = {}
    is_in_stars = draft.currency == _STARS
    if is_in_stars and draft.price_minor > MOST_STARS:
        problems["price"] = "too_many_stars"
    if draft.stars is not None and (is_in_stars or draft.price_minor == 0):
        problems["stars"] = "only_beside_money"
    elif draft.stars is not None and not 0 < draft.stars <= MOST_STARS:
        problems["stars"] = "out_of_range"
    if is_in_stars and is_renewing and (draft.period_unit, draft.period_count) != (PeriodUnit.DAY, 30):
        problems["is_recurring"] = "stars_renew_every_30_days"
    return problems


def _can_renew(draft: PlanDraft) -> bool:
    # What has no end or one end for all has nothing to renew; the others need a day between the notice and the charge.
    if draft.period_unit in (PeriodUnit.LIFETIME, PeriodUnit.UNTIL):
        return False
    return _roughly_seconds(draft.period_unit, draft.period_count) >= MIN_RECURRING_SECONDS


def _find_period_problems(draft: PlanDraft, *, are_minutes_allowed: bool) -> dict[str, str]:
    unit, count = draft.period_unit, draft.period_count
    problems: dict[str, str] = {}
    if unit is PeriodUnit.MINUTE and not are_minutes_allowed:
        problems["period_unit"] = "minutes_only_for_tests"
    if unit is PeriodUnit.SECOND:
        problems["period_unit"] = "seconds_only_for_test_drives"
    if (unit is PeriodUnit.UNTIL) != (draft.fixed_end_at is not None):
        problems["fixed_end_at"] = "only_with_until"
    if unit is PeriodUnit.LIFETIME and count != 1:
        problems["period_count"] = "must_be_one_for_lifetime"
    elif unit is PeriodUnit.UNTIL and count != 1:
        problems["period_count"] = "must_be_one_for_until"
    elif count < 1 or _roughly_seconds(unit, count) > MAX_PERIOD_SECONDS:
        problems["period_count"] = "out_of_range"
    return problems


def _roughly_seconds(unit: PeriodUnit, count: int) -> float:
    days = {PeriodUnit.MONTH: 30, PeriodUnit.YEAR: 366, PeriodUnit.LIFETIME: 0, PeriodUnit.UNTIL: 0}
    return count * (_FIXED[unit].total_seconds() if unit in _FIXED else days[unit] * 86_400)
