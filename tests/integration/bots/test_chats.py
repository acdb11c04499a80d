"""Where an owner opens the chat with a bot: in Telegram, or at the stand-in that all bots are at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from control_plane.app import ControlPlane
from lumenpay.db.session import Database
from lumenpay.db.unscoped import unscoped_session
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.accounts import AdminIdentity
from lumenpay.models.bots import Bot
from tests.integration.control_plane.conftest import Owner, owner
from tests.support.desk import Desk, desk
from tests.support.market import Market, market
from tests.support.portal import Portal, portal
from tests.support.stall import Stall, open_stall

__all__ = ["desk", "market", "owner", "portal"]


@pytest.fixture
async def stall(market: Market) -> Stall:
    return await open_stall(market)


async def test_a_bot_is_opened_in_telegram(market: Market, stall: Stall, desk: Desk) -> None:
    services = desk.app.services
    # A sandbox for test drives is not where the bots are.
    settings = services.settings.model_copy(update={"sandbox_telegram_url": "http://sandbox:8081"})
    desk = replace(desk, app=ControlPlane(replace(services, settings=settings)))
    (bot,) = await market.rows(stall.tenant_id, Bot)
    address = f"https://t.me/{bot.username}"
    (listed,) = (await desk.get("/bots"))["items"]
    assert [listed["chat_url"], (await desk.get("/onboarding"))["bot_link"]] == [address, address]


async def test_at_a_stand_in_for_telegram_a_bot_is_opened_there_as_the_person_whom_one_linked(
    portal: Portal, owner: Owner, database: Database
) -> None:
    made = portal.new_bot()
    answer = await owner.browser.request("POST", owner.path("/bots"), json={"token": made.token})
    chats = f"{portal.worker.settings.telegram_api_url}/?"
    assert answer.json()["chat_url"] == f"{chats}bot={answer.json()['username']}"
    me = await owner.browser.request("GET", "/api/v1/auth/me")
    async with unscoped_session(database) as session:
        session.add(
            AdminIdentity(
                id=new_uuid7(), admin_id=me.json()["id"], provider="telegram", subject="700001",
                created_at=portal.clock.now(),
            )
        )  # fmt: skip
    shown = (await owner.browser.request("GET", owner.path(f"/bots/{answer.json()['id']}"))).json()
    first = (await owner.browser.request("GET", owner.path("/onboarding"))).json()
    address = f"{chats}you=700001&bot={shown['username']}"
    assert [shown["chat_url"], first["bot_link"]] == [address, address]
