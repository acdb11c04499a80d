"""Moments, money and lengths of time as a subscriber reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from babel.units import format_unit

from lumenpay.kit.money import Money
from lumenpay.models.plans import PeriodUnit

_FOREVER = {"ru": "навсегда", "en": "forever"}


def format_moment(moment: datetime | None, *, time_zone: str, locale: str) -> str:
    """Return a moment in the tenant's zone, `24 ноября 2026, 15:00 (МСК)`; nothing means for ever."""
    if moment is None:
        return _FOREVER[locale]
    local = moment.astimezone(ZoneInfo(time_zone))
    pattern = "d MMMM y, HH:mm" if locale == "ru" else "MMMM d, y, HH:mm"
    if moment.second and abs(timedelta(seconds=moment.second)) > timedelta(0):
        pattern += ":ss"
    return f"{format_datetime(local, pattern, locale=locale)} ({_zone_name(local, locale)})"


def format_money(amount_minor: int, currency: str, *, locale: str) -> str:
    """Return a sum, `990 ₽`."""
    return Money(amount_minor, currency).format(locale)


def format_period(unit: PeriodUnit, count: int, *, locale: str, extra_days: int = 0) -> str:
    """Return the length of a plan, `30 дней` or `1 month`."""
    if unit is PeriodUnit.LIFETIME:
        return _FOREVER[locale]
    text = format_unit(count, f"duration-{unit.value}", length="long", locale=locale)
    return f"{text} + {format_unit(extra_days, 'duration-day', length='long', locale=locale)}" if extra_days else text


def format_left(left: timedelta, *, locale: str) -> str:
    """Return how much time is left, in the one unit that says it best."""
    return str(format_timedelta(max(left, timedelta(seconds=1)), threshold=1.5, locale=locale))


def _zone_name(local: datetime, locale: str) -> str:
    if locale == "ru" and str(local.tzinfo) == "Europe/Moscow":
        return "МСК"
    offset = local.utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")
