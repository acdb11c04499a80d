"""Counting and cutting that stay quick on lists of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select, text

from lumenpay.db.session import TenantSession
from lumenpay.errors import PageTooDeepError
from lumenpay.kit.paging import COUNT_CAP, WHOLE_COUNT_CAP, CountedPage, PageRequest

Row = TypeVar("Row")
_PLAN_FOR_VALUES = text("SET LOCAL plan_cache_mode = force_custom_plan")


async def find_page(
    session: TenantSession, query: Select[Any], page: PageRequest, *, order: Sequence[Any], cap: int
) -> CountedPage[Any]:
    """Return the keys of one page, out of a query for one column.

    Keys alone come out of an index: a page that lies deep reads no rows but its own, when these are loaded after.

    Args:
        cap: Counted so far; `count_cap` tells it.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    check_depth(page, cap=cap)
    # One plan for all tenants would be made for one of average size, and be slow for the biggest: it is what PostgreSQL
    # turns to when a connection has asked the same five times.
    await session.execute(_PLAN_FOR_VALUES)
    found = await count_exactly(session, query.limit(cap + 1))
    keys = (await session.execute(query.order_by(*order).limit(page.size).offset(page.offset))).scalars()
    return CountedPage(list(keys), min(found, cap), found <= cap)


async def load_in_order(session: TenantSession, kind: type[Row], ids: Sequence[UUID]) -> list[Row]:
    """Return the rows of the session's tenant with these ids, in their order."""
    columns: Any = kind
    query = select(kind).where(columns.tenant_id == session.tenant_id, columns.id.in_(ids))
    rows: list[Any] = list((await session.execute(query)).scalars())
    found = {row.id: row for row in rows}
    return [found[row_id] for row_id in ids if row_id in found]


async def list_page(
    session: TenantSession, kind: type[Row], where: Sequence[Any], page: PageRequest, *, order: Sequence[Any],
    is_narrowed: bool,
) -> CountedPage[Row]:  # fmt: skip
    """Return one page of a table's rows.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    columns: Any = kind
    query = select(columns.id).where(*where)
    found = await find_page(session, query, page, order=order, cap=count_cap(is_narrowed=is_narrowed))
    return CountedPage(await load_in_order(session, kind, found.items), found.total, found.is_total_exact)


def count_cap(*, is_narrowed: bool) -> int:
    """Return how far a list is counted.

    One that is not narrowed is counted in an index alone, and so much further; a narrowed one may have to look at rows
    of other tables.
    """
    return COUNT_CAP if is_narrowed else WHOLE_COUNT_CAP


async def count_exactly(session: TenantSession, query: Select[Any]) -> int:
    """Return how many rows a query has, however long it takes."""
    return (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()


def check_depth(page: PageRequest, *, cap: int) -> None:
    """Return if the page can be reached.

    Raises:
        PageTooDeepError: It lies beyond what is counted of a narrowed list.
    """
    if cap < WHOLE_COUNT_CAP and page.offset >= cap:
        raise PageTooDeepError
