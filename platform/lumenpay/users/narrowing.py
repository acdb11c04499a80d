"""What narrows the list of subscribers, for the page and for exports alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from lumenpay.db.narrowing import ANY_TIME, Span, equal, pattern_of, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import COUNT_CAP
from lumenpay.models.access import ActualPlace, Membership, WantedPlace
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User, UserTag

_TRIGRAM = 3
_INSIDE = (ActualPlace.INSIDE, ActualPlace.ADMIN)


class UserState(StrEnum):
    """What a person has: access now, access that is over, or never any."""

    ACTIVE = "active"
    EXPIRED = "expired"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class UserFilters:
    """Which subscribers a list shows; an empty field does not filter.

    `search` is a part of a name, an @name or a Telegram id; one or two letters are the beginning of a word.
    `subscription_status` and `plan_id` together ask for one subscription that has both; `channel_id` is of people who
    are inside the channel or should be, and with `is_inside` of those who are there, or are not.
    """

    bot_id: UUID | None = None
    plan_id: UUID | None = None
    channel_id: UUID | None = None
    subscription_status: SubscriptionStatus | None = None
    state: UserState | None = None
    expiring_within_days: int | None = None
    tag: str | None = None
    source: str | None = None
    is_whitelisted: bool | None = None
    has_blocked_bot: bool | None = None
    is_inside: bool | None = None
    search: str | None = None
    created: Span = ANY_TIME


def narrow(session: TenantSession, filters: UserFilters, *, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions on `User` that filters mean inside the session's tenant."""
    where: list[ColumnElement[bool]] = [
        User.tenant_id == session.tenant_id,
        *equal({User.bot_id: filters.bot_id, User.source: filters.source}),
        *within(User.created_at, filters.created),
        *_subscribed(session, filters, now=now),
        *_placed(session, filters),
        *([is_named(filters.search, limit=COUNT_CAP + 1)] if filters.search and filters.search.strip() else []),
    ]
    if filters.is_whitelisted is not None:
        where.append(and_(User.is_whitelisted) if filters.is_whitelisted else not_(User.is_whitelisted))
    if filters.has_blocked_bot is not None:
        blocked = User.blocked_bot_at
        where.append(blocked.is_not(None) if filters.has_blocked_bot else blocked.is_(None))
    if filters.tag is not None:
        tagged = select(UserTag.user_id).where(UserTag.tenant_id == session.tenant_id, UserTag.tag == filters.tag)
        where.append(User.id.in_(tagged))
    return where


def _subscribed(session: TenantSession, filters: UserFilters, *, now: datetime) -> list[ColumnElement[bool]]:
    of_user = (Subscription.tenant_id == session.tenant_id) & (Subscription.user_id == User.id)
    is_active = Subscription.status == SubscriptionStatus.ACTIVE
    where: list[ColumnElement[bool]] = []
    wanted = equal({Subscription.plan_id: filters.plan_id, Subscription.status: filters.subscription_status})
    if wanted:
        where.append(exists().where(of_user, *wanted))
    if filters.state is UserState.ACTIVE:
        where.append(exists().where(of_user, is_active))
    elif filters.state is UserState.EXPIRED:
        where += [exists().where(of_user), ~exists().where(of_user, is_active)]
    elif filters.state is UserState.NEVER:
        where.append(~exists().where(of_user))
    if filters.expiring_within_days is not None:
        until = now + timedelta(days=filters.expiring_within_days)
        ending = select(Subscription.user_id).where(
            Subscription.tenant_id == session.tenant_id, is_active, Subscription.ends_at > now,
            Subscription.ends_at <= until,
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


def is_named(search: str, *, limit: int) -> ColumnElement[bool]:
    """Return the condition that somebody is among the newest people whose name, @name or Telegram id has the text."""
    text = search.strip().lower()
    pattern = pattern_of(text)
    if len(text) < _TRIGRAM and text.isalnum():
        # Too short for the index of threes, except at the beginning of a word.
        pattern = "% " + text + "%"
    found = func.find_users_like(pattern, limit).table_valued("tenant_id", "id")
    return User.id.in_(select(found.c.id))
