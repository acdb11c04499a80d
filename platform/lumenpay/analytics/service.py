"""Use cases of figures: what is stored of the days that are closed, and what happened since, computed on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lumenpay.analytics import repository
from lumenpay.analytics.errors import PeriodInvalidError
from lumenpay.analytics.facts import Facts, MoneyFact, PeopleFact
from lumenpay.analytics.figures import CodeFigures, Cohort, FunnelFigures, LifetimeValue, SourceFigures
from lumenpay.analytics.periods import (
    Period,
    choose_period,
    cut_to_today,
    day_of,
    decide_previous,
    find_period_problems,
    start_of,
)
from lumenpay.analytics.repository import Stretch
from lumenpay.analytics.rules import MoneyHistory, PeopleHistory, tell_cohorts, tell_funnel
from lumenpay.analytics.sources import tell_codes, tell_sources
from lumenpay.db.session import TenantSession
from lumenpay.tenants.repository import get_own_tenant

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days somebody wants to know of; nothing means the last thirty.

    Without `is_test` real money is meant, or test payments as long as nothing else was ever paid.
    """

    first_day: date | None = None
    last_day: date | None = None
    is_test: bool | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The days that are shown and those they are compared with, in the tenant's zone, and what happened unclosed."""

    period: Period
    previous: Period
    today: date
    time_zone: str
    is_test: bool
    has_other: bool
    """Whether there are figures of the other kind: of test payments beside real ones, or the other way round."""
    now: datetime
    fresh: Facts


@dataclass(frozen=True, slots=True)
class Histories:
    """Every day until now, of people and of each currency."""

    people: PeopleHistory
    money: list[MoneyHistory]


async def open_view(session: TenantSession, asked: Asked, *, now: datetime) -> View:
    """Return which days are asked for, with the facts of those that are not closed.

    Raises:
        PeriodInvalidError: The days make no period.
    """
    tenant = await get_own_tenant(session)
    # Until the days of another zone are added up anew, the figures stay those of the zone before.
    closed_on, closed_zone = tenant.analytics_closed_on, tenant.analytics_time_zone
    zone = closed_zone if closed_on is not None and closed_zone else tenant.time_zone
    today = day_of(now, zone)
    period = choose_period(asked.first_day, asked.last_day, today=today)
    problems = find_period_problems(period.first_day, period.last_day, today=today)
    if problems:
        raise PeriodInvalidError(fields=problems)
    is_test = await repository.has_only_test_money(session) if asked.is_test is None else asked.is_test
    fresh = await _compute_unclosed(session, closed_on, zone, now=now)
    other = fresh.get(not is_test, Facts())
    return View(
        period=cut_to_today(period, today=today),
        previous=decide_previous(period, today=today),
        today=today,
        time_zone=zone,
        is_test=is_test,
        has_other=bool(other.people) or await repository.has_people(session, is_test=not is_test),
        now=now,
        fresh=fresh.get(is_test, Facts()),
    )


async def _compute_unclosed(
    session: TenantSession, closed_on: date | None, zone: str, *, now: datetime
) -> dict[bool, Facts]:
    if closed_on is not None:
        first_day = closed_on + timedelta(days=1)
    else:
        began_at = await repository.find_first_moment(session)
        if began_at is None:
            return {}
        first_day = day_of(began_at, zone)
    return await repository.compute_facts(session, Stretch(zone, first_day, start_of(first_day, zone), now + _INSTANT))


async def load_histories(session: TenantSession, view: View) -> Histories:
    """Return every day until now."""
    people = await repository.load_people(session, is_test=view.is_test)
    money = await repository.load_money(session, is_test=view.is_test)
    return Histories(
        PeopleHistory.of([*people, *view.fresh.people]), MoneyHistory.by_currency([*money, *view.fresh.money])
    )


async def value_payers(session: TenantSession, view: View) -> list[LifetimeValue]:
    """Return what a payer brings, for each currency."""
    return [history.value_payer(view.period) for history in (await load_histories(session, view)).money]


async def load_cohorts(session: TenantSession, view: View, *, months: int) -> list[Cohort]:
    """Return the cohorts of the last months."""
    people: list[PeopleFact] = await repository.load_people(session, is_test=view.is_test, by_cohort=True)
    money: list[MoneyFact] = await repository.load_money(session, is_test=view.is_test, by_cohort=True)
    return tell_cohorts([*people, *view.fresh.people], [*money, *view.fresh.money], today=view.today, months=months)


async def load_funnels(session: TenantSession, view: View) -> tuple[FunnelFigures, FunnelFigures]:
    """Return how far those got who started within the period, and within the one before."""
    earliest, latest = min(view.previous.first_day, view.period.first_day), view.period.last_day
    stored = await repository.load_funnel(session, is_test=view.is_test, first_day=earliest, last_day=latest)
    facts = [*stored, *view.fresh.funnel]
    return tell_funnel(facts, view.period), tell_funnel(facts, view.previous)


async def load_sources(session: TenantSession, view: View) -> tuple[list[SourceFigures], list[CodeFigures]]:
    """Return what each source and each promo code brought within the period."""
    stored = await repository.load_sources(
        session, is_test=view.is_test, first_day=view.period.first_day, last_day=view.period.last_day
    )
    facts = [*stored, *(fact for fact in view.fresh.sources if view.period.has(fact.day))]
    names = await repository.load_code_names(session, {fact.promo_code_id for fact in facts})
    return tell_sources(facts), tell_codes(facts, names)
