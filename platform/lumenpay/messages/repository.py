"""SQL of the texts that tenants changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.messages import BotMessage

# Each answer of a bot reads at least one text: building the statement would cost more than running it.
_FIND_TEXT = text(
    "SELECT text FROM bot_messages "
    "WHERE tenant_id = :tenant_id AND bot_id = :bot_id AND key = :key AND locale = :locale"
).bindparams(bindparam("tenant_id", type_=Uuid()), bindparam("bot_id", type_=Uuid()))


async def find_text(session: TenantSession, *, bot_id: UUID, key: str, locale: str) -> str | None:
    """Return the tenant's own text, if there is one."""
    values = {"tenant_id": session.tenant_id, "bot_id": bot_id, "key": key, "locale": locale}
    own: str | None = (await session.execute(_FIND_TEXT, values)).scalar_one_or_none()
    return own


async def list_texts(session: TenantSession, *, bot_id: UUID) -> list[BotMessage]:
    """Return every text that the tenant changed."""
    query = select(BotMessage).where(BotMessage.tenant_id == session.tenant_id, BotMessage.bot_id == bot_id)
    return list((await session.execute(query.order_by(BotMessage.key, BotMessage.locale))).scalars())


async def put_text(session: TenantSession, *, bot_id: UUID, key: str, locale: str, text: str, now: datetime) -> None:
    """Store a text in place of the default or of an earlier one."""
    values = {"text": text, "updated_at": now}
    await session.execute(
        insert(BotMessage)
        .values(tenant_id=session.tenant_id, id=new_uuid7(), bot_id=bot_id, key=key, locale=locale, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "bot_id", "key", "locale"], set_=values)
    )


async def delete_text(session: TenantSession, *, bot_id: UUID, key: str, locale: str) -> None:
    """Go back to the default. Safe to repeat."""
    await session.execute(
        delete(BotMessage).where(
            BotMessage.tenant_id == session.tenant_id,
            BotMessage.bot_id == bot_id,
            BotMessage.key == key,
            BotMessage.locale == locale,
        )
    )
