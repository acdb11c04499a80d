"""The list of subscribers: what narrows it, how it is sorted, and what a row shows beside the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from lumenpay.db.counting import count_cap, count_exactly, find_page
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COSTLY_COUNT_CAP, CountedPage, PageRequest
from lumenpay.models.access import ActualPlace, Membership
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User, UserTag
from lumenpay.users.narrowing import UserFilters, find_some, is_costly, narrow
from lumenpay.users.rules import LINK_OF_A_KIND


class UserSort(StrEnum):
    """Order of the list. By the end of access it shows only who has access that ends."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NAME_DESCENDING = "name_descending"
    ENDS_SOONEST = "ends_soonest"
    ENDS_LATEST = "ends_latest"


@dataclass(slots=True)
class UserRow:
    """A subscriber as the list shows them."""

    user: User
    subscriptions: list[tuple[Subscription, str]] = field(default_factory=list)
    """With the plan's title, the longest lasting first."""
    is_inside: bool = False
    tags: list[str] = field(default_factory=list)


async def list_users(
    session: TenantSession, filters: UserFilters, page: PageRequest, *, sort: UserSort = UserSort.NEWEST, now: datetime
) -> CountedPage[UserRow]:
    """Return subscribers.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    is_by_end = sort in (UserSort.ENDS_SOONEST, UserSort.ENDS_LATEST)
    is_narrowed = is_by_end or filters != UserFilters()
    cap, some, is_cut = count_cap(is_narrowed=is_narrowed), None, False
    if is_costly(filters):
        cap = COSTLY_COUNT_CAP
        # Looking for letters costs more than reading ids: it is done once, for the count and the page.
        some = await find_some(session, filters, limit=cap + 1, now=now)
        is_cut, some = some is not None and len(some) > cap, some and some[:cap]
    where = narrow(session, filters, now=now, some=some)
    query = _ending(session, where) if is_by_end else select(User.id).where(*where)
    found = await find_page(session, query, page, order=_order(sort), cap=cap)
    return CountedPage(await load_rows(session, found.items), found.total, found.is_total_exact and not is_cut)


async def list_after(
    session: TenantSession, filters: UserFilters, *, after: UUID | None, limit: int, now: datetime
) -> list[UserRow]:
    """Return the subscribers that follow one, in the order in which they came."""
    query = select(User.id).where(*narrow(session, filters, now=now)).order_by(User.id).limit(limit)
    if after is not None:
        query = query.where(User.id > after)
    return await load_rows(session, list((await session.execute(query)).scalars()))


async def count_all(session: TenantSession, filters: UserFilters, *, now: datetime) -> int:
    """Return how many subscribers there are, however long it takes."""
    return await count_exactly(session, select(User.id).where(*narrow(session, filters, now=now)))


async def list_sources_in_use(session: TenantSession, *, limit: int = 200) -> list[str]:
    """Return by which links people came, those of most of them first; whoever came by none counts for nothing."""
    by_link = (
        select(User.source, func.count().label("people"))
        .where(User.tenant_id == session.tenant_id, User.source > "")
        .group_by(User.source)
        .subquery()
    )
    # Those of before were kept whole.
    name = func.regexp_replace(by_link.c.source, LINK_OF_A_KIND, r"\1")
    rows = await session.execute(
        select(name).group_by(name).order_by(func.sum(by_link.c.people).desc(), name).limit(limit)
    )  # fmt: skip
    return list(rows.scalars())


async def load_rows(session: TenantSession, user_ids: Sequence[UUID]) -> list[UserRow]:
    """Return what the list shows of people, in the order of the ids."""
    mine = User.tenant_id == session.tenant_id
    found = (await session.execute(select(User).where(mine, User.id.in_(user_ids)))).scalars()
    rows: dict[UUID, UserRow] = {user.id: UserRow(user) for user in found}
    subscriptions = await session.execute(
        select(Subscription, Plan.title)
        .join(Plan, (Plan.tenant_id == Subscription.tenant_id) & (Plan.id == Subscription.plan_id))
        .where(Subscription.tenant_id == session.tenant_id, Subscription.user_id.in_(user_ids))
        .order_by(Subscription.ends_at.desc().nulls_first(), Subscription.id)
    )
    for subscription, title in subscriptions:
        rows[subscription.user_id].subscriptions.append((subscription, title))
    inside = select(Membership.user_id).where(
        Membership.tenant_id == session.tenant_id,
        Membership.user_id.in_(user_ids),
        Membership.actual.in_((ActualPlace.INSIDE, ActualPlace.ADMIN)),
    )
    for user_id in (await session.execute(inside)).scalars():
        if user_id is not None:
            rows[user_id].is_inside = True
    tags = select(UserTag.user_id, UserTag.tag).where(
        UserTag.tenant_id == session.tenant_id, UserTag.user_id.in_(user_ids)
    )
    for user_id, tag in await session.execute(tags.order_by(UserTag.tag)):
        rows[user_id].tags.append(tag)
    return [rows[user_id] for user_id in user_ids if user_id in rows]


def _ending(session: TenantSession, where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return people with access that ends; who has several subscriptions stands where the last of them ends."""
    later = aliased(Subscription)
    is_last = ~exists().where(
        later.tenant_id == Subscription.tenant_id,
        later.user_id == Subscription.user_id,
        later.status == SubscriptionStatus.ACTIVE,
        later.ends_at.is_(None)
        | (later.ends_at > Subscription.ends_at)
        | ((later.ends_at == Subscription.ends_at) & (later.id > Subscription.id)),
    )
    return (
        select(User.id)
        .join(Subscription, (Subscription.tenant_id == User.tenant_id) & (Subscription.user_id == User.id))
        .where(
            Subscription.tenant_id == session.tenant_id,
            Subscription.status == SubscriptionStatus.ACTIVE,
            Subscription.ends_at.is_not(None),
            is_last,
            *where,
        )
    )


def _order(sort: UserSort) -> list[Any]:
    orders: dict[UserSort, list[Any]] = {
        UserSort.NEWEST: [User.id.desc()],
        UserSort.OLDEST: [User.id.asc()],
        UserSort.NAME: [User.first_name.asc(), User.last_name.asc(), User.id.asc()],
        UserSort.NAME_DESCENDING: [User.first_name.desc(), User.last_name.desc(), User.id.desc()],
        UserSort.ENDS_SOONEST: [Subscription.ends_at.asc(), Subscription.user_id.asc()],
        UserSort.ENDS_LATEST: [Subscription.ends_at.desc(), Subscription.user_id.desc()],
    }
    return orders[sort]
