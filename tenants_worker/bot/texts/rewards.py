"""What the referral programme gives, in words."""

from __future__ import annotations

from typing import Final

from lumenpay.messages.formatting import format_period
from lumenpay.models.plans import PeriodUnit
from lumenpay.models.referrals import RewardKind

GIFT_FOR: Final[dict[str, dict[str, str]]] = {
    "ru": {"you": "• вам — {}", "friend": "• другу — {}"},
    "en": {"you": "• you get {}", "friend": "• your friend gets {}"},
}
_DAYS_NOW: Final = {"ru": "{} доступа", "en": "{} of access"}
_DAYS_NEXT: Final = {"ru": "{} к следующей покупке", "en": "{} on top of your next purchase"}
_DAYS_FIRST: Final = {"ru": "{} к первой покупке", "en": "{} on top of the first purchase"}
_PERCENT_NEXT: Final = {"ru": "скидка {} % на следующую оплату", "en": "{}% off your next payment"}
_PERCENT_FIRST: Final = {"ru": "скидка {} % на первую оплату", "en": "{}% off the first payment"}


def reward_words(kind: RewardKind, value: int, locale: str, *, is_waiting: bool = False) -> str:
    """Return what an inviter gets.

    Args:
        is_waiting: Days wait for the next purchase, because nothing runs that they could be added to.
    """
    if kind is RewardKind.PERCENT:
        return _PERCENT_NEXT[locale].format(value)
    days = format_period(PeriodUnit.DAY, value, locale=locale)
    return (_DAYS_NEXT if is_waiting else _DAYS_NOW)[locale].format(days)


def welcome_words(kind: RewardKind, value: int, locale: str) -> str:
    """Return what somebody gets who was invited."""
    if kind is RewardKind.PERCENT:
        return _PERCENT_FIRST[locale].format(value)
    return _DAYS_FIRST[locale].format(format_period(PeriodUnit.DAY, value, locale=locale))
