"""The mark of a quote that a button carries back: as of when it was made, and what it said."""

from __future__ import annotations

from datetime import UTC, datetime
from zlib import crc32

from lumenpay.models.plans import Plan
from lumenpay.subscriptions.change_rules import ChangeQuote

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOMENT_LENGTH = 6
_SHORTEST = 7


def tag_change(plan: Plan, quote: ChangeQuote, *, at: datetime) -> str:
    """Return the mark of a quote, 13 bytes at most."""
    terms = (
        f"{quote.amount_minor} {quote.credit_minor} {quote.turned} {plan.price_minor} {plan.currency} "
        f"{plan.period_unit} {plan.period_count} {plan.fixed_end_at}"
    )
    return _write(int(at.timestamp())).rjust(_MOMENT_LENGTH, "0") + _write(crc32(terms.encode()))


def read_moment(tag: str) -> datetime | None:
    """Return as of when a quote was made, by its mark; nothing where it is none."""
    if len(tag) < _SHORTEST or not all(letter in _DIGITS for letter in tag):
        return None
    return datetime.fromtimestamp(int(tag[:_MOMENT_LENGTH], 36), UTC)


def _write(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
