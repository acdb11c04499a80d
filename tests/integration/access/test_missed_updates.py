"""Where Telegram's updates about members never came, Telegram is asked (E11, E20, E22)."""

from __future__ import annotations

from lumenpay.access.delivery import request_delivery
from lumenpay.models.access import AccessAction, AccessLog, ActualPlace, EntryLink, WantedPlace
from lumenpay.models.channels import Channel, EntryMode
from lumenpay.models.users import User
from tests.integration.access.test_entry import link_of
from tests.integration.access.test_removal import enter, membership_of, removals
from tests.integration.access.test_sweeps import sweep
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def ask_for_links(stall: Stall, user: User) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        assert await request_delivery(session, user=user, now=stall.market.now())
    await stall.market.work()


async def test_who_came_in_unnoticed_is_taken_out_in_the_end_e22(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    assert (await membership_of(stall, anna)).actual == ActualPlace.OUTSIDE
    await market.skip(days=31)
    await stall.sweep()
    assert (await stall.is_inside(anna.telegram_id), await removals(stall)) == (False, 1)


async def test_who_knocked_during_an_outage_of_more_than_a_day_is_let_in_and_a_stranger_is_not_e22(
    market: Market, stall: Stall
) -> None:
    anna, eve = await stall.buyer(), await stall.buyer()
    payment = await stall.bought(anna)
    link = await link_of(stall, anna)
    for user in (anna, eve):
        asked = await market.telegram("POST", f"/users/{user.telegram_id}/join", invite_link=link)
        assert asked["outcome"] == "requested"
    # The updates about both are gone for good, and whoever waits already cannot knock again.
    await market.skip(hours=25)
    await sweep(stall)
    assert await stall.is_inside(anna.telegram_id)
    assert not await stall.is_inside(eve.telegram_id)
    assert (await membership_of(stall, anna)).actual == ActualPlace.INSIDE
    assert (await stall.payment(payment.id)).delivery_state == "joined"
    approved = AccessLog.action == AccessAction.REQUEST_APPROVED
    assert await market.count(stall.tenant_id, AccessLog, approved) == 1
    await sweep(stall)
    assert await market.count(stall.tenant_id, AccessLog, approved) == 1


async def test_whom_we_let_in_is_inside_before_telegram_says_so_e11(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    link = await link_of(stall, anna)
    await market.telegram("POST", f"/users/{anna.telegram_id}/join", invite_link=link)
    await stall.knock(anna.telegram_id, link, is_heard=False)
    assert (await membership_of(stall, anna)).actual == ActualPlace.INSIDE
    assert (await stall.payment(payment.id)).delivery_state == "joined"
    # The update comes late: it is the coming in that is logged, and once.
    for _ in range(2):
        await stall.came_in(anna.telegram_id, link)
    assert await market.count(stall.tenant_id, AccessLog, AccessLog.action == AccessAction.JOINED) == 1


async def test_who_left_unnoticed_gets_a_way_in_with_the_links_e20_e22(market: Market) -> None:
    stall = await open_stall(market, entry_mode=EntryMode.SINGLE_USE_LINK)
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.work()
    await market.telegram("DELETE", f"/channels/{stall.chat_id}/members/{anna.telegram_id}")
    assert (await membership_of(stall, anna)).actual == ActualPlace.INSIDE
    await ask_for_links(stall, anna)
    assert "уже внутри" not in (await stall.texts(anna))[-1]
    assert await stall.join(anna, await link_of(stall, anna)) == "joined"


async def test_who_is_inside_gets_no_single_use_link_that_somebody_else_could_take_e14(market: Market) -> None:
    stall = await open_stall(market, entry_mode=EntryMode.SINGLE_USE_LINK)
    anna = await stall.buyer()
    await enter(stall, anna)
    await market.work()
    links = len((await market.telegram("GET", f"/channels/{stall.chat_id}"))["links"])
    await ask_for_links(stall, anna)
    assert "уже внутри" in (await stall.texts(anna))[-1]
    assert len((await market.telegram("GET", f"/channels/{stall.chat_id}"))["links"]) == links


async def test_who_was_inside_before_and_left_unnoticed_comes_back_like_everybody_else_e21(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    await stall.bought(anna)
    assert (await membership_of(stall, anna)).wanted == WantedPlace.UNMANAGED
    await market.telegram("DELETE", f"/channels/{stall.chat_id}/members/{anna.telegram_id}")
    await ask_for_links(stall, anna)
    await stall.join(anna, await link_of(stall, anna))
    assert await stall.is_inside(anna.telegram_id)
    await market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)


async def test_another_way_of_entry_replaces_the_old_link_and_leaves_none_behind(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    old = await link_of(stall, anna)
    await stall.change(Channel, stall.channel_id, entry_mode=EntryMode.SINGLE_USE_LINK)
    for _ in range(3):
        await ask_for_links(stall, anna)
    new = await link_of(stall, anna)
    assert old not in (await stall.texts(anna))[-1]
    shown = (await market.telegram("GET", f"/channels/{stall.chat_id}"))["links"]
    assert {link["invite_link"]: link["is_revoked"] for link in shown if link.get("name")} == {old: True, new: False}
    assert await stall.join(anna, new) == "joined"


async def test_an_old_link_that_telegram_does_not_know_does_not_keep_the_person_from_a_new_one(
    market: Market, stall: Stall
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    [row] = await market.rows(stall.tenant_id, EntryLink)
    await stall.change(EntryLink, row.id, url="https://t.me/+unknown")
    await stall.change(Channel, stall.channel_id, entry_mode=EntryMode.SINGLE_USE_LINK)
    await ask_for_links(stall, anna)
    assert await stall.join(anna, await link_of(stall, anna)) == "joined"
