"""A group that became a supergroup while nobody told us: whichever call finds it, its job is done in the new chat."""

from __future__ import annotations

from typing import Any

import pytest

from lumenpay.channels.service import migrate_chat
from lumenpay.jobs.catalogue import CheckChannelRights
from lumenpay.jobs.errors import JobPostponed
from lumenpay.models.access import ActualPlace
from lumenpay.models.channels import Channel, ChannelKind
from lumenpay.models.jobs import JobStatus
from tests.integration.access.test_entry import link_of
from tests.integration.access.test_removal import membership_of
from tests.support.market import Market
from tests.support.stall import Stall


async def becomes_supergroup(stall: Stall, *methods: str) -> int:
    """Telegram answers calls about the old chat, of these methods once each, with the id of the new one."""
    market = stall.market
    made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="Club", type="supergroup")
    await market.telegram("PUT", f"/channels/{made['id']}/admins/{stall.telegram_bot_id}")
    effect = {
        "kind": "status", "status": 400, "parameters": {"migrate_to_chat_id": made["id"]},
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }  # fmt: skip
    for method in methods:
        await market.telegram("POST", "/faults", match={"method": method, "count": 1}, effect=effect)
    return int(made["id"])


async def channel_of(stall: Stall) -> Channel:
    channel: Channel = await stall.market.get(stall.tenant_id, Channel, stall.channel_id)
    return channel


async def moved_to(stall: Stall, chat_id: int) -> None:
    """The channel is the new chat, no job is left and none has died."""
    channel = await channel_of(stall)
    assert (channel.chat_id, channel.kind) == (chat_id, ChannelKind.SUPERGROUP)
    jobs = await stall.market.jobs(stall.tenant_id)
    assert [job.kind for job in jobs if job.status != JobStatus.DONE] == []


async def test_a_paid_link_is_made_for_the_new_chat_e13(market: Market, stall: Stall) -> None:
    chat_id = await becomes_supergroup(stall, "createChatInviteLink")
    anna = await stall.buyer()
    await stall.bought(anna)
    await moved_to(stall, chat_id)
    shown = await market.telegram("GET", f"/channels/{chat_id}")
    assert [link["invite_link"] for link in shown["links"]].count(await link_of(stall, anna)) == 1
    assert sum("Готово" in told for told in await stall.texts(anna)) == 1


async def test_whoever_ended_is_taken_out_of_the_new_chat_e13(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    await stall.join(anna, await link_of(stall, anna))
    chat_id = await becomes_supergroup(stall, "getChatMember")
    await market.telegram("POST", f"/channels/{chat_id}/members", user_id=anna.telegram_id)
    await market.skip(days=31)
    await stall.sweep()
    await moved_to(stall, chat_id)
    assert not await stall.is_inside(anna.telegram_id, chat_id)
    assert (await membership_of(stall, anna)).actual == ActualPlace.OUTSIDE


async def test_a_look_at_the_rights_finds_those_in_the_new_chat_e13(market: Market, stall: Stall) -> None:
    chat_id = await becomes_supergroup(stall, "getChatMember")
    await market.skip(hours=2)
    await stall.check_rights()
    await moved_to(stall, chat_id)
    assert (await channel_of(stall)).status == "active"


@pytest.mark.parametrize("is_known", [True, False])
async def test_the_message_about_it_moves_all_or_nothing_however_often_it_comes_e13(
    market: Market, stall: Stall, is_known: bool
) -> None:
    new_id = stall.chat_id - 5
    if is_known:
        await stall.add_channel(chat_id=(await becomes_supergroup(stall)))
        new_id = max(channel.chat_id for channel in await _channels(stall) if channel.id != stall.channel_id)
    for _ in range(3):
        async with market.tenant(stall.tenant_id) as session:
            is_followed = await migrate_chat(
                session, bot_id=stall.bot_id, old_chat_id=stall.chat_id, new_chat_id=new_id
            )
        assert is_followed is not is_known
    # Where the bot looks after the new chat already, neither of the two rows is touched.
    assert (await channel_of(stall)).chat_id == (stall.chat_id if is_known else new_id)


async def test_a_job_whose_chat_cannot_be_followed_does_not_ask_for_ever_e13(market: Market, stall: Stall) -> None:
    await stall.add_channel(chat_id=await becomes_supergroup(stall, "getChatMember"))
    with pytest.raises(JobPostponed) as postponed:
        await market.run(stall.tenant_id, CheckChannelRights(stall.channel_id))
    assert postponed.value.does_count


async def _channels(stall: Stall) -> list[Any]:
    return await stall.market.rows(stall.tenant_id, Channel)
