"""What narrows the list of subscribers, for the page and for exports alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    TableValuedAlias,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    column,
    exists,
    func,
    not_,
    or_,
    select,
    union,
)

from lumenpay.db.narrowing import ANY_TIME, Span, equal, pattern_of, within
from lumenpay.db.session import TenantSession
from lumenpay.models.access import ActualPlace, Membership, WantedPlace
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.tenants import Tenant
from lumenpay.models.users import User, UserTag
from lumenpay.users.rules import is_kind

_TRIGRAM = 3
_NAMES = 2
_INSIDE = (ActualPlace.INSIDE, ActualPlace.ADMIN)


class UserState(StrEnum):
    """What a person has: access now, access that is paused or over, or never any."""

    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"
    NEVER = "never"


_MADE_BY: Final[Mapping[UserState, tuple[SubscriptionStatus, tuple[SubscriptionStatus, ...]]]] = {
    UserState.ACTIVE: (SubscriptionStatus.ACTIVE, ()),
    UserState.PAUSED: (SubscriptionStatus.PAUSED, (SubscriptionStatus.ACTIVE,)),
    UserState.EXPIRED: (SubscriptionStatus.EXPIRED, (SubscriptionStatus.ACTIVE, SubscriptionStatus.PAUSED)),
}
"""Which subscription puts a person in a state, and which others, of whatever plan, keep them out of it."""


class MovementKind(StrEnum):
    """What the figures of a period count people by (see `lumenpay.analytics`)."""

    BEGAN = "began"
    """The first period of their lives began."""
    LAPSED = "lapsed"
    """They had access and were without any at the end of a day."""
    HELD = "held"
    """They had access at the end, whatever they paid for it."""
    PAYING = "paying"
    """They had access at the end for which they pay again and again."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Those whom a figure counts: of real payments, or of test ones; the last moment is not included."""

    kind: MovementKind
    from_at: datetime
    until_at: datetime
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class UserFilters:
    """Which subscribers a list shows; an empty field does not filter.

    `has_source` tells those whom a link or a list brought from those who came by themselves.
    `has_started_bot` tells those whom the bot met, or may still write to, from those who only stand on a list.
    `search` is a part of a name, an @name or a Telegram id; one or two letters are the beginning of a word.
    `plan_id` by itself is of those who have or had the plan; with `subscription_status`, `state` or
    `expiring_within_days` it is their subscription to this plan that has the status, puts them in the state, or ends.
    `channel_id` is of people who are inside the channel or should be, and with `is_inside` of those who are there, or
    are not.
    """

    bot_id: UUID | None = None
    plan_id: UUID | None = None
    channel_id: UUID | None = None
    subscription_status: SubscriptionStatus | None = None
    state: UserState | None = None
    expiring_within_days: int | None = None
    tag: str | None = None
    source: str | None = None
    has_source: bool | None = None
    locale: str | None = None
    is_whitelisted: bool | None = None
    has_blocked_bot: bool | None = None
    has_started_bot: bool | None = None
    is_inside: bool | None = None
    search: str | None = None
    created: Span = ANY_TIME
    movement: Movement | None = None


def is_costly(filters: UserFilters) -> bool:
    """Tell whether no index has the people of a list together, so that it is counted less far."""
    return bool(filters.search) or filters.movement is not None or filters.state is UserState.NEVER


async def find_some(session: TenantSession, filters: UserFilters, *, limit: int, now: datetime) -> list[UUID] | None:
    """Return the newest people who have the text and moved as asked; nothing where neither is asked for.

    A person may stand there twice.
    """
    found = _chosen(session, filters, limit=limit, now=now)
    if not found:
        return None
    first, *rest = found
    query = select(first.c.id).where(*(first.c.id.in_(select(other.c.id)) for other in rest))
    return list((await session.execute(query)).scalars())


def _came_by(filters: UserFilters) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    source = filters.source
    if source is not None and is_kind(source):
        # Those of before were kept whole.
        where.append(or_(User.source == source, User.source.startswith(f"{source}_", autoescape=True)))
    elif source is not None:
        where.append(User.source == source)
    if filters.has_source is not None:
        where.append(User.source > "" if filters.has_source else User.source == "")
    return where


def narrow(
    session: TenantSession, filters: UserFilters, *, now: datetime, some: Sequence[UUID] | None = None
) -> list[ColumnElement[bool]]:
    """Return the conditions on `User` that filters mean inside the session's tenant.

    Args:
        some: Who has the text that is searched for, and moved as asked, if that is known already.
    """
    where: list[ColumnElement[bool]] = [
        User.tenant_id == session.tenant_id,
        *equal({User.bot_id: filters.bot_id, User.locale: filters.locale}),
        *_came_by(filters),
        *within(User.created_at, filters.created),
        *_subscribed(session, filters, now=now),
        *_placed(session, filters),
        *_is_chosen(session, filters, some, now=now),
    ]
    if filters.is_whitelisted is not None:
        where.append(and_(User.is_whitelisted) if filters.is_whitelisted else not_(User.is_whitelisted))
    if filters.has_blocked_bot is not None:
        is_blocked = and_(User.blocked_bot_at.is_not(None), User.met_at.is_not(None))
        where.append(is_blocked if filters.has_blocked_bot else not_(is_blocked))
    if filters.has_started_bot is not None:
        is_unmet = and_(User.blocked_bot_at.is_not(None), User.met_at.is_(None))
        where.append(not_(is_unmet) if filters.has_started_bot else is_unmet)
    if filters.tag is not None:
        tagged = select(UserTag.user_id).where(UserTag.tenant_id == session.tenant_id, UserTag.tag == filters.tag)
        where.append(User.id.in_(tagged))
    return where


def _subscribed(session: TenantSession, filters: UserFilters, *, now: datetime) -> list[ColumnElement[bool]]:
    of_user = (Subscription.tenant_id == session.tenant_id) & (Subscription.user_id == User.id)
    of_plan = equal({Subscription.plan_id: filters.plan_id})
    where: list[ColumnElement[bool]] = []
    wanted = [*of_plan, *equal({Subscription.status: filters.subscription_status})]
    if wanted:
        where.append(exists().where(of_user, *wanted))
    if filters.state is UserState.NEVER:
        where.append(~exists().where(of_user))
    elif filters.state is not None:
        status, stronger = _MADE_BY[filters.state]
        where.append(exists().where(of_user, *of_plan, Subscription.status == status))
        if stronger:
            where.append(~exists().where(of_user, Subscription.status.in_(stronger)))
    if filters.expiring_within_days is not None:
        until = now + timedelta(days=filters.expiring_within_days)
        ending = select(Subscription.user_id).where(
            Subscription.tenant_id == session.tenant_id, Subscription.status == SubscriptionStatus.ACTIVE,
            Subscription.ends_at > now, Subscription.ends_at <= until, *of_plan,
        )  # fmt: skip
        # Read once, in the index by end: asked for person by person, it would go through everybody's subscriptions.
        together = ending.cte("ending").prefix_with("MATERIALIZED")
        where.append(User.id.in_(select(together.c.user_id)))
    return where


def _placed(session: TenantSession, filters: UserFilters) -> list[ColumnElement[bool]]:
    of_user = (Membership.tenant_id == session.tenant_id) & (Membership.user_id == User.id)
    is_inside = Membership.actual.in_(_INSIDE)
    here = equal({Membership.channel_id: filters.channel_id})
    where: list[ColumnElement[bool]] = []
    if here:
        where.append(exists().where(of_user, *here, or_(Membership.wanted == WantedPlace.INSIDE, is_inside)))
    if filters.is_inside is not None:
        inside = exists().where(of_user, *here, is_inside)
        where.append(inside if filters.is_inside else ~inside)
    return where


def _is_chosen(
    session: TenantSession, filters: UserFilters, some: Sequence[UUID] | None, *, now: datetime
) -> list[ColumnElement[bool]]:
    if some is not None:
        return [User.id == any_(bindparam("some", list(some), ARRAY(Uuid()), unique=True))]
    return [User.id.in_(select(found.c.id)) for found in _chosen(session, filters, limit=None, now=now)]


def _chosen(session: TenantSession, filters: UserFilters, *, limit: int | None, now: datetime) -> list[FromClause]:
    found: list[FromClause] = []
    if filters.search and filters.search.strip():
        found.append(_named(filters.search, limit))
    if filters.movement is not None:
        move = filters.movement
        zone = select(func.coalesce(Tenant.analytics_time_zone, Tenant.time_zone)).where(Tenant.id == session.tenant_id)
        moments = [cast(at, DateTime(timezone=True)) for at in (move.from_at, move.until_at)]
        moved = func.find_moved_users(
            move.kind.value, move.is_test, *moments, zone.scalar_subquery(), cast(now, DateTime(timezone=True)),
            cast(limit, Integer()),
        )  # fmt: skip
        found.append(moved.table_valued("tenant_id", column("id", Uuid())))
    return found


def is_named(search: str, *, limit: int | None) -> ColumnElement[bool]:
    """Return the condition that somebody is among the newest people whose name, @name or Telegram id has the text."""
    return User.id.in_(select_named(search, limit=limit))


def select_named(search: str, *, limit: int | None) -> Select[UUID]:
    """Return the query for the ids of those people; no limit is all of them."""
    return select(_named(search, limit).c.id)


def _named(search: str, limit: int | None) -> FromClause:
    text = search.strip().lower()
    pattern = pattern_of(text)
    if len(text) < _TRIGRAM and text.isalnum():
        # Too short for the index of threes, except at the beginning of a word.
        pattern = "% " + text + "%"
    words = text.split()
    if len(words) != _NAMES or max(map(len, words)) < _TRIGRAM:
        return _like(pattern, limit)
    # Names stand as Telegram has them, the first one first; people write them the other way round as often.
    turned = "".join(pattern_of(word) for word in reversed(words))
    found = union(*(select(way.c.id) for way in (_like(pattern, limit), _like(turned, limit)))).subquery()
    return select(found.c.id).order_by(found.c.id.desc()).limit(limit).subquery()


def _like(pattern: str, limit: int | None) -> TableValuedAlias:
    # No limit is all of them.
    return func.find_users_like(pattern, cast(limit, Integer())).table_valued("tenant_id", column("id", Uuid()))
