"""Texts: what Telegram takes, what a stranger's name can do to them, and how they are cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.defaults import en, ru
from lumenpay.messages.formatting import format_left, format_moment, format_period
from lumenpay.messages.rules import Html, check_text, cut_html, escape, fill_in, visible_length
from lumenpay.models.plans import PeriodUnit

PIECES = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<i>", "</i>", "&lt;", "&amp;", "слово ", "😀", '<a href="https://x.test/">', "</a>"]
    ),
    max_size=60,
)


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.is_balanced = True

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_balanced &= bool(self.open) and self.open.pop() == tag


def is_balanced(text: str) -> bool:
    balance = Balance()
    balance.feed(text)
    balance.close()
    return balance.is_balanced and not balance.open


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Hello, <b>{name}</b>", []),
        ('<a href="https://x.test">x</a>', []),
        ("", ["empty"]),
        ("<b>open", ["tags_not_balanced"]),
        ("<b><i>x</b></i>", ["tags_not_balanced"] * 2),
        ("<script>x</script>", ["tag_not_allowed"]),
        ("<a>x</a>", ["link_without_address"]),
        ("<br/>", ["tag_not_allowed"]),
        ("{unknown}", ["unknown_variable"]),
        ("1 < 2", ["stray_angle_bracket"]),
        ("x" * 4097, ["too_long"]),
        ("😀" * 2049, ["too_long"]),
        ("😀" * 2048, []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_tenants_text_is_refused_for_this(text, codes):
    assert [problem.code for problem in check_text(text, variables={"name"})] == codes


@given(name=st.text())
def test_a_name_cannot_become_markup_nor_turn_the_text_around_e24(name):
    filled = fill_in("<b>{name}</b>", {"name": name})
    inner = filled.removeprefix("<b>").removesuffix("</b>")
    assert "<" not in inner
    assert not set(inner) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    assert filled.encode()


def test_a_value_that_is_html_already_stays_and_a_missing_one_is_nothing():
    assert fill_in("{links}{other}", {"links": Html("<b>x</b>")}) == "<b>x</b>"


@given(pieces=PIECES, limit=st.integers(2, 80))
def test_a_cut_text_fits_and_closes_its_tags_e24(pieces, limit):
    text = "".join(pieces)
    if not is_balanced(text):
        text = escape(text)
    cut = cut_html(text, limit)
    assert visible_length(cut) <= limit
    assert is_balanced(cut)


@pytest.mark.parametrize("key", list(MessageKey))
def test_every_default_text_exists_in_both_languages(key):
    for texts in (ru.TEXTS, en.TEXTS):
        assert texts[key].strip()


@pytest.mark.parametrize(
    ("zone", "locale", "text"),
    [
        ("Europe/Moscow", "ru", "24 ноября 2026, 15:00 (МСК)"),
        ("Europe/Moscow", "en", "November 24, 2026, 15:00 (UTC+3)"),
        ("Asia/Kolkata", "en", "November 24, 2026, 17:30 (UTC+5:30)"),
        ("America/St_Johns", "en", "November 24, 2026, 08:30 (UTC-3:30)"),
        ("UTC", "en", "November 24, 2026, 12:00 (UTC+0)"),
    ],
)
def test_a_moment_is_written_in_the_tenants_zone(zone, locale, text):
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert format_moment(moment, time_zone=zone, locale=locale) == text


@pytest.mark.parametrize(
    ("unit", "count", "locale", "text"),
    [
        (PeriodUnit.DAY, 1, "ru", "1 день"),
        (PeriodUnit.DAY, 2, "ru", "2 дня"),
        (PeriodUnit.DAY, 30, "ru", "30 дней"),
        (PeriodUnit.MONTH, 21, "ru", "21 месяц"),
        (PeriodUnit.MONTH, 1, "en", "1 month"),
        (PeriodUnit.YEAR, 5, "ru", "5 лет"),
        (PeriodUnit.LIFETIME, 1, "ru", "навсегда"),
    ],
)
def test_a_period_has_its_plural(unit, count, locale, text):
    assert format_period(unit, count, locale=locale).replace("\xa0", " ") == text


def test_what_is_left_is_said_in_one_unit_and_is_never_below_zero():
    assert format_left(timedelta(days=3), locale="ru") == "3 дня"
    assert format_left(timedelta(seconds=-5), locale="en") == "1 second"
