"""Pure rules of periods: local days, the period before, buckets of days, weeks and months."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

MAX_DAYS = 1100
DEFAULT_DAYS = 30
EARLIEST = date(2000, 1, 1)
_DAY = timedelta(days=1)


class Bucket(StrEnum):
    """How fine a series is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both ends included."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last_day - self.first_day).days + 1

    def has(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first_day <= day <= self.last_day


def day_of(moment: datetime, time_zone: str) -> date:
    """Return the local day of a moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def start_of(day: date, time_zone: str) -> datetime:
    """Return the first moment of a local day, in UTC; where midnight is skipped, the moment that stands for it."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def start_of_month(day: date, *, months: int = 0) -> date:
    """Return the first day of the month that is so many months away."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def end_of_month(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def find_period_problems(first_day: date, last_day: date, *, today: date) -> dict[str, str]:
    """Return what is wrong with the days that were asked for, by field."""
    if first_day < EARLIEST:
        return {"first_day": "out_of_range"}
    if first_day > today:
        return {"first_day": "in_the_future"}
    if last_day < first_day:
        return {"last_day": "before_first_day"}
    return {"last_day": "too_long"} if (last_day - first_day).days >= MAX_DAYS else {}


def choose_period(first_day: date | None, last_day: date | None, *, today: date) -> Period:
    """Return the days that are asked for: without any, the last thirty; without a first one, thirty up to the last."""
    last = last_day or today
    first = first_day or max(EARLIEST, last - (DEFAULT_DAYS - 1) * _DAY)
    return Period(first, last)


def cut_to_today(period: Period, *, today: date) -> Period:
    """Return the days of a period that have begun."""
    return Period(period.first_day, min(period.last_day, today))


def decide_previous(asked: Period, *, today: date) -> Period:
    """Return the period to compare with.

    Whole months are compared with as many months before them, of a month that still runs the days that have begun with
    the same days of the month before; anything else with as many days right before.
    """
    seen = cut_to_today(asked, today=today)
    first = asked.first_day
    if first.day != 1 or asked.last_day != end_of_month(asked.last_day):
        return Period(first - seen.days * _DAY, first - _DAY)
    months = (asked.last_day.year - first.year) * 12 + asked.last_day.month - first.month + 1
    before = start_of_month(first, months=-months)
    if seen == asked:
        return Period(before, first - _DAY)
    return Period(before, min(before + (seen.days - 1) * _DAY, first - _DAY))


def split(period: Period, bucket: Bucket) -> list[Period]:
    """Return the buckets of a period in order; weeks begin on Monday, and the ends of the period cut the outer ones."""
    starts = [period.first_day]
    while True:
        following = _next_start(starts[-1], bucket)
        if following > period.last_day:
            break
        starts.append(following)
    ends = [later - _DAY for _, later in pairwise(starts)] + [period.last_day]
    return [Period(first, last) for first, last in zip(starts, ends, strict=True)]


def _next_start(day: date, bucket: Bucket) -> date:
    if bucket is Bucket.DAY:
        return day + _DAY
    return day + (7 - day.weekday()) * _DAY if bucket is Bucket.WEEK else start_of_month(day, months=1)
