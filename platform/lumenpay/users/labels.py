"""Tags and notes that a tenant keeps about subscribers; nobody else sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.models.users import User, UserTag
from lumenpay.users.errors import TagInvalidError
from lumenpay.users.repository import get_user, lock_user
from lumenpay.users.rules import MAX_TAG_LENGTH, MAX_TAGS, clean_tag
from lumenpay.users.service import require_present

# From tag to tag by the index: as many steps as there are tags, however many people have them.
_TAGS_IN_USE = text(
    "WITH RECURSIVE seen AS ("
    "(SELECT tag FROM user_tags WHERE tenant_id = :tenant_id ORDER BY tag LIMIT 1) UNION ALL "
    "SELECT (SELECT t.tag FROM user_tags t WHERE t.tenant_id = :tenant_id AND t.tag > seen.tag ORDER BY t.tag LIMIT 1) "
    "FROM seen WHERE seen.tag IS NOT NULL) SELECT tag FROM seen WHERE tag IS NOT NULL LIMIT :max_rows"
)


def version_of_note(user: User) -> str:
    """Return the version of what the tenant's people remember about a person."""
    return version_of_facts(user.note)


async def change_note(
    session: TenantSession, user_id: UUID, *, note: str, version: str | None = None, actor: Actor, now: datetime
) -> User:
    """Store what the tenant's people remember about a person; what it said is not put on record.

    Args:
        version: Of the note that this one was made from; without one, whatever is stored is replaced.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten.
        ChangedMeanwhileError: The note has another version by now.
    """
    user = await get_user(session, user_id, is_locked=True)
    require_present(user)
    require_version(version_of_note(user), version)
    if user.note != note:
        user.note = note
        record(session, actor=actor, action="user.noted", subject_id=user.id, now=now)
        await session.flush()
    return user


async def add_tag(session: TenantSession, user_id: UUID, *, tag: str, actor: Actor, now: datetime) -> None:
    """Give a person a tag. Safe to repeat.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten.
        TagInvalidError: Empty, too long, or one more than a person can have.
    """
    cleaned = clean_tag(tag)
    if not 0 < len(cleaned) <= MAX_TAG_LENGTH:
        raise TagInvalidError(fields={"tag": "out_of_range"})
    user = require_present(await get_user(session, user_id))
    await lock_user(session, user.id)
    inserted = await session.execute(
        insert(UserTag)
        .values(tenant_id=session.tenant_id, tag=cleaned, user_id=user.id, created_at=now)
        .on_conflict_do_nothing()
        .returning(UserTag.tag)
    )
    if inserted.scalar_one_or_none() is None:
        return
    mine = (UserTag.tenant_id == session.tenant_id) & (UserTag.user_id == user.id)
    if (await session.execute(select(func.count()).select_from(UserTag).where(mine))).scalar_one() > MAX_TAGS:
        raise TagInvalidError(fields={"tag": "too_many"})
    # The record is for ever, and a tag can be a name: it says that there was one, not which.
    record(session, actor=actor, action="user.tagged", subject_id=user.id, now=now)


async def remove_tag(session: TenantSession, user_id: UUID, *, tag: str, actor: Actor, now: datetime) -> None:
    """Take a tag away from a person. Safe to repeat.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten, and their tags go with everything else.
    """
    user = require_present(await get_user(session, user_id))
    result = await session.execute(
        delete(UserTag).where(
            UserTag.tenant_id == session.tenant_id, UserTag.tag == clean_tag(tag), UserTag.user_id == user.id
        )
    )
    if isinstance(result, CursorResult) and result.rowcount:
        record(session, actor=actor, action="user.untagged", subject_id=user.id, now=now)


async def list_tags(session: TenantSession, user_id: UUID) -> list[str]:
    """Return the tags of a person."""
    query = select(UserTag.tag).where(UserTag.tenant_id == session.tenant_id, UserTag.user_id == user_id)
    return list((await session.execute(query.order_by(UserTag.tag))).scalars())


async def list_tags_in_use(session: TenantSession, *, limit: int = 200) -> list[str]:
    """Return the tags that anybody has, by name."""
    rows = await session.execute(_TAGS_IN_USE, {"tenant_id": session.tenant_id, "max_rows": limit})
    return list(rows.scalars())
