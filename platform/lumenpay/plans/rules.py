"""Pure rules of plans: how long a period lasts, and which plans make sense."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from lumenpay.models.plans import PeriodUnit

MAX_PERIOD_SECONDS = 10 * 366 * 86_400
MIN_RECURRING_SECONDS = 2 * 86_400
_FIXED = {
    PeriodUnit.SECOND: timedelta(seconds=1),
    PeriodUnit.MINUTE: timedelta(minutes=1),
    PeriodUnit.HOUR: timedelta(hours=1),
    PeriodUnit.DAY: timedelta(days=1),
    PeriodUnit.WEEK: timedelta(weeks=1),
}


def end_of_period(starts_at: datetime, unit: PeriodUnit, count: int, *, extra_days: int = 0) -> datetime | None:
    """Return when a period ends that starts at `starts_at` (aware UTC); None for a lifetime.

    A month ends on the same day of the month, or on its last day where there is no such day; the time of day stays.
    """
    if unit is PeriodUnit.LIFETIME:
        return None
    if unit in _FIXED:
        return starts_at + _FIXED[unit] * count + timedelta(days=extra_days)
    months = starts_at.month - 1 + count * (12 if unit is PeriodUnit.YEAR else 1)
    year, month = starts_at.year + months // 12, months % 12 + 1
    day = min(starts_at.day, monthrange(year, month)[1])
    return starts_at.replace(year=year, month=month, day=day) + timedelta(days=extra_days)


def find_plan_problems(
    *, price_minor: int, period_unit: PeriodUnit, period_count: int, channels_count: int, are_minutes_allowed: bool,
    is_recurring: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Return what is wrong with a plan, by field; empty when it can be sold."""
    problems: dict[str, str] = {}
    if price_minor <= 0:
        problems["price"] = "must_be_positive"
    if period_unit is PeriodUnit.MINUTE and not are_minutes_allowed:
        problems["period_unit"] = "minutes_only_for_tests"
    if period_unit is PeriodUnit.SECOND:
        problems["period_unit"] = "seconds_only_for_test_drives"
    if period_unit is PeriodUnit.LIFETIME and period_count != 1:
        problems["period_count"] = "must_be_one_for_lifetime"
    elif period_count < 1 or _roughly_seconds(period_unit, period_count) > MAX_PERIOD_SECONDS:
        problems["period_count"] = "out_of_range"
    if is_recurring and _roughly_seconds(period_unit, period_count) < MIN_RECURRING_SECONDS:
        # A lifetime has nothing to renew; the others leave no day between the notice and the charge.
        problems["is_recurring"] = "period_too_short"
    if not channels_count:
        problems["channel_ids"] = "at_least_one"
    return problems


def _roughly_seconds(unit: PeriodUnit, count: int) -> float:
    days = {PeriodUnit.MONTH: 30, PeriodUnit.YEAR: 366, PeriodUnit.LIFETIME: 0}
    return count * (_FIXED[unit].total_seconds() if unit in _FIXED else days[unit] * 86_400)
