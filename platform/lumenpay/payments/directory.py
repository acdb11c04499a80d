"""The list of payments: what narrows it, what a row shows beside the order, and sums over the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    DateTime,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    func,
    literal,
    literal_column,
    not_,
    select,
    union_all,
)

from lumenpay.db.counting import count_cap, count_exactly, find_page
from lumenpay.db.narrowing import ANY_TIME, Span, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.analytics import MoneyDay
from lumenpay.models.fiscal_receipts import ReceiptState
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User
from lumenpay.payments.searching import search_numbers, search_payments, select_first


class PaymentSort(StrEnum):
    """Order of the list, by the moment when the order was made."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class PaymentFilters:
    """Which payments a list shows; an empty field does not filter.

    `search` is the beginning of the gateway's id of the payment, as it stands on the payer's receipt, or our own id, or
    what a search of subscribers finds the payer by: a part of a name, an @name or a Telegram id.
    """

    status: PaymentStatus | None = None
    delivery_states: tuple[DeliveryState, ...] = ()
    provider: str | None = None
    method: str | None = None
    user_id: UUID | None = None
    plan_id: UUID | None = None
    bot_id: UUID | None = None
    promo_code_id: UUID | None = None
    is_test: bool | None = None
    receipt_state: ReceiptState | None = None
    search: str | None = None
    created: Span = ANY_TIME
    settled: Span = ANY_TIME


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as the list shows it."""

    payment: Payment
    user: User
    plan_title: str


@dataclass(frozen=True, slots=True)
class PaymentSum:
    """How much was paid in one currency, of real money or in test payments."""

    currency: str
    is_test: bool
    count: int
    amount_minor: int


_LISTED = (Payment.created_at, Payment.id)
_EQUAL = ("status", "provider", "method", "user_id", "plan_id", "bot_id", "promo_code_id")


async def list_payments(
    session: TenantSession, filters: PaymentFilters, page: PageRequest, *, sort: PaymentSort = PaymentSort.NEWEST
) -> CountedPage[PaymentRow]:
    """Return payments; where very many people have the text that is searched for, those of the newest people.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where, is_falling = _narrow(session, filters), sort is PaymentSort.NEWEST
    cap = count_cap(is_narrowed=filters != PaymentFilters())
    search = await search_payments(session, filters.search or "", is_whole=False)
    if search is None:
        query, order = select(Payment.id).where(*where), _order(*_LISTED, is_falling=is_falling)
    else:
        first = select_first(where, search, order=_order(*_LISTED, is_falling=is_falling), cap=cap)
        query, order = select(first.c.id), _order(first.c.created_at, first.c.id, is_falling=is_falling)
    found = await find_page(session, query, page, order=order, cap=cap)
    is_exact = found.is_total_exact and not (search is not None and search.is_cut)
    return CountedPage(await _load_rows(session, found.items), found.total, is_exact)


async def list_after(
    session: TenantSession, filters: PaymentFilters, *, after: UUID | None, limit: int
) -> list[PaymentRow]:
    """Return the payments that follow one, in the order of their ids."""
    where = await _find_whole(session, filters)
    query = select(Payment.id).where(*where).order_by(Payment.id).limit(limit)
    if after is not None:
        query = query.where(Payment.id > after)
    return await _load_rows(session, list((await session.execute(query)).scalars()))


async def find_rows(session: TenantSession, filters: PaymentFilters, *, limit: int) -> list[PaymentRow]:
    """Return the newest payments that the filters leave, a few at most, without counting the rest.

    The text is looked for in numbers only: people are found beside them.
    """
    search = search_numbers(filters.search or "")
    where = [*_narrow(session, filters), *([search.either()] if search is not None else [])]
    query = select(Payment.id).where(*where).order_by(*_order(*_LISTED, is_falling=True)).limit(limit)
    return await _load_rows(session, list((await session.execute(query)).scalars()))


async def count_all(session: TenantSession, filters: PaymentFilters) -> int:
    """Return how many payments there are, however long it takes."""
    return await count_exactly(session, select(Payment.id).where(*await _find_whole(session, filters)))


async def read_row(session: TenantSession, payment: Payment) -> PaymentRow:
    """Return a payment as the list shows it."""
    return (await _load_rows(session, [payment.id]))[0]


async def sum_payments(session: TenantSession, filters: PaymentFilters) -> list[PaymentSum]:
    """Return how much the payments of the list that succeeded come to, by currency, real money before test."""
    paid: Select[*tuple[Any, ...]] = select(
        Payment.currency, Payment.is_test, literal(1).label("count"), Payment.amount_minor.label("amount_minor")
    ).where(*_narrow(session, filters), Payment.status == PaymentStatus.SUCCEEDED, Payment.amount_minor > 0)
    search = await search_payments(session, filters.search or "", is_whole=True)
    parts = union_all(*[paid.where(way) for way in search.apart()] if search is not None else [paid]).subquery()
    if replace(filters, is_test=None) == PaymentFilters():
        parts = (await _add_closed_days(session, paid, is_test=filters.is_test)).subquery()
    count, amount = func.sum(parts.c.count), func.sum(parts.c.amount_minor)
    kinds = (parts.c.is_test, parts.c.currency)
    rows = await session.execute(
        select(parts.c.currency, parts.c.is_test, count, amount).group_by(*kinds).having(count > 0).order_by(*kinds)
    )
    return [PaymentSum(row[0], row[1], int(row[2]), int(row[3])) for row in rows]


async def _add_closed_days(
    session: TenantSession, paid: Select[*tuple[Any, ...]], *, is_test: bool | None
) -> CompoundSelect[Any]:
    """Return the sums of the days that are added up already, and the payments since.

    Nothing changes them any more: a payment that succeeded stays so, and it is settled on the day when it does.
    """
    # Asked first: a moment that the planner knows is worth an index, one that it will learn is not.
    query = select(
        Tenant.analytics_closed_on,
        func.timezone(Tenant.analytics_time_zone, cast(Tenant.analytics_closed_on + 1, DateTime())),
    ).where(Tenant.id == session.tenant_id)
    closed_on, closed_until = (await session.execute(query)).one()
    if closed_until is None:
        return union_all(paid)
    closed = select(MoneyDay.currency, MoneyDay.is_test, MoneyDay.payments, MoneyDay.revenue_minor).where(
        MoneyDay.tenant_id == session.tenant_id, *equal({MoneyDay.is_test: is_test}), MoneyDay.day <= closed_on
    )
    return union_all(paid.where(Payment.settled_at >= closed_until), closed)


def _order(*columns: SQLColumnExpression[Any], is_falling: bool) -> list[Any]:
    return [column.desc() if is_falling else column.asc() for column in columns]


async def _find_whole(session: TenantSession, filters: PaymentFilters) -> list[ColumnElement[bool]]:
    search = await search_payments(session, filters.search or "", is_whole=True)
    return [*_narrow(session, filters), *([search.either()] if search is not None else [])]


def _narrow(session: TenantSession, filters: PaymentFilters) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        Payment.tenant_id == session.tenant_id,
        *equal({getattr(Payment, name): getattr(filters, name) for name in _EQUAL}),
        *within(Payment.created_at, filters.created),
        *within(Payment.settled_at, filters.settled),
    ]
    if filters.receipt_state is not None:
        # As a word of the statement: the index of what waits or failed is partial.
        where.append(Payment.receipt_state == literal_column(f"'{ReceiptState(filters.receipt_state).value}'"))
    if filters.is_test is not None:
        # Said in the statement itself, so that the index of test payments alone is used.
        where.append(and_(Payment.is_test) if filters.is_test else not_(Payment.is_test))
    if filters.delivery_states:
        where.append(Payment.delivery_state.in_(filters.delivery_states))
    return where


async def _load_rows(session: TenantSession, payment_ids: Sequence[UUID]) -> list[PaymentRow]:
    query = (
        select(Payment, User, Plan.title)
        .join(User, and_(User.tenant_id == Payment.tenant_id, User.id == Payment.user_id))
        .join(Plan, and_(Plan.tenant_id == Payment.tenant_id, Plan.id == Payment.plan_id))
        .where(Payment.tenant_id == session.tenant_id, Payment.id.in_(payment_ids))
    )
    found: dict[UUID, PaymentRow] = {
        row[0].id: PaymentRow(row[0], row[1], row[2]) for row in await session.execute(query)
    }
    return [found[payment_id] for payment_id in payment_ids if payment_id in found]
