"""Pure rules of figures: what the facts of single days make of a period, a series, a cohort and a lifetime."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from operator import attrgetter

from lumenpay.analytics.facts import FunnelFact, MoneyFact, PeopleFact
from lumenpay.analytics.figures import (
    Cohort,
    CohortMoney,
    CohortMonth,
    FunnelFigures,
    LifetimeValue,
    MoneyFigures,
    PeopleFigures,
)
from lumenpay.analytics.periods import Period, end_of_month, start_of_month

_MONTH_DAYS = 30


def rate_of(part: int, whole: int) -> float | None:
    """Return a share between 0 and 1 with four digits; nothing of nothing is no share."""
    return round(part / whole, 4) if whole else None


def percent_change(value: int, before: int) -> float | None:
    """Return by how many percent a figure grew; from nothing there is no telling."""
    return round((value - before) * 100 / before, 1) if before else None


@dataclass(frozen=True, slots=True)
class PeopleHistory:
    """All days of people in order, with the number of people who had access at the end of each."""

    facts: Sequence[PeopleFact]
    days: Sequence[date]
    levels: Sequence[int]

    @classmethod
    def of(cls, facts: Iterable[PeopleFact]) -> PeopleHistory:
        """Put facts in order."""
        ordered = sorted(facts, key=attrgetter("day"))
        return cls(ordered, [fact.day for fact in ordered], list(accumulate(fact.change for fact in ordered)))

    def tell(self, period: Period) -> PeopleFigures:
        """Return the figures of some days."""
        begin, end = bisect_left(self.days, period.first_day), bisect_right(self.days, period.last_day)
        inside = self.facts[begin:end]
        at_start, at_end = (self.levels[at - 1] if at else 0 for at in (begin, end))
        churned = sum(fact.churned for fact in inside)
        return PeopleFigures(
            first_day=period.first_day,
            last_day=period.last_day,
            active_at_start=at_start,
            active=at_end,
            new=sum(fact.began for fact in inside),
            returned=sum(fact.returned for fact in inside),
            churned=churned,
            churned_voluntary=sum(fact.churned_voluntary for fact in inside),
            churned_failed_payment=sum(fact.churned_failed_payment for fact in inside),
            churned_not_renewed=sum(fact.churned_not_renewed for fact in inside),
            churn_rate=rate_of(churned, at_start),
        )


@dataclass(frozen=True, slots=True)
class MoneyHistory:
    """All days of money of one currency in order, with what the monthly recurring revenue was at the end of each."""

    currency: str
    facts: Sequence[MoneyFact]
    days: Sequence[date]
    levels: Sequence[int]
    paying: Sequence[int]

    @classmethod
    def by_currency(cls, facts: Iterable[MoneyFact]) -> list[MoneyHistory]:
        """Put facts in order, each currency by itself."""
        apart: dict[str, list[MoneyFact]] = defaultdict(list)
        for fact in facts:
            apart[fact.currency].append(fact)
        return [cls._of(currency, apart[currency]) for currency in sorted(apart)]

    @classmethod
    def _of(cls, currency: str, facts: list[MoneyFact]) -> MoneyHistory:
        ordered = sorted(facts, key=attrgetter("day"))
        return cls(
            currency,
            ordered,
            [fact.day for fact in ordered],
            list(accumulate(fact.mrr_change_minor for fact in ordered)),
            list(accumulate(fact.mrr_people_gained - fact.mrr_people_lost for fact in ordered)),
        )

    def tell(self, period: Period) -> MoneyFigures:
        """Return the figures of some days."""
        begin, end = bisect_left(self.days, period.first_day), bisect_right(self.days, period.last_day)
        inside = self.facts[begin:end]
        return MoneyFigures(
            currency=self.currency,
            first_day=period.first_day,
            last_day=period.last_day,
            revenue_minor=sum(fact.net_minor for fact in inside),
            refunded_minor=sum(fact.refunded_minor for fact in inside),
            payments=sum(fact.payments for fact in inside),
            first_payers=sum(fact.first_payers for fact in inside),
            mrr_at_start_minor=self.levels[begin - 1] if begin else 0,
            new_minor=sum(fact.mrr_new_minor for fact in inside),
            expansion_minor=sum(fact.mrr_expansion_minor for fact in inside),
            contraction_minor=sum(fact.mrr_contraction_minor for fact in inside),
            churned_minor=sum(fact.mrr_churned_minor for fact in inside),
            reactivated_minor=sum(fact.mrr_reactivated_minor for fact in inside),
            mrr_minor=self.levels[end - 1] if end else 0,
            paying_at_start=self.paying[begin - 1] if begin else 0,
            paying=self.paying[end - 1] if end else 0,
            lost=sum(fact.mrr_people_lost for fact in inside),
        )

    def value_payer(self, period: Period) -> LifetimeValue:
        """Return what a payer brings: so far until the end of the period, and at the pace at which it lost them."""
        so_far, pace = self.tell(Period(date.min, period.last_day)), self.tell(period)
        monthly = None
        if pace.paying_at_start:
            monthly = pace.lost / pace.paying_at_start * _MONTH_DAYS / period.days
        each = round(so_far.mrr_minor / so_far.paying) if so_far.paying else None
        value = round(so_far.mrr_minor / so_far.paying / monthly) if monthly and so_far.paying else None
        return LifetimeValue(
            currency=self.currency,
            payers=so_far.first_payers,
            revenue_minor=so_far.revenue_minor,
            refunded_minor=so_far.refunded_minor,
            payments=so_far.payments,
            revenue_per_payer_minor=round(so_far.revenue_minor / so_far.first_payers) if so_far.first_payers else None,
            mrr_per_payer_minor=each,
            monthly_churn_rate=None if monthly is None else round(monthly, 4),
            lifetime_months=round(1 / monthly, 1) if monthly else None,
            lifetime_value_minor=value,
        )


def tell_cohorts(people: Iterable[PeopleFact], money: Iterable[MoneyFact], *, today: date, months: int) -> list[Cohort]:
    """Return the cohorts of the last months, the latest first, each with every month until the present one."""
    changes: dict[date, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    sizes: dict[date, int] = defaultdict(int)
    for fact in people:
        sizes[fact.cohort] += fact.began
        changes[fact.cohort][start_of_month(fact.day)] += fact.change
    paid: dict[date, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for item in money:
        if item.revenue_minor or item.refunded_minor:
            paid[item.cohort][item.currency][start_of_month(item.day)] += item.net_minor
    earliest = start_of_month(today, months=1 - months)
    return [
        _tell_cohort(cohort, sizes[cohort], changes[cohort], paid[cohort], today=today)
        for cohort in sorted(sizes, reverse=True)
        if cohort >= earliest and sizes[cohort]
    ]


def _tell_cohort(
    cohort: date, size: int, changes: dict[date, int], paid: dict[str, dict[date, int]], *, today: date
) -> Cohort:
    months = [cohort]
    while end_of_month(months[-1]) < today:
        months.append(start_of_month(months[-1], months=1))
    levels = accumulate(changes.get(month, 0) for month in months)
    shown = [
        CohortMonth(month, number, people, round(people / size, 4))
        for number, (month, people) in enumerate(zip(months, levels, strict=True))
    ]
    money = [CohortMoney(code, [paid[code].get(month, 0) for month in months]) for code in sorted(paid)]
    return Cohort(cohort, size, shown, money)


def tell_funnel(facts: Iterable[FunnelFact], period: Period) -> FunnelFigures:
    """Return how far those got who started within some days."""
    names = ("started", "saw_plan", "checked_out", "paid", "joined")
    inside = [fact for fact in facts if period.has(fact.started_on)]
    return FunnelFigures(
        period.first_day, period.last_day, *(sum(getattr(fact, name) for fact in inside) for name in names)
    )
