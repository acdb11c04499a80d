"""SQL of subscribers; their list is `directory`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.users import User
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.errors import UserNotFoundError

# Every update of every bot begins with it: one statement, and text, because building one costs more than running it.
_FIND_OR_INSERT = select(User).from_statement(
    text(
        "WITH found AS (SELECT * FROM users "
        "WHERE tenant_id = :tenant_id AND bot_id = :bot_id AND telegram_id = :telegram_id), "
        "made AS (INSERT INTO users (tenant_id, id, bot_id, telegram_id, first_name, last_name, username, "
        "language_code, locale, source, last_source, met_at, created_at, last_seen_at) "
        "SELECT :tenant_id, :id, :bot_id, :telegram_id, :first_name, :last_name, :username, :language_code, :locale, "
        ":source, :source, :met_at, :now, :now "
        "WHERE NOT EXISTS (SELECT FROM found) ON CONFLICT DO NOTHING RETURNING *) "
        "SELECT * FROM found UNION ALL SELECT * FROM made"
    ).bindparams(*(bindparam(name, type_=Uuid()) for name in ("tenant_id", "id", "bot_id")))
)


async def get_user(session: TenantSession, user_id: UUID, *, is_locked: bool = False) -> User:
    """Return a subscriber.

    Args:
        is_locked: Read them anew and let nobody else change them until the end of the transaction.

    Raises:
        UserNotFoundError: Unknown to this tenant.
    """
    user = await session.get(
        User, (session.tenant_id, user_id), populate_existing=is_locked,
        with_for_update={"key_share": True} if is_locked else None,
    )  # fmt: skip
    if user is None:
        raise UserNotFoundError
    return user


async def find_time_zone(session: TenantSession, user: User) -> str:
    """Return the zone of a person's day: the one that they chose, or the tenant's."""
    return user.time_zone or (await get_own_tenant(session)).time_zone


async def lock_user(session: TenantSession, user_id: UUID) -> None:
    """Let nobody else who asks for this lock act for the person until the end of the transaction."""
    await session.execute(
        select(User.id).where(User.tenant_id == session.tenant_id, User.id == user_id).with_for_update(key_share=True)
    )


async def lock_users(session: TenantSession, user_ids: Collection[UUID]) -> None:
    """Do as `lock_user` for several people, always in the same order: two who want the same ones do not block."""
    query = select(User.id).where(User.tenant_id == session.tenant_id, User.id.in_(user_ids)).order_by(User.id)
    await session.execute(query.with_for_update(key_share=True))


async def find_by_telegram_id(session: TenantSession, *, bot_id: UUID, telegram_id: int) -> User | None:
    """Return the person whom a bot knows under Telegram's id."""
    query = select(User).where(
        User.tenant_id == session.tenant_id, User.bot_id == bot_id, User.telegram_id == telegram_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_or_insert(
    session: TenantSession,
    *,
    bot_id: UUID,
    telegram_id: int,
    values: Mapping[str, str | datetime | None],
    now: datetime,
) -> User:
    """Return the person whom a bot knows under Telegram's id, stored with these values if nobody is known yet."""
    keys = {"tenant_id": session.tenant_id, "bot_id": bot_id, "telegram_id": telegram_id}
    parameters = {**keys, **values, "id": new_uuid7(), "now": now}
    user: User | None = (await session.execute(_FIND_OR_INSERT, parameters)).scalar_one_or_none()
    if user is None:
        # Another worker inserted the row at this very moment: the statement could not see it, the next one does.
        user = (await session.execute(_FIND_OR_INSERT, parameters)).scalar_one()
    return user
