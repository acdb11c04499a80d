"""Money as integer minor units that never travel without their currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

MAX_AMOUNT_MINOR = 10**15
"""Upper bound of one sum: far above any price, far below the range of a 64-bit column."""

_NARROW: Final = {"RUB": "₽", "KZT": "₸", "UAH": "₴", "GEL": "₾", "AMD": "֏"}
_NBSP: Final = "\xa0"
"""Signs that English writes out as codes, though browsers show them."""


class InvalidMoneyError(ValueError):
    """The text or number is not a sum of money in this currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in integer minor units (kopecks, cents) of one ISO 4217 currency.

    Raises:
        InvalidMoneyError: The currency is not three capital letters, or the sum is out of range.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse what can only be a mistake."""
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):  # noqa: PLR2004 - ISO 4217
            msg = "a currency is three capital letters"
            raise InvalidMoneyError(msg)
        if isinstance(self.amount_minor, bool) or abs(self.amount_minor) > MAX_AMOUNT_MINOR:
            msg = "the sum is out of range"
            raise InvalidMoneyError(msg)

    @classmethod
    def from_decimal_text(cls, value: str, currency: str) -> Money:
        """Read what gateways write: `"990.00"` and `"RUB"` become 99,000 kopecks.

        Raises:
            InvalidMoneyError: Not a number, or finer than the currency's minor unit.
        """
        try:
            scaled = Decimal(value).scaleb(minor_digits(currency))
            whole = int(scaled)
        except (ArithmeticError, ValueError) as error:
            msg = "not a sum of money"
            raise InvalidMoneyError(msg) from error
        if scaled != whole:
            msg = "finer than the currency's minor unit"
            raise InvalidMoneyError(msg)
        return cls(whole, currency)

    def to_decimal_text(self) -> str:
        """Write what gateways read: 99,000 kopecks become `"990.00"`."""
        digits = minor_digits(self.currency)
        return f"{Decimal(self.amount_minor).scaleb(-digits):.{digits}f}"

    def format(self, locale: str) -> str:
        """Write the sum for a person: `990 ₽`, in English `₽990`; the fraction is left out when it is zero.

        No line ends inside it: every space is one that does not break.
        """
        digits = minor_digits(self.currency)
        amount = Decimal(self.amount_minor).scaleb(-digits)
        is_whole = amount == amount.to_integral_value()
        if self.currency == "XTR":
            # Nobody's formatter knows it; the sign follows the number in every language, as in the portal.
            number = f"{amount:,}"
            return f"{number if locale == 'en' else number.replace(',', _NBSP)}{_NBSP}★"
        fraction = "" if is_whole or not digits else "." + "0" * digits
        if locale == "en":
            return _as_english(f"{abs(amount):,.{0 if is_whole else digits}f}", self.currency, is_debt=amount < 0)
        try:
            return format_currency(
                amount, self.currency, locale=locale, format=f"#,##0{fraction}{_NBSP}¤", currency_digits=False
            )
        except UnknownLocaleError:
            return f"{self.to_decimal_text()}{_NBSP}{self.currency}"


def _as_english(number: str, currency: str, *, is_debt: bool) -> str:
    """Write a sum as the portal does, `₽990.50`; a currency without a sign of its own stays a word, `BYN 990.50`."""
    sign = _NARROW.get(currency) or get_currency_symbol(currency, "en")
    gap = _NBSP if sign == currency else ""
    return f"{'-' if is_debt else ''}{sign}{gap}{number}"


def minor_digits(currency: str) -> int:
    """Return how many decimal digits the currency's minor unit has: 2 for RUB, 0 for JPY and XTR."""
    return 0 if currency == "XTR" else get_currency_precision(currency)
