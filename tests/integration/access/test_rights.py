"""A channel that the bot lost: noticed by looking, left alone meanwhile, made good when it is back (E9, E10)."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.access.joining import JoinAnswer, answer_later
from lumenpay.access.rules import JoinDecision
from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.models.access import Membership
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.jobs import JobStatus
from tenants_worker.tasks.channels import check_due
from tests.integration.access.test_removal import enter, membership_of
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def status_of(stall: Stall) -> ChannelStatus:
    return (await stall.market.get(stall.tenant_id, Channel, stall.channel_id)).status


async def calls_to(stall: Stall, *methods: str) -> int:
    calls = await stall.market.telegram("GET", "/calls")
    return len([call for call in calls if call["method"] in methods])


def admin(stall: Stall) -> str:
    return f"/channels/{stall.chat_id}/admins/{stall.telegram_bot_id}"


async def test_lost_and_returned_rights_are_noticed_though_telegram_tells_of_neither_e9_e10(
    market: Market, stall: Stall
) -> None:
    await stall.check_rights()
    await market.telegram("PUT", admin(stall), can_restrict_members=False)
    await market.skip(minutes=59)
    await stall.check_rights()
    assert await status_of(stall) == ChannelStatus.ACTIVE
    await market.skip(minutes=2)
    await stall.check_rights()
    assert await status_of(stall) == ChannelStatus.RIGHTS_MISSING
    await market.telegram("PUT", admin(stall))
    await market.skip(minutes=11)
    await stall.check_rights()
    assert await status_of(stall) == ChannelStatus.ACTIVE


async def test_only_channels_whose_time_has_come_are_looked_at_e10(market: Market, stall: Stall) -> None:
    paused = await open_stall(market)
    await paused.change(Bot, paused.bot_id, status=BotStatus.PAUSED)
    for minutes, seen in ((0, 1), (1, 1), (58, 1), (2, 2)):
        await market.skip(minutes=minutes)
        await stall.check_rights()
        assert await calls_to(stall, "getChatMember") == seen


async def test_a_page_after_page_of_channels_is_looked_at_e10(
    market: Market, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await stall.add_channel()
    monkeypatch.setattr("tenants_worker.tasks.channels.DUE_LIMIT", 2)
    await check_due(market.worker, market.now())
    assert len(await market.jobs(stall.tenant_id, "channels.check_rights")) == 4


async def test_what_waits_for_a_lost_channel_asks_nothing_and_is_done_when_the_rights_return_e9(
    market: Market, stall: Stall
) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await enter(stall, anna)
    await market.telegram("DELETE", admin(stall))
    await market.skip(days=31)
    await stall.sweep()
    await market.skip(minutes=1)
    await stall.check_rights()
    assert await status_of(stall) == ChannelStatus.BOT_REMOVED
    before = await calls_to(stall, "getChatMember", "unbanChatMember")
    for _ in range(8):
        await market.skip(minutes=1)
        await market.work()
    assert await calls_to(stall, "getChatMember", "unbanChatMember") == before
    # A renewal by somebody else's order, paid meanwhile, waits as well.
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.ACTIVE)
    payment = await stall.ordered(ben)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    await stall.pay(payment)
    await stall.poll()
    await market.telegram("PUT", admin(stall))
    await market.skip(minutes=11)
    await check_due(market.worker, market.now())
    await market.work()
    assert not await stall.is_inside(anna.telegram_id)
    assert (await stall.payment(payment.id)).delivery_state == "link_sent"


async def test_rights_that_return_by_telegrams_word_wake_the_jobs_too_e9(market: Market, stall: Stall) -> None:
    from lumenpay.channels.service import record_bot_rights
    from lumenpay.telegram.facts import ChatFacts, MemberFacts

    anna = await stall.buyer()
    await enter(stall, anna)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)
    async with market.tenant(stall.tenant_id) as session:
        rights = MemberFacts(
            "administrator", is_inside=True, is_admin=True, can_invite_users=True, can_restrict_members=True
        )
        chat = ChatFacts(stall.chat_id, "channel", "Club", None)
        await record_bot_rights(session, bot_id=stall.bot_id, chat=chat, rights=rights, now=market.now())
    await market.work()
    assert not await stall.is_inside(anna.telegram_id)


async def test_a_refusal_that_the_rights_do_not_explain_is_not_asked_again_and_again_e9(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    effect = {"kind": "status", "status": 400, "description": "Bad Request: CHAT_ADMIN_REQUIRED"}
    await market.telegram("POST", "/faults", match={"method": "unbanChatMember"}, effect=effect)
    await market.skip(days=31)
    await stall.sweep()
    for _ in range(5):
        await market.work()
    assert await calls_to(stall, "unbanChatMember") == 1
    await market.skip(seconds=31)
    await market.work()
    assert await status_of(stall) == ChannelStatus.RIGHTS_MISSING or await calls_to(stall, "unbanChatMember") == 2


@pytest.mark.parametrize(
    ("decision", "waiting"), [(JoinDecision.APPROVE, [JobStatus.READY]), (JoinDecision.DECLINE, [JobStatus.DONE])]
)
async def test_in_a_lost_channel_a_yes_waits_and_a_no_is_dropped(
    market: Market, stall: Stall, decision: JoinDecision, waiting: list[JobStatus]
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    if decision is JoinDecision.DECLINE:
        await market.skip(days=31)
        await stall.sweep()
    row: Membership = await membership_of(stall, anna)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    async with market.tenant(stall.tenant_id) as session:
        answer = JoinAnswer(decision, row.id, stall.chat_id, anna.telegram_id, "Club")
        await answer_later(session, answer, bot_id=stall.bot_id, now=market.now())
    await market.work()
    jobs: list[Any] = await market.jobs(stall.tenant_id, "access.answer")
    assert [job.status for job in jobs] == waiting
    assert await calls_to(stall, "approveChatJoinRequest", "declineChatJoinRequest") == 0


async def test_a_removal_needs_only_its_own_right_e10(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.telegram("PUT", admin(stall), can_invite_users=False)
    await market.skip(hours=2)
    await stall.check_rights()
    assert await status_of(stall) == ChannelStatus.RIGHTS_MISSING
    await market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)
    await market.run(stall.tenant_id, RemoveMember((await membership_of(stall, anna)).id))
