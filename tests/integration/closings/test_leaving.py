"""A tenant leaves: its bots stop at once and lose their secrets, its lists can be taken along, the end called off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg

from lumenpay.jobs.catalogue import RegisterWebhook
from lumenpay.models.billing import PlatformSubscription
from lumenpay.models.bots import Bot
from lumenpay.models.exports import Export
from lumenpay.models.tenants import Role, Tenant
from tenants_worker.tasks import closings
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def close(desk: Desk, name: str = "Alpha", *, role: Role = Role.OWNER) -> tuple[int, dict[str, Any]]:
    answer = await desk.ask("POST", "/close", role=role, json={"name": name})
    return answer.status, answer.json()


async def tenants(market: Market, stall: Stall) -> Tenant:
    async with market.tenant(stall.tenant_id) as session:
        return await session.get_one(Tenant, stall.tenant_id)


async def test_webhooks_are_cleared_and_secrets_destroyed_at_once_o3(market: Market, stall: Stall, desk: Desk) -> None:
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert bot.token_sealed
    assert bot.shop_sealed
    await market.run(stall.tenant_id, RegisterWebhook(stall.bot_id))
    feed = market.world.bots[stall.telegram_bot_id].feed
    assert feed.settings.url
    status, told = await close(desk)
    assert (status, told["removal_at"] is not None) == (202, True)
    await market.work()
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert (bot.status, bot.token_sealed, bot.webhook_sealed, bot.shop_sealed) == ("deleted", None, None, None)
    assert not feed.settings.url
    tenant = await tenants(market, stall)
    assert tenant.removal_at is not None
    assert tenant.removal_at - market.now() > timedelta(days=29)


async def test_only_the_owner_and_only_with_the_name_typed_o3(stall: Stall, desk: Desk) -> None:
    status, told = await close(desk, "Alfa")
    assert (status, told["code"], told["fields"]) == (422, "name_mismatch", {"name": "mismatch"})
    for role in (Role.MANAGER, Role.SUPPORT, Role.ANALYST):
        assert (await close(desk, role=role))[1]["code"] == "role_not_allowed"


async def test_lists_are_taken_along_and_nothing_else_is_changed_until_it_is_called_off_o3(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    await close(desk)
    assert (await close(desk))[0] == 202
    export = {"kind": "subscribers", "format": "csv", "columns": ["telegram_id"]}
    assert (await desk.ask("POST", "/exports", json=export)).status < 300
    await market.work()
    assert (await desk.ask("POST", "/exports/whole", json={"format": "csv"})).status == 202
    await market.work()
    assert {(row.kind, row.status) for row in await market.rows(stall.tenant_id, Export)} == {
        ("subscribers", "done"),
        ("whole", "done"),
    }
    assert (await desk.ask("POST", f"/users/{anna.id}/data")).status == 200
    note = await desk.ask("PUT", f"/users/{anna.id}/note", json={"note": "x"})
    assert (note.status, note.json()["code"]) == (409, "tenant_closing")
    assert (await desk.post("/keep"))["removal_at"] is None
    assert (await desk.ask("PUT", f"/users/{anna.id}/note", json={"note": "x"})).status == 200


async def test_who_is_still_billed_cancels_first_o3(market: Market, stall: Stall, desk: Desk) -> None:
    async with market.tenant(stall.tenant_id) as session:
        row = PlatformSubscription(
            tenant_id=stall.tenant_id, stripe_status="active", next_look_at=market.now(), created_at=market.now()
        )
        session.add(row)
    assert (await desk.get("/billing"))["is_renewing"] is True
    assert (await close(desk))[1]["code"] == "still_billed"
    async with market.tenant(stall.tenant_id) as session:
        row = await session.get_one(PlatformSubscription, (stall.tenant_id, row.id))
        row.cancels_at = market.now() + timedelta(days=9)
    assert (await desk.get("/billing"))["is_renewing"] is False
    assert (await close(desk))[0] == 202


async def test_the_clock_of_the_database_decides_and_not_a_workers_o3(market: Market, stall: Stall, desk: Desk) -> None:
    await close(desk)
    await market.skip(days=31)
    await closings.remove_due(market.worker, market.now())
    assert (await tenants(market, stall)).id == stall.tenant_id


async def test_when_its_time_is_over_the_tick_removes_it_and_nobody_calls_it_off_o3(
    market: Market, stall: Stall, desk: Desk, superuser_url: str
) -> None:
    await close(desk)
    superuser = await asyncpg.connect(superuser_url, timeout=10)
    try:
        await superuser.execute("UPDATE tenants SET removal_at = '2000-01-01' WHERE id = $1", stall.tenant_id)
        kept = await desk.ask("POST", "/keep")
        assert (kept.status, kept.json()["code"]) == (409, "tenant_closing")
        await closings.remove_due(market.worker, market.now())
        assert await superuser.fetchval("SELECT count(*) FROM tenants WHERE id = $1", stall.tenant_id) == 0
    finally:
        await superuser.close()


async def test_a_bot_that_is_connected_again_goes_on_where_it_was(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    await stall.bought(anna)
    token = market.world.bots[stall.telegram_bot_id].token
    await close(desk)
    await market.work()
    # Until then everything can be looked at.
    for path in ("/plans", "/promo-codes", "/campaigns"):
        assert (await desk.ask("GET", path)).status == 200, path
    await desk.post("/keep")
    connected = await desk.ask("POST", "/bots", json={"token": token})
    assert (connected.status, connected.json()["id"]) == (201, str(stall.bot_id))
    await market.work()
    bot = await market.get(stall.tenant_id, Bot, stall.bot_id)
    assert (bot.status, bot.telegram_id, bot.former_telegram_id) == ("active", stall.telegram_bot_id, None)
    assert (bot.shop_status, bot.shop_id) == ("not_connected", None)
    assert market.world.bots[stall.telegram_bot_id].feed.settings.url
    seen = await desk.get(f"/users/{anna.id}")
    assert (seen["bot_id"], len(seen["subscriptions"])) == (str(stall.bot_id), 1)
    assert [one["id"] for one in (await desk.get("/bots"))["items"]] == [str(stall.bot_id)]
