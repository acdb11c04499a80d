"""Pure rules of promo codes: when a code works and what it makes of a price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from lumenpay.models.plans import Plan
from lumenpay.models.promo_codes import DiscountKind


@dataclass(frozen=True, slots=True)
class PromoTerms:
    """What a code promises, and how much of it is used."""

    kind: DiscountKind
    value: int
    currency: str | None
    is_active: bool
    valid_from_at: datetime | None
    valid_until_at: datetime | None
    max_uses: int | None
    uses_count: int
    max_uses_per_user: int | None
    is_first_purchase_only: bool
    is_for_plan: bool


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """What a plan costs a person, in minor units of the plan's currency."""

    amount_minor: int
    extra_days: int


def normalize_code(text: str) -> str:
    """Return a code as it is stored: without spaces around it, in upper case."""
    return text.strip().upper()


def decide_refusal(
    terms: PromoTerms, *, currency: str, uses_by_user: int, has_bought_before: bool, now: datetime
) -> str:
    """Return why the code does not work, empty when it does."""
    checks = (
        ("inactive", not terms.is_active),
        ("not_started", terms.valid_from_at is not None and now < terms.valid_from_at),
        ("expired", terms.valid_until_at is not None and now >= terms.valid_until_at),
        ("wrong_plan", not terms.is_for_plan),
        ("wrong_currency", terms.kind is DiscountKind.AMOUNT and terms.currency != currency),
        ("first_purchase_only", terms.is_first_purchase_only and (has_bought_before or uses_by_user > 0)),
        ("used_up", terms.max_uses is not None and terms.uses_count >= terms.max_uses),
        ("used_by_you", terms.max_uses_per_user is not None and uses_by_user >= terms.max_uses_per_user),
    )
    return next((reason for reason, applies in checks if applies), "")


def apply_discount(terms: PromoTerms, *, price_minor: int) -> PriceQuote:
    """Return the price with the code; a percentage is rounded in favour of the buyer, to a whole minor unit."""
    if terms.kind is DiscountKind.EXTRA_DAYS:
        return PriceQuote(price_minor, terms.value)
    if terms.kind is DiscountKind.AMOUNT:
        return PriceQuote(max(0, price_minor - terms.value), 0)
    return PriceQuote(price_minor * (100 - min(terms.value, 100)) // 100, 0)


def tag_offer(plan: Plan, quote: PriceQuote | None, *, currency: str | None = None) -> str:
    """Return a short mark of what a plan costs and gives, to tell later whether that is still so (22 bytes at most).

    Args:
        currency: Of the quote, where it is not the plan's own.
    """
    amount_minor, extra_days = (plan.price_minor, 0) if quote is None else (quote.amount_minor, quote.extra_days)
    terms = f"{currency or plan.currency} {plan.period_unit} {plan.period_count} {extra_days}"
    if plan.fixed_end_at is not None:
        terms = f"{terms} {plan.fixed_end_at.isoformat()}"
    return f"{amount_minor}-{crc32(terms.encode()):08x}"
