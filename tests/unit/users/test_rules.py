"""Subscribers: their language, and names that fit columns and chats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.kit.text import utf16_length
from lumenpay.users.rules import choose_locale, clean_name


@pytest.mark.parametrize(
    ("language_code", "expected"),
    [
        ("ru", "ru"), ("ru-RU", "ru"), ("uk", "ru"), ("be", "ru"), ("kk", "ru"), ("en", "en"), ("en-GB", "en"),
        ("de", "en"), ("zh-hans", "en"), ("pt-br", "en"), (None, "ru"), ("", "ru"), ("RU", "ru"), ("xx-unknown", "en"),
    ],
)  # fmt: skip
def test_the_language_follows_the_telegram_account(language_code: str | None, expected: str) -> None:
    assert choose_locale(language_code) == expected


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_every_name_can_be_stored_and_shown(name: str) -> None:
    cleaned = clean_name(name)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert utf16_length(cleaned) <= 64
    assert cleaned == cleaned.strip()


def test_letters_and_emoji_of_a_name_stay() -> None:
    assert clean_name("  Анна-Мария 🌸 O'Neil  ") == "Анна-Мария 🌸 O'Neil"
    assert clean_name(None) == ""
    assert clean_name("\u202eevil\x00") == "evil"
