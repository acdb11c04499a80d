"""A person knocks: the answer is decided here, given to Telegram by the door, and recorded here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lumenpay.access import repository
from lumenpay.access.rules import JoinDecision, decide_join_request
from lumenpay.channels.repository import find_by_chat, get_channel
from lumenpay.db.changes import announce
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import AnswerJoinRequest
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.access import AccessAction, ActualPlace, Membership, WantedPlace
from lumenpay.models.channels import Channel
from lumenpay.models.ids import BotId
from lumenpay.models.payments import DeliveryState
from lumenpay.payments.repository import advance_delivery
from lumenpay.users.repository import find_by_telegram_id


class Notice(StrEnum):
    """What the person is told beside the answer."""

    NONE = "none"
    HOW_TO_ENTER = "how_to_enter"
    HOW_TO_COME_BACK = "how_to_come_back"


@dataclass(frozen=True, slots=True)
class JoinAnswer:
    """What to tell Telegram about a person who knocks."""

    decision: JoinDecision
    membership_id: UUID | None = None
    chat_id: int = 0
    telegram_id: int = 0
    channel_title: str = ""
    notice: Notice = Notice.NONE


async def record_join_request(
    session: TenantSession, *, bot_id: UUID, chat_id: int, telegram_id: int, invite_url: str | None, now: datetime
) -> JoinAnswer:
    """Store that a person knocks and decide by the right that they have now, whichever link they used."""
    channel = await find_by_chat(session, bot_id=bot_id, chat_id=chat_id)
    if channel is None:
        return JoinAnswer(JoinDecision.IGNORE)
    user = await find_by_telegram_id(session, bot_id=bot_id, telegram_id=telegram_id)
    membership = await repository.ensure_membership(
        session, channel_id=channel.id, telegram_id=telegram_id, user_id=user.id if user else None, now=now
    )
    if invite_url:
        link = await repository.find_link_by_url(session, channel_id=channel.id, url=invite_url)
        if link is not None and user is not None and link.user_id == user.id:
            await repository.mark_link_opened(session, link, now=now)
    if user is not None:
        waiting = await repository.list_delivered_payments(session, channel_id=channel.id, user_id=user.id)
        await advance_delivery(session, waiting, DeliveryState.LINK_OPENED)
    answer = await _answer(session, channel, membership_id=membership.id, telegram_id=telegram_id, now=now)
    if answer.decision is not JoinDecision.DECLINE:
        return answer
    return replace(answer, notice=await _choose_notice(session, membership, now=now))


async def _choose_notice(session: TenantSession, membership: Membership, *, now: datetime) -> Notice:
    """Return what to tell a person who is declined: once, and once more after each end of a subscription."""
    ended_at = None
    if membership.user_id is not None:
        ended_at = await repository.find_last_end(
            session, channel_id=membership.channel_id, user_id=membership.user_id, now=now
        )
    told_at = membership.declined_told_at
    if told_at is not None and (ended_at is None or told_at >= ended_at):
        return Notice.NONE
    membership.declined_told_at = now
    return Notice.HOW_TO_ENTER if ended_at is None else Notice.HOW_TO_COME_BACK


async def decide_again(session: TenantSession, *, membership_id: UUID, now: datetime) -> JoinAnswer:
    """Decide about a person who knocked earlier and was not answered yet."""
    membership = await repository.find_membership(session, membership_id)
    if membership is None:
        return JoinAnswer(JoinDecision.IGNORE)
    channel = await get_channel(session, membership.channel_id)
    return await _answer(session, channel, membership_id=membership.id, telegram_id=membership.telegram_id, now=now)


async def record_request_answered(session: TenantSession, answer: JoinAnswer, *, was_done: bool, now: datetime) -> None:
    """Store that Telegram took the answer; False in `was_done` means that there was nothing left to answer."""
    if answer.membership_id is None:
        return
    membership = await repository.find_membership(session, answer.membership_id, is_locked=True)
    if membership is None:
        return
    is_approved = answer.decision is JoinDecision.APPROVE
    if is_approved and membership.wanted != WantedPlace.UNMANAGED:
        membership.wanted = WantedPlace.INSIDE
    if is_approved and was_done and membership.actual != ActualPlace.INSIDE:
        # Inside by our own doing, whether or not Telegram's update about it ever comes.
        membership.actual, membership.actual_seen_at, membership.joined_at = ActualPlace.INSIDE, now, None
        await mark_joined(session, membership)
    repository.log_access(
        session,
        AccessAction.REQUEST_APPROVED if is_approved else AccessAction.REQUEST_DECLINED,
        reason="" if was_done else "nothing_to_answer",
        telegram_id=membership.telegram_id,
        user_id=membership.user_id,
        channel_id=membership.channel_id,
        now=now,
    )


async def mark_joined(session: TenantSession, membership: Membership) -> None:
    """Store that the paid orders are joined that have the person inside everywhere now."""
    await session.flush()
    if membership.user_id is not None:
        joined = await repository.list_joined_payments(
            session, channel_id=membership.channel_id, user_id=membership.user_id
        )
        await advance_delivery(session, joined, DeliveryState.JOINED)
        announce(session, "membership", membership.id)


async def answer_later(session: TenantSession, answer: JoinAnswer, *, bot_id: UUID, now: datetime) -> None:
    """Have the answer given by a job: Telegram could not be reached."""
    if answer.membership_id is not None:
        key = str(answer.membership_id)
        payload = AnswerJoinRequest(answer.membership_id)
        await enqueue(session, payload, now=now, bot_id=BotId(bot_id), dedupe_key=key)


async def _answer(
    session: TenantSession, channel: Channel, *, membership_id: UUID, telegram_id: int, now: datetime
) -> JoinAnswer:
    standing = await repository.find_standing(session, channel, telegram_id=telegram_id, now=now)
    return JoinAnswer(decide_join_request(standing), membership_id, channel.chat_id, telegram_id, channel.title)
