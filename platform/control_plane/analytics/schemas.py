"""Shapes of figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from control_plane.schemas import Moment, Output
from lumenpay.analytics.figures import SourceKind
from lumenpay.analytics.periods import Bucket, Period
from lumenpay.analytics.service import Asked, View
from lumenpay.models.promo_codes import PersonalKind

FirstDay = Annotated[date | None, Query(description="First local day; without it, thirty days up to the last.")]
LastDay = Annotated[date | None, Query(description="Last local day, included; without it, today.")]
IsTest = Annotated[
    bool | None,
    Query(
        description="Figures of test payments, or of real money. Without it, of real money; of test payments as "
        "long as nothing else was ever paid."
    ),
]
BucketIn = Annotated[Bucket, Query(description="How fine the series is; weeks begin on Monday.")]


def read_asked(first_day: FirstDay = None, last_day: LastDay = None, is_test: IsTest = None) -> Asked:
    """Return which days are asked for."""
    return Asked(first_day, last_day, is_test)


class PeriodOut(Output):
    """Local days, both ends included."""

    first_day: date
    last_day: date


class ViewOut(Output):
    """Which days are shown and compared with, in whose zone, and when they were computed.

    `has_other` tells whether there are figures of the other kind too: of test payments, or of real ones.
    """

    period: PeriodOut
    previous: PeriodOut
    time_zone: str
    is_test: bool
    has_other: bool
    updated_at: Moment


class ListLinkOut(Output):
    """The list that a card leads to: an operation of this API, and its query."""

    operation_id: str
    query: dict[str, str]


class MoneyCardOut(Output):
    """A sum in one currency, and what it was in the period before; the change is in percent.

    Of revenue, refunds are taken off already; `refunded_minor` tells how much went back.
    """

    currency: str
    amount_minor: int
    previous_minor: int
    change_percent: float | None
    refunded_minor: int


class CountCardOut(Output):
    """A number, and what it was in the period before; the change is in percent."""

    count: int
    previous: int
    change_percent: float | None
    list: ListLinkOut


class MoneyCardsOut(Output):
    """The same figure in each currency."""

    amounts: list[MoneyCardOut]
    list: ListLinkOut


class RateOut(Output):
    """A share between 0 and 1; nothing where there was nobody."""

    rate: float | None
    previous: float | None


class MoneyPointOut(Output):
    """One bucket of one currency; refunds are taken off the revenue."""

    currency: str
    revenue_minor: int
    refunded_minor: int
    mrr_minor: int


class PointOut(Output):
    """One bucket: revenue, new and churned happened in it, MRR and active are as at its end."""

    first_day: date
    last_day: date
    active: int
    new: int
    returned: int
    churned: int
    money: list[MoneyPointOut]


class DashboardOut(ViewOut):
    """The five cards and the series behind them."""

    bucket: Bucket
    revenue: MoneyCardsOut
    mrr: MoneyCardsOut
    active: CountCardOut
    new: CountCardOut
    churned: CountCardOut
    churn_rate: RateOut
    series: list[PointOut]


class MrrStepOut(Output):
    """How the monthly recurring revenue moved: what is at the start plus the five parts is what is at the end."""

    first_day: date
    last_day: date
    mrr_at_start_minor: int
    new_minor: int
    expansion_minor: int
    contraction_minor: int
    churned_minor: int
    reactivated_minor: int
    mrr_minor: int
    paying_at_start: int
    paying: int


class MrrCurrencyOut(Output):
    """The movement in one currency: of the whole period, of the one before, and of each bucket."""

    currency: str
    whole: MrrStepOut
    previous: MrrStepOut
    series: list[MrrStepOut]


class MrrOut(ViewOut):
    """The movement of the monthly recurring revenue."""

    bucket: Bucket
    currencies: list[MrrCurrencyOut]


class ChurnStepOut(Output):
    """Who lost access, and why."""

    first_day: date
    last_day: date
    active_at_start: int
    active: int
    churned: int
    churned_voluntary: int
    churned_failed_payment: int
    churned_not_renewed: int
    churn_rate: float | None


class ChurnOut(ViewOut):
    """Churn of the period, of the one before, and of each bucket."""

    bucket: Bucket
    whole: ChurnStepOut
    before: ChurnStepOut
    series: list[ChurnStepOut]


class LifetimeValueOut(Output):
    """What a payer brings in one currency: so far, and as expected by the pace of the period."""

    currency: str
    payers: int
    revenue_minor: int
    refunded_minor: int
    payments: int
    revenue_per_payer_minor: int | None
    mrr_per_payer_minor: int | None
    monthly_churn_rate: float | None
    lifetime_months: float | None
    lifetime_value_minor: int | None


class LtvOut(ViewOut):
    """Lifetime value in each currency."""

    currencies: list[LifetimeValueOut]


class CohortMonthOut(Output):
    """Month `number` of a cohort; `rate` is the share of its people who have access at the end of it, or now."""

    month: date
    number: int
    people: int
    rate: float


class CohortMoneyOut(Output):
    """Revenue of a cohort in each of its months, in one currency."""

    currency: str
    revenue_minor: list[int]


class CohortOut(Output):
    """People whose first payment was in the month that begins at `cohort`."""

    cohort: date
    size: int
    months: list[CohortMonthOut]
    money: list[CohortMoneyOut]


class CohortsOut(ViewOut):
    """Cohorts, the latest first."""

    cohorts: list[CohortOut]


class FunnelStepOut(Output):
    """One step: how many reached it, which share of those who started, and of those of the step before."""

    step: str
    people: int
    of_started: float | None
    of_step_before: float | None
    previous_people: int


class FunnelOut(ViewOut):
    """How far those got, until now, who started the bot within the period."""

    steps: list[FunnelStepOut]


class SourceOut(Output):
    """What people of one source paid in one currency; `source` is the payload of their first /start."""

    kind: SourceKind
    source: str
    currency: str
    revenue_minor: int
    refunded_minor: int
    payments: int
    first_payers: int


class CodeOut(Output):
    """What was paid with one promo code, or with all personal ones of a kind, or without any, in one currency."""

    promo_code_id: UUID | None
    code: str | None
    personal: PersonalKind | None
    currency: str
    revenue_minor: int
    refunded_minor: int
    payments: int
    first_payers: int


class SourcesOut(ViewOut):
    """Revenue by where people came from, and by promo code."""

    sources: list[SourceOut]
    promo_codes: list[CodeOut]


def view_fields(view: View) -> dict[str, Any]:
    """Return the fields that every figure comes with."""
    return {
        "period": period_out(view.period), "previous": period_out(view.previous), "time_zone": view.time_zone,
        "is_test": view.is_test, "has_other": view.has_other, "updated_at": view.now,
    }  # fmt: skip


def period_out(period: Period) -> PeriodOut:
    """Return days as clients see them."""
    return PeriodOut(first_day=period.first_day, last_day=period.last_day)
