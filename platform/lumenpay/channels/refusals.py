"""Chats in which a bot was made an admin and that could not become channels: the owner sees the last one, and why."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CursorResult, update

from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.errors import LumenError
from lumenpay.models.bots import Bot
from lumenpay.telegram.facts import ChatFacts, MemberFacts


async def note_refused_chat(
    session: TenantSession, *, bot_id: UUID, chat: ChatFacts, rights: MemberFacts, error: LumenError
) -> None:
    """Store the chat and the reason, in place of an earlier one. One in which the bot is no admin is forgotten."""
    if not rights.is_admin:
        await forget_refused_chat(session, bot_id=bot_id, chat_id=chat.chat_id)
        return
    await session.execute(
        update(Bot)
        .where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id)
        .values(
            refused_chat_id=chat.chat_id, refused_chat_title=chat.title[:256], refused_chat_reason=error.code
        )
    )  # fmt: skip
    announce(session, "bot", bot_id)


async def forget_refused_chat(session: TenantSession, *, bot_id: UUID, chat_id: int) -> None:
    """Store that nothing is wrong with a chat any more: it became a channel, or the bot left it. Safe to repeat."""
    result = await session.execute(
        update(Bot)
        .where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id, Bot.refused_chat_id == chat_id)
        .values(refused_chat_id=None, refused_chat_title=None, refused_chat_reason=None)
    )
    if isinstance(result, CursorResult) and result.rowcount:
        announce(session, "bot", bot_id)


async def follow_refused_chat(session: TenantSession, *, bot_id: UUID, old_chat_id: int, new_chat_id: int) -> None:
    """Store the new id of a refused group that became a supergroup: under it, it can be connected."""
    await session.execute(
        update(Bot)
        .where(Bot.tenant_id == session.tenant_id, Bot.id == bot_id, Bot.refused_chat_id == old_chat_id)
        .values(refused_chat_id=new_chat_id)
    )
