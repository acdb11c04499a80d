"""Money: whole minor units with their currency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.kit.money import MAX_AMOUNT_MINOR, InvalidMoneyError, Money, minor_digits

CURRENCIES = st.sampled_from(["RUB", "USD", "EUR", "KZT", "JPY", "KWD", "XTR"])


@given(amount=st.integers(-MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR), currency=CURRENCIES)
def test_what_is_written_for_a_gateway_is_read_back_exactly_d18(amount, currency):
    money = Money(amount, currency)
    assert Money.from_decimal_text(money.to_decimal_text(), currency) == money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("990.00", "RUB", 99_000),
        ("990", "RUB", 99_000),
        ("0.01", "RUB", 1),
        ("100", "JPY", 100),
        ("1.234", "KWD", 1234),
    ],
)
def test_a_gateways_text_is_this_sum(text, currency, amount):
    assert Money.from_decimal_text(text, currency).amount_minor == amount


@pytest.mark.parametrize("text", ["", "x", "9.999", "NaN", "Infinity", "1e400", "1,5", "1e99999999"])
def test_what_is_no_sum_is_refused_d18(text):
    with pytest.raises(InvalidMoneyError):
        Money.from_decimal_text(text, "RUB")


@pytest.mark.parametrize(
    ("amount", "currency"), [(MAX_AMOUNT_MINOR + 1, "RUB"), (1, "rub"), (1, "РУБ"), (1, "RU"), (True, "RUB")]
)
def test_a_sum_out_of_range_or_without_a_currency_is_refused_d18(amount, currency):
    with pytest.raises(InvalidMoneyError):
        Money(amount, currency)


def test_a_person_reads_the_fraction_only_where_there_is_one():
    assert Money(99_000, "RUB").format("ru") == "990\xa0₽"
    assert Money(99_050, "RUB").format("ru") == "990,50\xa0₽"
    assert minor_digits("XTR") == 0


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "words"),
    [
        (99_050, "RUB", "en", "₽990.50"), (123_456_700, "RUB", "en", "₽1,234,567"), (-1_000, "USD", "en", "-$10"),
        (99_050, "BYN", "en", "BYN 990.50"), (990, "JPY", "en", "¥990"), (99_050, "RUB", "ru", "990,50 ₽"),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_in_the_portal(amount: int, currency: str, locale: str, words: str) -> None:
    assert Money(amount, currency).format(locale).replace("\xa0", " ") == words
