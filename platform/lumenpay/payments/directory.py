"""The list of payments: what narrows it, what a row shows beside the order, and sums over the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from lumenpay.db.counting import count_cap, count_exactly, find_page
from lumenpay.db.narrowing import ANY_TIME, Span, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COSTLY_COUNT_CAP, CountedPage, PageRequest
from lumenpay.models.analytics import MoneyDay
from lumenpay.models.payments import DeliveryState, Payment, PaymentStatus
from lumenpay.models.plans import Plan
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User
from lumenpay.users.narrowing import select_named


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


_EQUAL = ("status", "provider", "method", "user_id", "plan_id", "bot_id", "promo_code_id")


async def list_payments(
    session: TenantSession, filters: PaymentFilters, page: PageRequest, *, sort: PaymentSort = PaymentSort.NEWEST
) -> CountedPage[PaymentRow]:
    """Return payments; of payers with a common name, those of the newest of them.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    payers, is_cut = await _find_payers(session, filters)
    query = select(Payment.id).where(*_narrow(session, filters, payers))
    order = _order(is_falling=sort is PaymentSort.NEWEST)
    found = await find_page(session, query, page, order=order, cap=count_cap(is_narrowed=filters != PaymentFilters()))
    return CountedPage(await _load_rows(session, found.items), found.total, found.is_total_exact and not is_cut)


async def list_after(
    session: TenantSession, filters: PaymentFilters, *, after: UUID | None, limit: int
) -> list[PaymentRow]:
    """Return the payments that follow one, in the order of their ids."""
    narrowed = _narrow(session, filters, _all_payers(filters))
    query = select(Payment.id).where(*narrowed).order_by(Payment.id).limit(limit)
    if after is not None:
        query = query.where(Payment.id > after)
    return await _load_rows(session, list((await session.execute(query)).scalars()))


async def find_rows(session: TenantSession, filters: PaymentFilters, *, limit: int) -> list[PaymentRow]:
    """Return the newest payments that the filters leave, a few at most, without counting the rest.

    The text is looked for in their ids only: people are found beside them.
    """
    query = select(Payment.id).where(*_narrow(session, filters)).order_by(*_order(is_falling=True)).limit(limit)
    return await _load_rows(session, list((await session.execute(query)).scalars()))


async def count_all(session: TenantSession, filters: PaymentFilters) -> int:
    """Return how many payments there are, however long it takes."""
    narrowed = _narrow(session, filters, _all_payers(filters))
    return await count_exactly(session, select(Payment.id).where(*narrowed))


async def read_row(session: TenantSession, payment: Payment) -> PaymentRow:
    """Return a payment as the list shows it."""
    return (await _load_rows(session, [payment.id]))[0]


async def sum_payments(session: TenantSession, filters: PaymentFilters) -> list[PaymentSum]:
    """Return how much the payments of the list that succeeded come to, by currency, real money before test."""
    paid: Select[*tuple[Any, ...]] = select(
        Payment.currency, Payment.is_test, literal(1).label("count"), Payment.amount_minor.label("amount_minor")
    ).where(
        *_narrow(session, filters, _all_payers(filters)),
        Payment.status == PaymentStatus.SUCCEEDED,
        Payment.amount_minor > 0,
    )
    parts = paid.subquery()
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


def _order(*, is_falling: bool) -> list[Any]:
    columns = (Payment.created_at, Payment.id)
    return [column.desc() if is_falling else column.asc() for column in columns]


def _text_of(filters: PaymentFilters) -> str:
    return (filters.search or "").strip().lower()


async def _find_payers(session: TenantSession, filters: PaymentFilters) -> tuple[ColumnElement[bool] | None, bool]:
    """Return the condition that the payer has the text, and whether more people have it than are looked at.

    Their ids are asked for first: beside an index of payments a list of ids is one more way into it, a query is none.
    """
    text = _text_of(filters)
    if not text:
        return None, False
    query = select_named(text, limit=COSTLY_COUNT_CAP + 1)
    found = list((await session.execute(query)).scalars())
    ids = bindparam("payers", found[:COSTLY_COUNT_CAP], ARRAY(Uuid()), unique=True)
    return Payment.user_id == any_(ids), len(found) > COSTLY_COUNT_CAP


def _all_payers(filters: PaymentFilters) -> ColumnElement[bool] | None:
    text = _text_of(filters)
    return Payment.user_id.in_(select_named(text, limit=None)) if text else None


def _narrow(
    session: TenantSession, filters: PaymentFilters, payers: ColumnElement[bool] | None = None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        Payment.tenant_id == session.tenant_id,
        *equal({getattr(Payment, name): getattr(filters, name) for name in _EQUAL}),
        *within(Payment.created_at, filters.created),
        *within(Payment.settled_at, filters.settled),
    ]
    if filters.is_test is not None:
        # Said in the statement itself, so that the index of test payments alone is used.
        where.append(and_(Payment.is_test) if filters.is_test else not_(Payment.is_test))
    if filters.delivery_states:
        where.append(Payment.delivery_state.in_(filters.delivery_states))
    search = _text_of(filters)
    if search:
        # `^@` tells nothing of what it compares, so it may use the index behind the wall; LIKE may not.
        begins = Payment.provider_payment_id.op("^@", is_comparison=True)(search)
        own_id = _read_id(search)
        ways = [begins, *([Payment.id == own_id] if own_id is not None else [])]
        where.append(or_(*ways, *([payers] if payers is not None else [])))
    return where


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
