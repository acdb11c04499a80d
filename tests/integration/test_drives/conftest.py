"""An owner at a real door: a market that stands for the outside world, and sandboxes of their own for test drives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from yarl import URL

from control_plane.dependencies import PLAIN_COOKIE
from lumenpay.jobs.catalogue import Queue
from lumenpay.models.ids import TenantId
from sandbox.telegram.app import WORLD
from sandbox.telegram.app import create_app as create_telegram
from sandbox.yookassa.app import create_app as create_yookassa
from sandbox.yookassa.http import GATEWAY
from tests.isolation.cast import Seeder
from tests.support.door import Door, open_door
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall
from tests.support.waiting import until
from tests.support.web import serving

__all__ = ["market"]


@dataclass
class Studio:
    """The owner's portal, the real stall, and what the sandbox knows."""

    door: Door
    market: Market
    stall: Stall
    world: Any
    gateway: Any
    sql: Any
    close_gateway: Callable[[], Awaitable[None]]

    @property
    def base(self) -> str:
        return f"/tenants/{self.stall.tenant_id}/test-drives"

    async def call(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        url, headers = f"{self.door.url}/api/v1{path}", {"origin": self.door.url}
        async with self.door.http.request(method, url, json=body, headers=headers) as response:
            answer = await response.json() if response.status != 204 else None
            assert response.status == status if status else response.status < 300, (response.status, answer)
            return answer

    async def start(self) -> Any:
        drive = await self.call("POST", self.base, {"bot_id": str(self.stall.bot_id)}, status=201)
        row = await self.sql.fetchrow("SELECT drive_tenant_id FROM test_drives WHERE id = $1::text::uuid", drive["id"])
        self.market.tenants.append(TenantId(row[0]))
        return drive

    async def state(self, drive: Any) -> Any:
        return await self.call("GET", f"{self.base}/{drive['id']}")

    async def act(self, drive: Any, what: str, **body: Any) -> Any:
        return await self.call("POST", f"{self.base}/{drive['id']}/{what}", body)

    async def button(self, drive: Any, kind: str, words: str = "") -> dict[str, Any]:
        """Wait for the newest button of a kind; return it with its message."""

        async def look() -> dict[str, Any] | None:
            await self.work()
            found = [
                {**button, "message_id": message["id"]}
                for message in (await self.state(drive))["messages"]
                for row in message["buttons"]
                for button in row
                if button["kind"] == kind and words in button["text"]
            ]
            return found[-1] if found else None

        return await until(look, what=f"a button to {kind} {words}")

    async def press(self, drive: Any, words: str) -> None:
        button = await self.button(drive, "press", words)
        await self.act(drive, "presses", message_id=button["message_id"], data=button["data"])

    async def reach(self, drive: Any, step: str) -> Any:
        """Wait until a step is reached; return the state."""

        async def look() -> Any:
            await self.work()
            state = await self.state(drive)
            return state if any(s["name"] == step and s["reached_at"] for s in state["steps"]) else None

        return await until(look, what=step)

    async def work(self) -> None:
        """Make due by the database's clock what is due by the market's, and ring for all of it."""
        await self.market.make_due()
        for queue in (Queue.MONEY, Queue.ACCESS, Queue.UPDATES, Queue.HOUSEKEEPING):
            await self.door.worker.answer(queue)


@pytest.fixture
async def studio(market: Market, superuser_url: str) -> AsyncIterator[Studio]:
    telegram, yookassa = create_telegram(), create_yookassa(retry_pauses_seconds=(0.05,))
    async with AsyncExitStack() as stack:
        gateway_stack = await stack.enter_async_context(AsyncExitStack())
        urls = [
            await stack.enter_async_context(serving(telegram)),
            await gateway_stack.enter_async_context(serving(yookassa)),
        ]
        door = await stack.enter_async_context(
            open_door(market, *Queue, sandbox_telegram_url=urls[0], sandbox_yookassa_url=urls[1])
        )
        sql = await asyncpg.connect(superuser_url)
        stack.push_async_callback(sql.close)
        tenant_id = await sign_up(door)
        market.tenants.append(tenant_id)
        stall = await open_stall(market, tenant_id=tenant_id)
        door.worker.start()
        yield Studio(door, market, stall, telegram[WORLD], yookassa[GATEWAY], sql, gateway_stack.aclose)


async def sign_up(door: Door) -> TenantId:
    worker, now = door.market.worker, door.market.now()
    person = await Seeder(worker.database, worker.ring, now).person("Mary")
    door.http.cookie_jar.update_cookies({PLAIN_COOKIE: person.token}, URL(door.url))
    api, headers = f"{door.url}/api/v1", {"origin": door.url}
    async with door.http.post(f"{api}/tenants", json={"name": "Club"}, headers=headers) as response:
        return TenantId(UUID((await response.json())["id"]))
