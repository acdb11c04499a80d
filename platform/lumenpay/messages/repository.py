"""SQL of the texts that tenants changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from lumenpay.db.session import TenantSession
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.messages import BotMessage


async def find_text(session: TenantSession, *, bot_id: UUID, key: str, locale: str) -> str | None:
    """Return the tenant's own text, if there is one."""
    query = select(BotMessage.text).where(
        BotMessage.tenant_id == session.tenant_id,
        BotMessage.bot_id == bot_id,
        BotMessage.key == key,
        BotMessage.locale == locale,
    )
    return (await session.execute(query)).scalar_one_or_none()


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
