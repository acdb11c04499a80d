"""Being let in without paying, and the end of that."""

from __future__ import annotations

import pytest

from lumenpay.access.whitelist import change_whitelisting
from lumenpay.audit.service import SYSTEM
from lumenpay.models.access import WantedPlace
from lumenpay.models.users import User
from tests.integration.access.test_removal import enter, membership_of
from tests.integration.access.test_shared_chats import decision_of
from tests.support.market import Market
from tests.support.stall import Stall


async def whitelist(stall: Stall, user: User, *, is_whitelisted: bool) -> None:
    market = stall.market
    async with market.tenant(stall.tenant_id) as session:
        await change_whitelisting(
            session, user.id, is_whitelisted=is_whitelisted, actor=SYSTEM, now=market.now()
        )  # fmt: skip
    await market.work()


async def test_who_is_not_let_in_free_any_more_is_taken_out(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await whitelist(stall, anna, is_whitelisted=True)
    await decision_of(stall, anna)
    assert await stall.is_inside(anna.telegram_id)
    await market.skip(days=400)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)
    await whitelist(stall, anna, is_whitelisted=False)
    assert not await stall.is_inside(anna.telegram_id)


async def test_who_lapsed_while_let_in_free_is_taken_out_with_the_end_of_that(market: Market, stall: Stall) -> None:
    anna = await stall.buyer()
    await enter(stall, anna)
    await whitelist(stall, anna, is_whitelisted=True)
    await market.skip(days=31)
    await stall.sweep()
    assert await stall.is_inside(anna.telegram_id)
    await whitelist(stall, anna, is_whitelisted=False)
    assert not await stall.is_inside(anna.telegram_id)


@pytest.mark.parametrize("why", ["pays", "was inside before", "was added by hand"])
async def test_who_has_another_reason_to_be_inside_stays(market: Market, stall: Stall, why: str) -> None:
    anna = await stall.buyer()
    if why == "pays":
        await enter(stall, anna)
    else:
        await market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=anna.telegram_id)
    if why == "was inside before":
        await stall.bought(anna)
        await market.skip(days=31)
        await stall.sweep()
    await whitelist(stall, anna, is_whitelisted=True)
    if why == "was added by hand":
        await stall.came_in(anna.telegram_id, was_added=True)
        assert (await membership_of(stall, anna)).wanted == WantedPlace.UNMANAGED
    await whitelist(stall, anna, is_whitelisted=False)
    assert await stall.is_inside(anna.telegram_id)
