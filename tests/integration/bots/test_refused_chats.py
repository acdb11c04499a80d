"""Chats that could not become channels though the bot was made an admin there: the owner sees which, and why."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel
from lumenpay.models.tenants import Tenant
from tests.support.chat import Phone, open_phone
from tests.support.desk import Desk, desk
from tests.support.market import Market, market
from tests.support.portal import portal
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market", "portal"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


@pytest.fixture
async def phone(stall: Stall) -> Phone:
    return await open_phone(stall)


async def refused(phone: Phone) -> tuple[int | None, str | None, str | None]:
    bot = await phone.stall.market.get(phone.stall.tenant_id, Bot, phone.stall.bot_id)
    return bot.refused_chat_id, bot.refused_chat_title, bot.refused_chat_reason


async def allow_channels(stall: Stall, count: int) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await session.execute(sa.update(Tenant).where(Tenant.id == stall.tenant_id).values(max_channels=count))


async def test_a_channel_too_many_is_named_with_the_reason_until_there_is_room_or_the_bot_leaves(
    phone: Phone, stall: Stall, desk: Desk
) -> None:
    market, bot_id = stall.market, phone.bot.telegram_id
    await allow_channels(stall, 1)
    chats = []
    for title in ("Second", "Third"):
        made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title=title, type="channel")
        await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}")
        await phone.let_bot_work()
        assert await refused(phone) == (made["id"], title, "limit_reached")
        chats.append(made["id"])
    assert await market.count(stall.tenant_id, Channel) == 1
    # What becomes of another chat says nothing of this one.
    await market.telegram("DELETE", f"/channels/{chats[0]}/admins/{bot_id}")
    await phone.let_bot_work()
    assert (await refused(phone))[0] == chats[1]
    [shown] = (await desk.get("/bots"))["items"]
    assert shown["refused_chat"] == {"chat_id": chats[1], "title": "Third", "reason": "limit_reached"}
    await allow_channels(stall, 2)
    # What the button of the notice does.
    await desk.post("/channels", bot_id=str(stall.bot_id), chat=str(chats[1]))
    [shown] = (await desk.get("/bots"))["items"]
    assert (shown["refused_chat"], await market.count(stall.tenant_id, Channel)) == (None, 2)


async def test_a_channel_too_many_that_the_bot_leaves_is_forgotten(phone: Phone, stall: Stall) -> None:
    market, bot_id = stall.market, phone.bot.telegram_id
    await allow_channels(stall, 1)
    made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="Second", type="channel")
    await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}")
    await phone.let_bot_work()
    await market.telegram("DELETE", f"/channels/{made['id']}/admins/{bot_id}")
    await phone.let_bot_work()
    assert await refused(phone) == (None, None, None)


async def test_a_basic_group_is_named_with_the_reason_followed_and_connected_as_a_supergroup(
    phone: Phone, stall: Stall
) -> None:
    market, bot_id = stall.market, phone.bot.telegram_id
    made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="Talk", type="supergroup")
    await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}")
    [promoted] = await phone.updates()
    group = {"id": -77, "type": "group", "title": "Talk"}
    member = promoted["my_chat_member"] | {"chat": group}
    guest = {"status": "member", "user": member["new_chat_member"]["user"]}
    # Anybody brings it into any group; who makes it an admin there wants to connect it.
    await phone.feed(promoted | {"update_id": 501, "my_chat_member": member | {"new_chat_member": guest}})
    assert await refused(phone) == (None, None, None)
    await phone.feed(promoted | {"update_id": 502, "my_chat_member": member})
    assert await refused(phone) == (-77, "Talk", "channel_unsuitable")
    upgraded = {"message_id": 1, "date": 1_790_000_000, "chat": group, "migrate_to_chat_id": made["id"]}
    await phone.feed({"update_id": 503, "message": upgraded})
    assert (await refused(phone))[0] == made["id"]
    await phone.feed(promoted)
    assert await refused(phone) == (None, None, None)
    assert await market.count(stall.tenant_id, Channel, Channel.chat_id == made["id"]) == 1
