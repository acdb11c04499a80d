"""The mark of an offer on a button: short enough, and different when the offer is."""

from __future__ import annotations

from uuid import UUID

from lumenpay.messages.callbacks import pay
from lumenpay.models.plans import PeriodUnit, Plan
from lumenpay.promo_codes.rules import PriceQuote, tag_offer

LONGEST_PRICE = 10**12


def plan(**values: object) -> Plan:
    terms = {"price_minor": 99_000, "currency": "RUB", "period_unit": PeriodUnit.DAY, "period_count": 30} | values
    return Plan(**terms)


def test_the_button_holds_within_the_64_bytes_that_telegram_takes() -> None:
    longest = pay(UUID(int=2**128 - 1), tag_offer(plan(price_minor=LONGEST_PRICE), PriceQuote(LONGEST_PRICE, 9_999)))
    assert len(longest.encode()) <= 64


def test_every_term_that_differs_shows_and_the_same_offer_looks_the_same() -> None:
    offers = [
        (plan(), None), (plan(price_minor=1), None), (plan(currency="USD"), None), (plan(period_count=7), None),
        (plan(period_unit=PeriodUnit.MONTH), None), (plan(), PriceQuote(49_500, 0)), (plan(), PriceQuote(99_000, 7)),
    ]  # fmt: skip
    assert len({tag_offer(*offer) for offer in offers}) == len(offers)
    assert tag_offer(plan(), None) == tag_offer(plan(), PriceQuote(99_000, 0))
