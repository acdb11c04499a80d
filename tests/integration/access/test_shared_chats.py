"""Two bots in one chat, of one tenant or of two: neither refuses nor takes out whom the other one lets in (A19)."""

from __future__ import annotations

import pytest

from lumenpay.access.rules import JoinDecision
from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.models.access import Membership
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.users import User
from lumenpay.users.service import Person, ensure_user
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


@pytest.fixture(params=["one tenant", "two tenants"])
async def other(request: pytest.FixtureRequest, market: Market, stall: Stall) -> Stall:
    """Another bot in the stall's chat."""
    tenant_id = stall.tenant_id if request.param == "one tenant" else None
    return await open_stall(market, chat_id=stall.chat_id, tenant_id=tenant_id)


async def known_to(other: Stall, person: User) -> User:
    async with other.market.tenant(other.tenant_id) as session:
        who = Person(person.telegram_id, "Anna", None, None, "ru")
        return await ensure_user(session, bot_id=other.bot_id, person=who, now=other.market.now())


async def membership_of(stall: Stall, person: User) -> Membership:
    rows = await stall.market.rows(
        stall.tenant_id, Membership, Membership.telegram_id == person.telegram_id,
        Membership.channel_id == stall.channel_id,
    )  # fmt: skip
    return rows[0]


async def decision_of(stall: Stall, person: User) -> JoinDecision:
    await stall.market.telegram("POST", f"/users/{person.telegram_id}/join", invite_link=await open_link(stall))
    return (await stall.knock(person.telegram_id)).decision


async def open_link(stall: Stall) -> str:
    worker, chat_id = stall.market.worker, stall.chat_id
    from lumenpay.bots.secrets import open_token

    bot = await stall.market.get(stall.tenant_id, Bot, stall.bot_id)
    return await worker.telegram.create_entry_link(
        open_token(stall.market.ring, bot), chat_id=chat_id, name="x", needs_approval=True, expires_at=None
    )


async def test_the_first_bots_payer_is_neither_declined_nor_taken_out_by_the_second(
    market: Market, stall: Stall, other: Stall
) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    assert await decision_of(other, anna) is JoinDecision.APPROVE
    await other.came_in(anna.telegram_id, "https://t.me/+foreign")
    await market.work()
    assert await stall.is_inside(anna.telegram_id)


async def test_whom_the_owner_of_the_first_bot_lets_in_free_stays_for_the_second(
    market: Market, stall: Stall, other: Stall
) -> None:
    anna = await stall.buyer()
    await stall.change(User, anna.id, is_whitelisted=True)
    assert await decision_of(other, anna) is JoinDecision.APPROVE
    await other.came_in(anna.telegram_id, "https://t.me/+foreign")
    await market.work()
    assert await stall.is_inside(anna.telegram_id)


async def test_who_lapsed_at_both_is_taken_out(market: Market, stall: Stall, other: Stall) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    assert await decision_of(other, anna) is JoinDecision.APPROVE
    await market.skip(days=31)
    await stall.sweep()
    assert not await stall.is_inside(anna.telegram_id)


@pytest.mark.parametrize("lost", ["the rights", "the bot"])
async def test_a_tenant_that_lost_the_chat_keeps_nobody_in_another_tenants_chat_a19(
    market: Market, stall: Stall, lost: str
) -> None:
    other = await open_stall(market, chat_id=stall.chat_id)
    anna = await stall.buyer()
    await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    await other.bought(await known_to(other, anna))
    if lost == "the rights":
        await other.change(Channel, other.channel_id, status=ChannelStatus.BOT_REMOVED)
    else:
        await other.change(Bot, other.bot_id, status=BotStatus.TOKEN_REVOKED)
    await stall.came_in(anna.telegram_id, "https://t.me/+foreign")
    await market.run(stall.tenant_id, RemoveMember((await membership_of(stall, anna)).id))
    assert not await stall.is_inside(anna.telegram_id)
