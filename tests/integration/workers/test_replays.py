"""A replay through the portal is noticed by a worker at once, not at its next look."""

from __future__ import annotations

import time

import orjson
from sqlalchemy import text

from control_plane.dependencies import PLAIN_COOKIE
from lumenpay.jobs.catalogue import Queue
from lumenpay.models.inbox import InboxStatus, TelegramUpdate
from lumenpay.models.tenants import Role, TenantMember
from tests.isolation.cast import Seeder
from tests.support.chat import Phone, open_phone
from tests.support.door import SECRET_HEADER, open_door
from tests.support.market import Market, market
from tests.support.stall import open_stall
from tests.support.waiting import until

__all__ = ["market"]


async def test_an_update_that_was_set_aside_is_answered_within_a_second_of_its_replay_e4_f7(market: Market) -> None:
    stall = await open_stall(market)
    phone = await open_phone(stall)
    await market.telegram("POST", f"/users/{phone.id}/messages", bot_id=phone.bot.telegram_id, text="/help")
    raw = orjson.dumps((await phone.updates())[-1])
    number = orjson.loads(raw)["update_id"]
    alice = await Seeder(market.worker.database, market.ring, market.now()).person("Alice")
    async with market.tenant(stall.tenant_id) as session:
        session.add(
            TenantMember(tenant_id=stall.tenant_id, admin_id=alice.admin_id, role=Role.MANAGER, created_at=market.now())
        )
    async with open_door(market, Queue.UPDATES) as door:
        path, secret = await door.bot_address(stall)
        assert await door.post(path, raw, **{SECRET_HEADER: secret}) == 200
        door.worker.start()
        await until(phone.messages, what="everything is warm")
        await door.worker.answer(Queue.UPDATES)
        async with market.tenant(stall.tenant_id) as session:
            await session.execute(text("UPDATE telegram_updates SET status = 'quarantined', attempts = 5"))
        replay = f"/api/v1/tenants/{stall.tenant_id}/bots/{stall.bot_id}/updates/{number}/replay"
        started = time.monotonic()
        assert await door.post(replay, b"", cookie=f"{PLAIN_COOKIE}={alice.token}", origin=door.url) == 202
        await until(lambda: is_answered_again(phone))
        assert time.monotonic() - started < 1.0
        assert (await phone.screen()).startswith("Что я умею")
    handled = await market.rows(stall.tenant_id, TelegramUpdate)
    assert [(row.status, row.attempts) for row in handled] == [(InboxStatus.HANDLED, 0)]


async def is_answered_again(phone: Phone) -> bool:
    return len(await phone.messages()) > 1
