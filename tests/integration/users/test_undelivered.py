"""Paid but not inside: who it is, why, and that nobody stays on the list who is inside or has no right to be."""

from __future__ import annotations

from typing import Any

from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.users import User
from tests.integration.access.test_removal import enter
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def listed(desk: Desk) -> dict[str, str]:
    page = await desk.get("/payments/undelivered")
    assert page["total"] == len(page["items"])
    return {item["payment"]["user"]["id"]: item["reason"] for item in page["items"]}


async def test_each_reason_is_told_and_who_is_inside_is_not_on_the_list(
    market: Market, stall: Stall, desk: Desk
) -> None:
    people: dict[str, User] = {name: await stall.buyer() for name in ("inside", "waiting", "left", "blocked")}
    await enter(stall, people["inside"])
    await enter(stall, people["left"])
    await stall.left(people["left"])
    await stall.bought(people["waiting"])
    await stall.bought(people["blocked"])
    await stall.change(User, people["blocked"].id, blocked_bot_at=market.now())
    expected = {"waiting": "link_not_opened", "left": "left", "blocked": "bot_blocked"}
    assert await listed(desk) == {str(people[name].id): reason for name, reason in expected.items()}
    await stall.change(Channel, stall.channel_id, status=ChannelStatus.BOT_REMOVED)
    assert set((await listed(desk)).values()) == {"bot_lacks_rights"}


async def test_the_list_empties_when_they_come_in_or_their_time_is_over(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await stall.bought(anna)
    await stall.bought(anna)
    await stall.bought(boris)
    first: list[dict[str, Any]] = (await desk.get("/payments/undelivered"))["items"]
    assert [item["payment"]["user"]["id"] for item in first] == [str(anna.id), str(boris.id)]
    assert first[0]["age_seconds"] >= 30
    assert [place["channel_id"] for place in first[0]["places"]] == [str(stall.channel_id)]
    await enter(stall, anna)
    assert await listed(desk) == {str(boris.id): "link_not_opened"}
    await market.skip(days=31)
    await stall.sweep()
    assert str(boris.id) not in await listed(desk)
