"""Two tenants, and browsers that keep a stream open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from lumenpay.models.tenants import Role
from tests.isolation.cast import Seeder, Side
from tests.support.asgi import AsgiClient
from tests.support.portal import Portal, portal

__all__ = ["portal"]


@dataclass
class OpenStream:
    """A stream that a browser reads until it goes away."""

    client: AsgiClient
    path: str
    headers: dict[str, str]
    query: str = ""
    sent: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    buffer: str = ""

    async def begin(self) -> int:
        """Send the request; return the status."""
        given = {**self.client.headers, **self.headers}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": self.path, "raw_path": self.path.encode(), "root_path": "", "query_string": self.query.encode(),
            "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50_000), "state": {},
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            await self.gone.wait()
            return {"type": "http.disconnect"}

        self.task = asyncio.create_task(self.client.app(scope, receive, self.sent.put))
        head = await self._next()
        return int(head["status"])

    async def read(self) -> dict[str, Any] | None:
        """Return the next hint; nothing once the stream has ended."""
        while "\n\n" not in self.buffer:
            message = await self._next()
            self.buffer += message.get("body", b"").decode()
            if not message.get("more_body") and "\n\n" not in self.buffer:
                return None
        event, _, self.buffer = self.buffer.partition("\n\n")
        lines = dict(line.split(": ", 1) for line in event.splitlines())
        return json.loads(lines["data"]) if "data" in lines else await self.read()

    async def end(self) -> None:
        """Go away."""
        self.gone.set()
        if self.task is not None:
            await self.task

    async def _next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.sent.get(), 8)


@pytest.fixture
async def seeder(database: Database, ring: KeyRing, portal: Portal) -> Seeder:
    return Seeder(database, ring, portal.clock.now())


@pytest.fixture
async def alpha(seeder: Seeder, portal: Portal) -> Side:
    people = {Role.OWNER: "Alice", Role.SUPPORT: "Bob"}
    return await seeder.side("alpha", people, token=portal.new_bot().token)


@pytest.fixture
async def beta(seeder: Seeder, portal: Portal) -> Side:
    return await seeder.side("beta", {Role.OWNER: "Charlie"}, token=portal.new_bot().token, shop_id="200")


@pytest.fixture
async def follow(portal: Portal) -> AsyncIterator[Callable[..., OpenStream]]:
    """Open streams that end with the test."""
    opened: list[OpenStream] = []

    def make(token: str, side: Side, query: str = "", **headers: str) -> OpenStream:
        path = f"/api/v1/tenants/{side.tenant_id}/events"
        opened.append(OpenStream(portal.browser(token), path, headers, query))
        return opened[-1]

    yield make
    for stream in opened:
        await stream.end()
