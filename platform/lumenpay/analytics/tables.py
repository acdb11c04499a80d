"""Figures as CSV: a table each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from lumenpay.analytics import service
from lumenpay.analytics.figures import CodeFigures, Cohort, LifetimeValue, SourceFigures
from lumenpay.analytics.periods import Bucket, split
from lumenpay.analytics.service import Histories, View
from lumenpay.db.session import TenantSession
from lumenpay.kit.money import minor_digits
from lumenpay.tenants.repository import get_own_tenant

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the text for another alphabet."""
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = object
Rows = list[Sequence[Cell]]


class Table(StrEnum):
    """What can be taken along."""

    DASHBOARD = "dashboard"
    MRR = "mrr"
    CHURN = "churn"
    LTV = "ltv"
    COHORTS = "cohorts"
    FUNNEL = "funnel"
    SOURCES = "sources"
    PROMO_CODES = "promo_codes"


async def write_table(session: TenantSession, view: View, *, table: Table, bucket: Bucket, months: int) -> str:
    """Return a table of the period as CSV, in the manner of the tenant's language."""
    is_russian = (await get_own_tenant(session)).locale == "ru"
    rows = await _load_rows(session, view, table=table, bucket=bucket, months=months)
    return write_csv(rows, is_russian=is_russian)


async def _load_rows(session: TenantSession, view: View, *, table: Table, bucket: Bucket, months: int) -> Rows:
    if table in _SERIES:
        return _SERIES[table](await service.load_histories(session, view), view, bucket)
    if table is Table.LTV:
        return _ltv(await service.value_payers(session, view))
    if table is Table.COHORTS:
        return _cohorts(await service.load_cohorts(session, view, months=months))
    if table is Table.FUNNEL:
        steps = ("started", "saw_plan", "checked_out", "paid", "joined")
        funnels = await service.load_funnels(session, view)
        return [("first_day", "last_day", *steps)] + [
            (one.first_day, one.last_day, *(getattr(one, step) for step in steps)) for one in funnels
        ]
    sources, codes = await service.load_sources(session, view)
    names = ("currency", "revenue", "refunded", "payments", "first_payers")
    if table is Table.SOURCES:
        return [("kind", "source", *names)] + [(row.kind.value, row.source, *_paid(row)) for row in sources]
    return [("promo_code", *names)] + [(_name_code(row), *_paid(row)) for row in codes]


def _name_code(row: CodeFigures) -> str:
    return f"personal:{row.personal}" if row.personal else row.code or ""


def _paid(row: SourceFigures | CodeFigures) -> tuple[Cell, ...]:
    sums = (_money(value, row.currency) for value in (row.revenue_minor, row.refunded_minor))
    return (row.currency, *sums, row.payments, row.first_payers)


def _dashboard(histories: Histories, view: View, bucket: Bucket) -> Rows:
    codes = [money.currency for money in histories.money]
    head = [f"{name}_{code}" for code in codes for name in ("revenue", "refunded", "mrr")]
    rows: Rows = [("first_day", "last_day", "active", "new", "returned", "churned", *head)]
    for part in split(view.period, bucket):
        people = histories.people.tell(part)
        told = [money.tell(part) for money in histories.money]
        sums = [
            _money(value, one.currency)
            for one in told
            for value in (one.revenue_minor, one.refunded_minor, one.mrr_minor)
        ]
        rows.append((part.first_day, part.last_day, people.active, people.new, people.returned, people.churned, *sums))
    return rows


def _mrr(histories: Histories, view: View, bucket: Bucket) -> Rows:
    names = ("mrr_at_start", "new", "expansion", "contraction", "churned", "reactivated", "mrr")
    rows: Rows = [("currency", "first_day", "last_day", *names, "paying")]
    for money in histories.money:
        for part in split(view.period, bucket):
            told = money.tell(part)
            sums = [_money(getattr(told, f"{name}_minor"), money.currency) for name in names]
            rows.append((money.currency, part.first_day, part.last_day, *sums, told.paying))
    return rows


def _churn(histories: Histories, view: View, bucket: Bucket) -> Rows:
    names = (
        "active_at_start", "active", "churned", "churned_voluntary", "churned_failed_payment", "churned_not_renewed",
        "churn_rate",
    )  # fmt: skip
    told = [histories.people.tell(part) for part in split(view.period, bucket)]
    return [("first_day", "last_day", *names)] + [
        (one.first_day, one.last_day, *(getattr(one, name) for name in names)) for one in told
    ]


_SERIES: dict[Table, Callable[[Histories, View, Bucket], Rows]] = {
    Table.DASHBOARD: _dashboard, Table.MRR: _mrr, Table.CHURN: _churn,
}  # fmt: skip


def _ltv(values: Iterable[LifetimeValue]) -> Rows:
    head = ("payers", "payments", "monthly_churn_rate", "lifetime_months")
    sums = ("revenue", "refunded", "revenue_per_payer", "mrr_per_payer", "lifetime_value")
    return [("currency", *head, *sums)] + [
        (
            one.currency, *(getattr(one, name) for name in head),
            *(_money(getattr(one, f"{name}_minor"), one.currency) for name in sums),
        )
        for one in values
    ]  # fmt: skip


def _cohorts(cohorts: Iterable[Cohort]) -> Rows:
    return [("cohort", "size", "month", "number", "people", "rate")] + [
        (one.cohort, one.size, month.month, month.number, month.people, month.rate)
        for one in cohorts
        for month in one.months
    ]


def _money(amount_minor: int | None, currency: str) -> Decimal | None:
    return None if amount_minor is None else Decimal(amount_minor).scaleb(-minor_digits(currency))


def write_csv(rows: Rows, *, is_russian: bool) -> str:
    """Return rows as CSV; a text that a spreadsheet would take for a formula is made a text by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if is_russian else ",")
    writer.writerows([[_cell(value, is_russian=is_russian) for value in row] for row in rows])
    return _BYTE_ORDER_MARK + out.getvalue()


def _cell(value: Cell, *, is_russian: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        return text.replace(".", ",") if is_russian else text
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_STARTS_FORMULA) else text
