"""Asking the gateway about a shop's stored keys: what it says is stored, shown and told apart from no answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from lumenpay.audit.service import SYSTEM
from lumenpay.bots.repository import get_bot
from lumenpay.bots.secrets import seal_shop
from lumenpay.bots.service import record_shop_check
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.models.bots import ShopStatus
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import Answer
from tests.support.portal import Portal


@dataclass
class Seller:
    """A tenant with a shop that the gateway knows."""

    portal: Portal
    side: Side
    shop: Any

    async def ask(self, method: str = "POST", rest: str = "/check") -> Answer:
        path = f"/api/v1/tenants/{self.side.tenant_id}/bots/{self.side.ids['bot_id']}/shop{rest}"
        return await self.portal.browser(self.side.owner.token).request(method, path)


@pytest.fixture
async def seller(portal: Portal, seeder: Seeder) -> Seller:
    shop = portal.new_shop()
    keys = {"shop_id": shop.shop_id, "secret_key": shop.secret_key}
    return Seller(portal, await seeder.side("alpha", {Role.OWNER: "Alice"}, **keys), shop)


@pytest.fixture
async def sql(superuser_url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await asyncpg.connect(superuser_url, timeout=10)
    yield connection
    await connection.close()


async def test_keys_that_the_gateway_accepts_are_known_to_work_as_of_now(seller: Seller) -> None:
    seller.portal.clock.advance(hours=2)
    answer = await seller.ask()
    assert (answer.status, answer.json()["status"], answer.json()["is_test"]) == (200, "active", True)
    assert answer.json()["checked_at"] == seller.portal.clock.now().isoformat().replace("+00:00", "Z")
    assert (await seller.ask("GET", "")).json() == answer.json()


async def test_keys_that_the_gateway_refuses_stop_the_shop_until_they_work_again_d20(
    seller: Seller, sql: asyncpg.Connection[Any]
) -> None:
    key, seller.shop.secret_key = seller.shop.secret_key, "test_another"
    refused = await seller.ask()
    assert (refused.status, refused.json()["code"]) == (409, "shop_keys_refused")
    assert key.encode() not in refused.body
    assert (await seller.ask("GET", "")).json()["status"] == "rejected"
    seller.shop.secret_key = key
    assert (await seller.ask()).json()["status"] == "active"
    said = await sql.fetch("SELECT details FROM audit_events WHERE action = 'shop.checked' ORDER BY id")
    assert [row["details"] for row in said] == ['{"is_accepted": false}', '{"is_accepted": true}']


async def test_a_gateway_that_does_not_answer_says_nothing_of_the_keys(seller: Seller) -> None:
    faults = seller.portal.gateway.faults
    fault = faults.add(match={}, effect={"kind": "status", "status": 500})
    try:
        answer = await seller.ask()
    finally:
        del faults.faults[fault.fault_id]
    assert (answer.status, answer.json()["code"]) == (503, "gateway_unavailable")
    assert answer.header("retry-after")
    shown = (await seller.ask("GET", "")).json()
    assert (shown["status"], shown["checked_at"]) == ("active", None)


async def test_without_a_shop_there_is_nothing_to_ask(seller: Seller) -> None:
    assert (await seller.ask("DELETE", "")).status == 204
    answer = await seller.ask()
    assert (answer.status, answer.json()["code"]) == (409, "shop_not_connected")


async def test_an_answer_about_keys_that_were_replaced_meanwhile_changes_nothing(
    seller: Seller, database: Database, ring: KeyRing
) -> None:
    bot_id, now = seller.side.ids["bot_id"], seller.portal.clock.now()
    async with database.tenant(seller.side.tenant_id) as session:
        asked = await get_bot(session, bot_id)
    async with database.tenant(seller.side.tenant_id) as session:
        seal_shop(ring, await get_bot(session, bot_id), shop_id="7", secret_key=Secret("live_newer"))
    async with database.tenant(seller.side.tenant_id) as session:
        await record_shop_check(session, asked, is_test=None, actor=SYSTEM, now=now)
    async with database.tenant(seller.side.tenant_id) as session:
        bot = await get_bot(session, bot_id)
    assert (bot.shop_status, bot.shop_checked_at) == (ShopStatus.ACTIVE, None)
