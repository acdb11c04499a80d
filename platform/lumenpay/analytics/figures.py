"""What is told of a period, as plain values. Sums of money stand in a row of their own for each currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from lumenpay.models.promo_codes import PersonalKind


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """People with access, at the ends of some days and between them."""

    first_day: date
    last_day: date
    active_at_start: int
    active: int
    new: int
    returned: int
    churned: int
    churned_voluntary: int
    churned_failed_payment: int
    churned_not_renewed: int
    churn_rate: float | None


@dataclass(frozen=True, slots=True)
class MoneyFigures:
    """What some days brought in one currency, and how they moved the monthly recurring revenue."""

    currency: str
    first_day: date
    last_day: date
    revenue_minor: int
    """What was paid less what went back."""
    refunded_minor: int
    payments: int
    first_payers: int
    mrr_at_start_minor: int
    new_minor: int
    expansion_minor: int
    contraction_minor: int
    churned_minor: int
    reactivated_minor: int
    mrr_minor: int
    paying_at_start: int
    paying: int
    lost: int


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """What a payer brings in one currency: so far, and by the pace of the period."""

    currency: str
    payers: int
    revenue_minor: int
    """What was paid less what went back."""
    refunded_minor: int
    payments: int
    revenue_per_payer_minor: int | None
    mrr_per_payer_minor: int | None
    monthly_churn_rate: float | None
    lifetime_months: float | None
    lifetime_value_minor: int | None


@dataclass(frozen=True, slots=True)
class CohortMonth:
    """How many of a cohort have access at the end of a month, or now."""

    month: date
    number: int
    people: int
    rate: float


@dataclass(frozen=True, slots=True)
class CohortMoney:
    """What a cohort paid in each month, in one currency; the months are those of the cohort."""

    currency: str
    revenue_minor: list[int]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The people whose first payment was in one month."""

    cohort: date
    size: int
    months: list[CohortMonth]
    money: list[CohortMoney]


@dataclass(frozen=True, slots=True)
class FunnelFigures:
    """How far the people got who started the bot within some days."""

    first_day: date
    last_day: date
    started: int
    saw_plan: int
    checked_out: int
    paid: int
    joined: int


class SourceKind(StrEnum):
    """What brought a person to the bot."""

    DIRECT = "direct"
    PLAN_LINK = "plan_link"
    PROMO_LINK = "promo_link"
    CAMPAIGN = "campaign"
    INVITATION = "invitation"
    """Somebody's own link of the referral programme."""
    CLAIM = "claim"
    """A claim link of an import."""
    IMPORT = "import"
    """No link: an imported list."""
    GIFT = "gift"
    ACCESS_CODE = "access_code"
    """The code of a hidden plan."""
    REST = "rest"
    """Everything beyond the longest list that is shown."""


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What people of one source paid in one currency."""

    kind: SourceKind
    source: str
    currency: str
    revenue_minor: int
    """What was paid less what went back."""
    refunded_minor: int
    payments: int
    first_payers: int


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """What was paid with one promo code, or with all personal ones of a kind, or without any, in one currency."""

    promo_code_id: UUID | None
    code: str | None
    personal: PersonalKind | None
    currency: str
    revenue_minor: int
    """What was paid less what went back."""
    refunded_minor: int
    payments: int
    first_payers: int
