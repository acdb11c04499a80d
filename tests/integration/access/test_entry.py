"""Entry: only the payer gets in, by whichever link, and comes back after leaving."""

from __future__ import annotations

import asyncio

import pytest

from lumenpay.access.delivery import request_delivery
from lumenpay.access.overview import list_access
from lumenpay.access.rules import JoinDecision
from lumenpay.jobs.catalogue import AnswerJoinRequest, DeliverAccess, Queue
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, EntryLink, Membership, WantedPlace
from lumenpay.models.channels import Channel, ChannelStatus, EntryMode
from lumenpay.models.jobs import JobStatus
from lumenpay.models.payments import DeliveryState
from lumenpay.models.users import User
from lumenpay.telegram.errors import TelegramUnavailableError
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def link_of(stall: Stall, user: User, channel_id: object = None) -> str:
    rows = await stall.market.rows(
        stall.tenant_id, EntryLink, EntryLink.user_id == user.id, EntryLink.status == "active",
        EntryLink.channel_id == (channel_id or stall.channel_id),
    )  # fmt: skip
    assert len(rows) == 1
    return str(rows[0].url)


async def test_the_payer_knocks_and_is_let_in_and_the_order_says_joined(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    assert await stall.join(anna, await link_of(stall, anna)) == "requested"
    assert await stall.is_inside(anna.telegram_id)
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.JOINED


async def test_a_shared_link_lets_only_the_payer_in_e14(market: Market, stall: Stall) -> None:
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    link = await link_of(stall, anna)
    await stall.join(ben, link)
    assert not await stall.is_inside(ben.telegram_id)
    declined = await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.REQUEST_DECLINED)
    assert declined == 1
    await stall.join(anna, link)
    assert await stall.is_inside(anna.telegram_id)


async def test_a_payer_with_another_account_is_declined_e16(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    other = await market.telegram("POST", "/users", first_name="Anna")
    await market.telegram("POST", f"/users/{other['id']}/join", invite_link=await link_of(stall, anna))
    answer = await stall.knock(other["id"])
    assert answer.decision is JoinDecision.DECLINE
    assert not await stall.is_inside(other["id"])


async def test_who_left_while_paid_comes_back_by_the_same_link_e20(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    link = await link_of(stall, anna)
    await stall.join(anna, link)
    await stall.left(anna)
    assert not await stall.is_inside(anna.telegram_id)
    await stall.join(anna, link)
    assert await stall.is_inside(anna.telegram_id)


async def test_a_single_use_link_is_revoked_on_its_first_use_and_opens_nothing_after_the_leaver_e14(
    market: Market,
) -> None:
    stall = await open_stall(market, entry_mode=EntryMode.SINGLE_USE_LINK)
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    link = await link_of(stall, anna)
    assert await stall.join(anna, link) == "joined"
    await market.work()
    await stall.left(anna)
    assert await stall.join(ben, link) not in ("joined", "requested")
    async with market.tenant(stall.tenant_id) as session:
        assert await request_delivery(session, user=anna, now=market.now())
    await market.work()
    assert await stall.join(anna, await link_of(stall, anna)) == "joined"


async def test_a_stranger_who_takes_a_single_use_link_is_removed_and_the_payer_gets_another_e14(
    market: Market,
) -> None:
    stall = await open_stall(market, entry_mode=EntryMode.SINGLE_USE_LINK)
    anna, ben = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    stolen = await link_of(stall, anna)
    assert await stall.join(ben, stolen) == "joined"
    await market.work()
    assert (await stall.member_status(ben.telegram_id), await stall.is_inside(ben.telegram_id)) == ("left", False)
    async with market.tenant(stall.tenant_id) as session:
        await request_delivery(session, user=anna, now=market.now())
    await market.work()
    assert await link_of(stall, anna) != stolen


async def test_a_lost_answer_leaves_one_working_link_e15(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    match = {"method": "createChatInviteLink", "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "drop_after"})
    await stall.pay(payment)
    await stall.poll()
    await market.skip(seconds=10)
    await market.work()
    channel = await market.telegram("GET", f"/channels/{stall.chat_id}")
    assert len([link for link in channel["links"] if link.get("name") == str(anna.telegram_id)]) == 2
    await stall.join(anna, await link_of(stall, anna))
    assert await stall.is_inside(anna.telegram_id)


async def test_two_workers_at_once_give_the_payer_one_link(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    await stall.change(EntryLink, (await market.rows(stall.tenant_id, EntryLink))[0].id, status="revoked")
    await asyncio.gather(*(market.run(stall.tenant_id, DeliverAccess(payment.id)) for _ in range(4)))
    await link_of(stall, anna)


async def test_missing_rights_keep_the_order_waiting_and_it_heals_when_they_return_e9(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await market.telegram("DELETE", f"/channels/{stall.chat_id}/admins/{stall.telegram_bot_id}")
    await stall.pay(payment)
    await stall.poll()
    assert (await market.get(stall.tenant_id, Channel, stall.channel_id)).status != ChannelStatus.ACTIVE
    assert await market.jobs(stall.tenant_id, "access.deliver", status=JobStatus.READY)
    await market.telegram("PUT", f"/channels/{stall.chat_id}/admins/{stall.telegram_bot_id}")
    await market.skip(minutes=11)
    await stall.check_rights()
    await stall.join(anna, await link_of(stall, anna))
    assert await stall.is_inside(anna.telegram_id)


async def test_one_closed_channel_of_a_bundle_does_not_keep_the_other_from_the_payer(
    market: Market, stall: Stall
) -> None:
    second = await stall.add_channel(plan_id=stall.plan_id)
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await stall.change(Channel, second.id, status=ChannelStatus.BOT_REMOVED)
    await stall.pay(payment)
    await stall.poll()
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.LINK_SENT
    await link_of(stall, anna)
    await stall.change(Channel, second.id, status=ChannelStatus.ACTIVE)
    before = len(await stall.texts(anna))
    await market.skip(minutes=11)
    await market.work()
    await link_of(stall, anna, second.id)
    assert len(await stall.texts(anna)) == before + 1


async def test_an_order_is_joined_when_the_person_is_inside_everywhere(market: Market, stall: Stall) -> None:
    second = await stall.add_channel(plan_id=stall.plan_id)
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    await stall.join(anna, await link_of(stall, anna))
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.LINK_OPENED
    first_chat, stall.chat_id = stall.chat_id, second.chat_id
    await stall.join(anna, await link_of(stall, anna, second.id))
    stall.chat_id = first_chat
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.JOINED


async def test_a_request_that_could_not_be_answered_is_answered_by_a_job(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    link = await link_of(stall, anna)
    match = {"method": "approveChatJoinRequest", "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "drop_before"})
    with pytest.raises(TelegramUnavailableError):
        await stall.join(anna, link)
    membership = (await market.rows(stall.tenant_id, Membership))[0]
    await market.run(stall.tenant_id, AnswerJoinRequest(membership.id))
    assert await stall.is_inside(anna.telegram_id)


async def test_who_was_inside_before_the_first_order_is_never_ours_to_remove_e21(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    match = {"method": "getChatMember", "count": 1}
    await market.telegram("POST", "/faults", match=match, effect={"kind": "drop_before"})
    await stall.bought(anna)
    await market.skip(seconds=10)
    await market.work()
    membership = (await market.rows(stall.tenant_id, Membership))[0]
    assert (membership.wanted, membership.actual) == (WantedPlace.UNMANAGED, ActualPlace.INSIDE)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)


async def test_the_overview_says_what_is_open_and_why_the_rest_is_not(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()

    async def look() -> tuple[bool, bool, str, bool]:
        async with market.tenant(stall.tenant_id) as session:
            seen = (await list_access(session, user=anna, now=market.now()))[0]
        return seen.is_open, seen.is_inside, seen.why_not, seen.entry_url is not None

    assert await look() == (False, False, "not_paid", False)
    await stall.bought(anna)
    assert await look() == (True, False, "", True)
    await stall.join(anna, await link_of(stall, anna))
    assert await look() == (True, True, "", True)
    await market.skip(days=31)
    await stall.sweep()
    assert await look() == (False, False, "expired", False)


async def test_an_order_says_link_sent_only_when_a_link_was_sent_and_the_receipt_comes_once_e9(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.RIGHTS_MISSING)
    await stall.pay(payment)
    await stall.poll()
    for _ in range(3):
        await market.skip(seconds=31)
        await market.work(Queue.ACCESS)
    told = await stall.payment(payment.id)
    assert (told.delivery_state, told.receipt_sent_at is not None) == (DeliveryState.GRANTED, True)
    assert sum(text.startswith("✅ Готово!") for text in await stall.texts(anna)) == 1
    assert await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.LINK_SENT) == 0
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.ACTIVE)
    await market.skip(seconds=31)
    await market.work(Queue.ACCESS)
    assert (await stall.payment(payment.id)).delivery_state == DeliveryState.LINK_SENT
    link = (await stall.texts(anna))[-1]
    assert ("оплачено" in link, "Ссылки личные" in link) == (False, True)


async def test_links_sent_again_do_not_read_like_a_second_charge(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    async with market.tenant(stall.tenant_id) as session:
        assert await request_delivery(session, user=anna, now=market.now())
    await market.work()
    receipt, again = (await stall.texts(anna))[-2:]
    assert ("оплачено" in receipt, "оплачено" in again, "990" in again) == (True, False, False)
    assert "Доступ открыт" in again
    assert await link_of(stall, anna)


async def test_the_receipt_of_a_renewal_from_inside_speaks_of_no_links(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await stall.join(anna, await link_of(stall, anna))
    renewal = await stall.bought(anna)
    receipt = (await stall.texts(anna))[-1]
    assert ("✅ Готово!" in receipt, "вы уже внутри" in receipt, "Ссылки" in receipt) == (True, True, False)
    assert renewal.delivery_state == DeliveryState.JOINED
