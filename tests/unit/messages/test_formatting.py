"""Moments, sums and lengths of time as a subscriber reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lumenpay.messages.formatting import format_left, format_moment, format_money, format_period, format_until
from lumenpay.models.plans import PeriodUnit

NOON = datetime(2026, 11, 24, 12, 0, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unit", "count", "locale", "expected"),
    [
        (PeriodUnit.DAY, 1, "ru", "1 день"),
        (PeriodUnit.DAY, 30, "ru", "30 дней"),
        (PeriodUnit.DAY, 3, "ru", "3 дня"),
        (PeriodUnit.DAY, 21, "ru", "21 день"),
        (PeriodUnit.MONTH, 1, "ru", "1 месяц"),
        (PeriodUnit.MONTH, 6, "ru", "6 месяцев"),
        (PeriodUnit.YEAR, 5, "ru", "5 лет"),
        (PeriodUnit.WEEK, 2, "en", "2 weeks"),
        (PeriodUnit.MONTH, 1, "en", "1 month"),
        (PeriodUnit.LIFETIME, 1, "ru", "навсегда"),
        (PeriodUnit.LIFETIME, 1, "en", "forever"),
    ],
)
def test_periods_have_the_right_plural(unit: PeriodUnit, count: int, locale: str, expected: str) -> None:
    assert format_period(unit, count, locale=locale) == expected


def test_days_of_a_promo_code_are_added_to_the_period() -> None:
    assert format_period(PeriodUnit.MONTH, 1, locale="ru", extra_days=7) == "1 месяц + 7 дней"


@pytest.mark.parametrize(
    ("left", "ru", "en"),
    [
        (timedelta(days=3) - timedelta(seconds=20), "3 дня", "3 days"),
        (timedelta(days=1), "1 день", "1 day"),
        (timedelta(days=1, hours=4, minutes=10), "1 день 4 часа", "1 day 4 hours"),
        (timedelta(days=45, hours=5), "45 дней", "45 days"),
        (timedelta(hours=2) - timedelta(seconds=5), "2 часа", "2 hours"),
        (timedelta(hours=23, minutes=59, seconds=30), "1 день", "1 day"),
        (timedelta(minutes=90), "1 час 30 минут", "1 hour 30 minutes"),
        (timedelta(seconds=61), "2 минуты", "2 minutes"),
        (timedelta(seconds=1), "1 минута", "1 minute"),
        (timedelta(seconds=-5), "1 минута", "1 minute"),
    ],
)
def test_time_left_is_said_in_one_or_two_units(left: timedelta, ru: str, en: str) -> None:
    assert (format_left(left, locale="ru"), format_left(left, locale="en")) == (ru, en)


@pytest.mark.parametrize(
    ("time_zone", "locale", "expected"),
    [
        ("Europe/Moscow", "ru", "24 ноября 2026, 15:00 (МСК)"),
        ("Europe/Moscow", "en", "November 24, 2026, 15:00 (MSK)"),
        ("Asia/Yekaterinburg", "ru", "24 ноября 2026, 17:00 (UTC+5)"),
        ("Asia/Kolkata", "en", "November 24, 2026, 17:30 (UTC+5:30)"),
        ("America/St_Johns", "en", "November 24, 2026, 08:30 (UTC-3:30)"),
        ("Pacific/Auckland", "ru", "25 ноября 2026, 01:00 (UTC+13)"),
    ],
)
def test_moments_are_told_in_the_tenants_zone(time_zone: str, locale: str, expected: str) -> None:
    assert format_moment(NOON, time_zone=time_zone, locale=locale) == expected


def test_an_end_reads_as_part_of_a_sentence() -> None:
    assert format_until(NOON, time_zone="Europe/Moscow", locale="ru") == "до 24 ноября 2026, 15:00 (МСК)"
    assert format_until(None, time_zone="Europe/Moscow", locale="ru") == "навсегда"
    assert format_until(None, time_zone="Europe/Moscow", locale="en") == "forever"


def test_sums_have_a_fraction_only_where_there_is_one() -> None:
    assert format_money(99_000, "RUB", locale="ru").replace("\xa0", " ") == "990 ₽"
    assert format_money(99_050, "RUB", locale="ru").replace("\xa0", " ") == "990,50 ₽"
    assert format_money(1_350, "XTR", locale="ru").replace("\xa0", " ") == "1 350 ★"
    assert format_money(1_350, "XTR", locale="en").replace("\xa0", " ") == "1,350 ★"
    assert format_money(1_250_000, "USD", locale="en").replace("\xa0", " ") == "$12,500"
