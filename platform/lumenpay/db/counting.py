"""Counting that stays quick on lists of any length."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from lumenpay.db.session import TenantSession
from lumenpay.errors import PageTooDeepError
from lumenpay.kit.paging import COUNT_CAP, WHOLE_COUNT_CAP, PageRequest


async def count_rows(session: TenantSession, query: Select[Any], *, is_narrowed: bool) -> tuple[int, bool]:
    """Return how many rows a query has, and whether that is exact: it is counted up to a cap.

    A list that is not narrowed is counted in an index alone, and so much further; a narrowed one may have to look at
    rows of other tables.
    """
    cap = COUNT_CAP if is_narrowed else WHOLE_COUNT_CAP
    found = await count_exactly(session, query.limit(cap + 1))
    return min(found, cap), found <= cap


async def count_exactly(session: TenantSession, query: Select[Any]) -> int:
    """Return how many rows a query has, however long it takes."""
    return (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()


def check_depth(page: PageRequest, *, is_narrowed: bool) -> None:
    """Return if the page can be reached.

    Raises:
        PageTooDeepError: It lies beyond what is counted of a narrowed list.
    """
    if is_narrowed and page.offset >= COUNT_CAP:
        raise PageTooDeepError
