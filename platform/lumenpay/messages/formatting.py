"""Moments, money and lengths of time as a subscriber reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.units import format_unit

from lumenpay.kit.money import Money
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.promo_codes import DiscountKind

_FOREVER = {"ru": "навсегда", "en": "forever"}
_UNTIL = {"ru": "до", "en": "until"}
_PERCENT_OFF = {"ru": "−{value} %", "en": "−{value}%"}
_DAY_MINUTES = 24 * 60
_LONG_DAYS = 7
"""With more days than these, hours say nothing."""


def format_moment(moment: datetime, *, time_zone: str, locale: str) -> str:
    """Return a moment in the tenant's zone, `24 ноября 2026, 15:00 (МСК)`."""
    local = moment.astimezone(ZoneInfo(time_zone))
    pattern = "d MMMM y, HH:mm" if locale == "ru" else "MMMM d, y, HH:mm"
    return f"{format_datetime(local, pattern, locale=locale)} ({_zone_name(local, locale)})"


def format_until(moment: datetime | None, *, time_zone: str, locale: str) -> str:
    """Return an end, `до 24 ноября 2026, 15:00 (МСК)`; nothing means for ever: `навсегда`."""
    if moment is None:
        return _FOREVER[locale]
    return f"{_UNTIL[locale]} {format_moment(moment, time_zone=time_zone, locale=locale)}"


def format_money(amount_minor: int, currency: str, *, locale: str) -> str:
    """Return a sum, `990 ₽`."""
    return Money(amount_minor, currency).format(locale)


def format_period(unit: PeriodUnit, count: int, *, locale: str, extra_days: int = 0) -> str:
    """Return the length of a plan that has one, `30 дней` or `1 month`."""
    if unit is PeriodUnit.LIFETIME:
        return _FOREVER[locale]
    text = format_unit(count, f"duration-{unit.value}", length="long", locale=locale)
    return f"{text} + {format_unit(extra_days, 'duration-day', length='long', locale=locale)}" if extra_days else text


def format_saving(kind: DiscountKind, value: int, currency: str | None, *, locale: str) -> str:
    """Return what a promo code gives, `−25 %`, `−100 ₽` or `+7 дней`; `value` is percent, minor units or days."""
    if kind is DiscountKind.PERCENT:
        return _PERCENT_OFF[locale].format(value=value)
    if kind is DiscountKind.EXTRA_DAYS:
        return "+" + format_period(PeriodUnit.DAY, value, locale=locale)
    return "−" + format_money(value, currency or "RUB", locale=locale)


def format_left(left: timedelta, *, locale: str) -> str:
    """Return how much time is left, in one or two units: `3 дня`, `1 день 4 часа`, `25 минут`.

    Minutes are rounded up, hours beside days to the nearest one, so that a reminder that is seconds late still says
    `3 дня`.
    """
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    if minutes >= _DAY_MINUTES:
        minutes = (minutes + 30) // 60 * 60
    days, rest = divmod(minutes, _DAY_MINUTES)
    hours, minutes = divmod(rest, 60)
    if days > _LONG_DAYS:
        hours = 0
    pairs = ((days, "duration-day"), (hours, "duration-hour"), (0 if days else minutes, "duration-minute"))
    return " ".join(format_unit(count, unit, length="long", locale=locale) for count, unit in pairs if count)


def _zone_name(local: datetime, locale: str) -> str:
    if str(local.tzinfo) == "Europe/Moscow":
        return "МСК" if locale == "ru" else "MSK"
    seconds = int((local.utcoffset() or timedelta(0)).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")
