"""Channels: who knocks, who came in or left, and what the bot itself may do there."""

from __future__ import annotations

import asyncio

from aiogram import Router
from aiogram.types import ChatJoinRequest, ChatMemberUpdated, Message

from lumenpay.access.delivery import request_unsent
from lumenpay.access.joining import JoinAnswer, Notice, answer_later, record_join_request, record_request_answered
from lumenpay.access.membership_changes import MemberChange, record_member_change
from lumenpay.access.rules import JoinDecision
from lumenpay.channels.errors import ChannelUnsuitableError
from lumenpay.channels.refusals import note_refused_chat
from lumenpay.channels.service import migrate_chat, record_bot_rights
from lumenpay.errors import LumenError, UnavailableError
from lumenpay.kit.logs import get_logger
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.telegram.client import read_member
from lumenpay.telegram.errors import TelegramChatGoneError, TelegramChatMigratedError, TelegramMissingRightsError
from lumenpay.telegram.facts import Button, ChatFacts, JoinQueryResult
from lumenpay.tenants.errors import LimitReachedError
from lumenpay.users.repository import find_by_telegram_id
from lumenpay.users.service import find_locale
from tenants_worker.bot.claims import recognize_at_door
from tenants_worker.bot.conversation import Conversation, View
from tenants_worker.bot.filters import HasMigrated, InPrivateChat
from tenants_worker.bot.texts.captions import caption

router = Router(name="doors")
_TELLING_SECONDS = 3.0
"""The answer at the door has ten seconds in all."""
_QUERY_RESULTS = {
    JoinDecision.APPROVE: JoinQueryResult.APPROVE,
    JoinDecision.DECLINE: JoinQueryResult.DECLINE,
    JoinDecision.IGNORE: JoinQueryResult.QUEUE,
}
_log = get_logger(__name__)


@router.chat_join_request()
async def answer_request(request: ChatJoinRequest, conversation: Conversation) -> None:
    """Let in who has the right at this moment, decline everybody else."""
    now, bot = conversation.worker.clock.now(), conversation.bot
    async with conversation.unit() as session:
        recognized, is_held = await recognize_at_door(session, conversation, request.from_user, chat_id=request.chat.id)
        answer = await record_join_request(
            session, bot_id=bot.bot_id, chat_id=request.chat.id, telegram_id=request.from_user.id,
            invite_url=request.invite_link.invite_link if request.invite_link else None, now=now,
        )  # fmt: skip
    # Who never started the bot can be written to only as long as the request is open.
    if recognized is not None:
        await _tell(request, conversation, recognized)
    # Who is held back has nothing to buy.
    if answer.notice is not Notice.NONE and not is_held:
        await _tell(request, conversation, await _write_how_to_enter(request, conversation, answer), can_wait=False)
    try:
        was_done = await _answer_at_door(request, conversation, answer)
    except (UnavailableError, TelegramMissingRightsError, TelegramChatGoneError, TelegramChatMigratedError):
        async with conversation.unit() as session:
            await answer_later(session, answer, bot_id=bot.bot_id, now=now)
        return
    async with conversation.unit() as session:
        await record_request_answered(session, answer, was_done=was_done, now=now)


async def _answer_at_door(request: ChatJoinRequest, conversation: Conversation, answer: JoinAnswer) -> bool:
    """Return whether Telegram took the answer. A bot that is appointed to process requests is asked for it."""
    telegram, token = conversation.worker.telegram, conversation.bot.token
    if request.query_id is not None:
        result = _QUERY_RESULTS[answer.decision]
        if await telegram.answer_join_query(token, query_id=request.query_id, result=result):
            return True
        # Ten seconds have passed: the request waits for administrators, of whom the bot is one.
    if answer.decision is JoinDecision.IGNORE:
        return False
    is_approved = answer.decision is JoinDecision.APPROVE
    call = telegram.approve_join_request if is_approved else telegram.decline_join_request
    return await call(token, chat_id=answer.chat_id, telegram_id=answer.telegram_id)


async def _write_how_to_enter(request: ChatJoinRequest, conversation: Conversation, answer: JoinAnswer) -> View:
    key = MessageKey.JOIN_LAPSED if answer.notice is Notice.HOW_TO_COME_BACK else MessageKey.JOIN_DECLINED
    async with conversation.unit() as session:
        locale = await find_locale(session, request.from_user.language_code)
        html = await render(
            session, bot_id=conversation.bot.bot_id, key=key, locale=locale,
            variables={"channel": answer.channel_title},
        )  # fmt: skip
    return View(html, ((Button(caption(locale, "buy"), data=callbacks.BUY),),))


async def _tell(request: ChatJoinRequest, conversation: Conversation, view: View, *, can_wait: bool = True) -> None:
    """Write to the person who knocks; where a thousand strangers do, what the bot may say is for those who pay."""
    try:
        async with asyncio.timeout(_TELLING_SECONDS):
            await conversation.send(request.user_chat_id, view, can_wait=can_wait)
    except (LumenError, TimeoutError) as error:
        # Out of reach, or Telegram is: the answer at the door is what counts.
        _log.info("not_told_at_door", error=type(error).__name__)


@router.chat_member()
async def note_member_change(update: ChatMemberUpdated, conversation: Conversation) -> None:
    """Store who came in or left."""
    new, old = read_member(update.new_chat_member), read_member(update.old_chat_member)
    person = update.new_chat_member.user
    if person.is_bot:
        return
    change = MemberChange(
        chat_id=update.chat.id,
        telegram_id=person.id,
        was_inside=old.is_inside,
        is_inside=new.is_inside,
        is_admin=new.is_admin,
        invite_url=update.invite_link.invite_link if update.invite_link else None,
        adder_telegram_id=_find_adder(update, conversation),
    )
    async with conversation.unit() as session:
        await record_member_change(session, change, bot_id=conversation.bot.bot_id, now=conversation.worker.clock.now())


def _find_adder(update: ChatMemberUpdated, conversation: Conversation) -> int | None:
    """Return who added the person; none of a person who came by themselves, by a link or a request."""
    came_by_themselves = update.from_user.id in (update.new_chat_member.user.id, conversation.bot.telegram_id)
    if came_by_themselves or update.invite_link is not None or update.via_join_request:
        return None
    return update.from_user.id


@router.my_chat_member(InPrivateChat())
async def note_block(update: ChatMemberUpdated, conversation: Conversation) -> None:
    """Store that a person blocked the bot, or lets it write again."""
    now = conversation.worker.clock.now()
    is_blocked = update.new_chat_member.status == "kicked"
    async with conversation.unit() as session:
        user = await find_by_telegram_id(session, bot_id=conversation.bot.bot_id, telegram_id=update.from_user.id)
        if user is None or user.erasure_asked_at is not None:
            return
        if user.blocked_bot_at is not None and not is_blocked:
            await request_unsent(session, user=user, now=now)
        user.blocked_bot_at = (user.blocked_bot_at or now) if is_blocked else None


@router.my_chat_member()
async def note_bot_rights(update: ChatMemberUpdated, conversation: Conversation) -> None:
    """Store what the bot may do in a chat: this is how a channel gets connected."""
    chat = ChatFacts(update.chat.id, update.chat.type, update.chat.title or "", update.chat.username)
    rights = read_member(update.new_chat_member)
    try:
        async with conversation.unit() as session:
            await record_bot_rights(
                session, bot_id=conversation.bot.bot_id, chat=chat, rights=rights,
                now=conversation.worker.clock.now(),
            )  # fmt: skip
    except (ChannelUnsuitableError, LimitReachedError) as error:
        _log.info("channel_not_connected", reason=error.code, kind=chat.kind)
        async with conversation.unit() as session:
            await note_refused_chat(
                session, bot_id=conversation.bot.bot_id, chat=chat, rights=rights, error=error
            )  # fmt: skip


@router.message(HasMigrated())
async def follow_migration(message: Message, conversation: Conversation) -> None:
    """Follow a group that became a supergroup."""
    assert message.migrate_to_chat_id is not None  # noqa: S101 - the filter
    async with conversation.unit() as session:
        await migrate_chat(
            session, bot_id=conversation.bot.bot_id, old_chat_id=message.chat.id,
            new_chat_id=message.migrate_to_chat_id,
        )  # fmt: skip
