"""Sends a broadcast to one person, so that somebody has seen it in Telegram before anybody else does."""

from __future__ import annotations

from uuid import UUID

from control_plane.broadcasts.refusals import telling_refusals
from control_plane.dependencies import KeyHolder, TenantAccess
from lumenpay.admins.identities import find_telegram_id
from lumenpay.bots.repository import get_bot
from lumenpay.bots.secrets import open_token
from lumenpay.broadcasts.errors import BroadcastInvalidError, TestReaderMissingError, TestReaderUnreachableError
from lumenpay.broadcasts.message import Reader, load_template, read_reader
from lumenpay.broadcasts.repository import get_broadcast
from lumenpay.broadcasts.service import note_tested, version_of_draft
from lumenpay.db.session import TenantSession
from lumenpay.models.bots import Bot
from lumenpay.models.broadcasts import ScheduledBroadcast
from lumenpay.telegram.bulk import send_trial
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.repository import get_user


async def send_test(access: TenantAccess, broadcast_id: UUID, *, user_id: UUID | None) -> ScheduledBroadcast:
    """Send a broadcast's message to a subscriber, or to the linked account of whoever asks, and store that it arrived.

    Raises:
        BroadcastNotFoundError: Unknown to this tenant.
        UserNotFoundError: No such subscriber.
        BroadcastInvalidError: A subscriber of another bot, or a program that names none: it has no account of its own.
        TestReaderMissingError: No account is linked, or its person never started the bot.
        TestReaderUnreachableError: The bot cannot write to the subscriber, or may not: they are to be forgotten.
        BroadcastRefusedError: Telegram does not take the message.
        ChangedMeanwhileError: It was changed while it was on its way.
        UnavailableError: Telegram does not answer, or wants to be asked later.
    """
    if user_id is None and isinstance(access.caller, KeyHolder):
        raise BroadcastInvalidError(fields={"user_id": "required"})
    own_id = await find_telegram_id(access.services.database, access.identity.admin_id) if user_id is None else None
    async with access.unit() as session:
        broadcast = await get_broadcast(session, broadcast_id)
        bot = await get_bot(session, broadcast.bot_id)
        chat_id, reader = await _find_reader(session, access, bot, user_id=user_id, own_id=own_id)
        template, version = await load_template(session, broadcast, bot), version_of_draft(broadcast)
    html, medium, buttons = template.write(reader)
    try:
        async with telling_refusals(access, bot):
            sent = await send_trial(
                access.services.telegram, open_token(access.services.ring, bot), chat_id=chat_id, html=html,
                medium=medium, buttons=buttons,
            )  # fmt: skip
    except TestReaderMissingError as error:
        raise (TestReaderUnreachableError if user_id else TestReaderMissingError) from error
    async with access.unit() as session:
        return await note_tested(
            session, broadcast_id, version=version, medium=sent.file_id, actor=access.actor, now=access.now
        )


async def _find_reader(
    session: TenantSession, access: TenantAccess, bot: Bot, *, user_id: UUID | None, own_id: int | None
) -> tuple[int, Reader]:
    if user_id is not None:
        user = await get_user(session, user_id)
        if user.bot_id != bot.id:
            raise BroadcastInvalidError(fields={"user_id": "another_bot"})
        if user.erasure_asked_at is not None:
            raise TestReaderUnreachableError
        return user.telegram_id, await read_reader(session, user)
    if own_id is None:
        raise TestReaderMissingError
    return own_id, Reader(access.identity.admin.name, (await get_own_tenant(session)).locale)
