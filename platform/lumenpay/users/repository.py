"""SQL of subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, exists, func, or_, select, text

from lumenpay.db.narrowing import ANY_TIME, Span, containing, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.users.errors import UserNotFoundError

# Every update of every bot begins with it: one statement, and text, because building one costs more than running it.
_FIND_OR_INSERT = select(User).from_statement(
    text(
        "WITH found AS (SELECT * FROM users "
        "WHERE tenant_id = :tenant_id AND bot_id = :bot_id AND telegram_id = :telegram_id), "
        "made AS (INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, last_name, username, "
        "language_code, locale, source, created_at, last_seen_at) "
        "SELECT :tenant_id, :id, :bot_id, :telegram_id, :first_name, :last_name, :username, :language_code, :locale, "
        ":source, :now, :now WHERE NOT EXISTS (SELECT FROM found) ON CONFLICT DO NOTHING RETURNING *) "
        "SELECT * FROM found UNION ALL SELECT * FROM made"
    ).bindparams(*(bindparam(name, type_=Uuid()) for name in ("tenant_id", "id", "bot_id")))
)


@dataclass(frozen=True, slots=True)
class UserFilters:
    """Which subscribers a list shows; an empty field does not filter.

    `search` is a part of a name or @name, or a Telegram id. `subscription_status` and `plan_id` together ask for one
    subscription that has both.
    """

    bot_id: UUID | None = None
    plan_id: UUID | None = None
    subscription_status: SubscriptionStatus | None = None
    is_whitelisted: bool | None = None
    has_blocked_bot: bool | None = None
    search: str | None = None
    created: Span = ANY_TIME


async def get_user(session: TenantSession, user_id: UUID) -> User:
    """Return a subscriber.

    Raises:
        UserNotFoundError: Unknown to this tenant.
    """
    user = await session.get(User, (session.tenant_id, user_id))
    if user is None:
        raise UserNotFoundError
    return user


async def lock_user(session: TenantSession, user_id: UUID) -> None:
    """Let nobody else who asks for this lock act for the person until the end of the transaction."""
    await session.execute(
        select(User.id).where(User.tenant_id == session.tenant_id, User.id == user_id).with_for_update(key_share=True)
    )


async def find_by_telegram_id(session: TenantSession, *, bot_id: UUID, telegram_id: int) -> User | None:
    """Return the person whom a bot knows under Telegram's id."""
    query = select(User).where(
        User.tenant_id == session.tenant_id, User.bot_id == bot_id, User.telegram_id == telegram_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_or_insert(
    session: TenantSession, *, bot_id: UUID, telegram_id: int, values: Mapping[str, str | None], now: datetime
) -> User:
    """Return the person whom a bot knows under Telegram's id, stored with these values if nobody is known yet."""
    keys = {"tenant_id": session.tenant_id, "bot_id": bot_id, "telegram_id": telegram_id}
    parameters = {**keys, **values, "id": new_uuid7(), "now": now}
    user: User | None = (await session.execute(_FIND_OR_INSERT, parameters)).scalar_one_or_none()
    if user is None:
        # Another worker inserted the row at this very moment: the statement could not see it, the next one does.
        user = (await session.execute(_FIND_OR_INSERT, parameters)).scalar_one()
    return user


async def list_users(session: TenantSession, filters: UserFilters, page: PageRequest) -> Page[User]:
    """Return subscribers, newest first."""
    where: list[ColumnElement[bool]] = [
        User.tenant_id == session.tenant_id,
        *equal({User.bot_id: filters.bot_id, User.is_whitelisted: filters.is_whitelisted}),
        *within(User.created_at, filters.created),
        *_named_like(filters.search),
        *_subscribed(session, filters),
    ]
    if filters.has_blocked_bot is not None:
        blocked = User.blocked_bot_at
        where.append(blocked.is_not(None) if filters.has_blocked_bot else blocked.is_(None))
    total = (await session.execute(select(func.count()).select_from(User).where(*where))).scalar_one()
    rows = await session.execute(
        select(User).where(*where).order_by(User.id.desc()).limit(page.size).offset(page.offset)
    )
    return Page(list(rows.scalars()), total)


def _named_like(search: str | None) -> list[ColumnElement[bool]]:
    matches = containing((search or "").lstrip("@"), User.username, User.first_name, User.last_name)
    if search and search.isascii() and search.isdigit() and len(search) < 17:  # noqa: PLR2004 - ids have up to 52 bits
        matches.append(User.telegram_id == int(search))
    return [or_(*matches)] if matches else []


def _subscribed(session: TenantSession, filters: UserFilters) -> list[ColumnElement[bool]]:
    wanted = equal({Subscription.plan_id: filters.plan_id, Subscription.status: filters.subscription_status})
    if not wanted:
        return []
    of_user = (Subscription.tenant_id == session.tenant_id) & (Subscription.user_id == User.id)
    return [exists().where(of_user, *wanted)]
