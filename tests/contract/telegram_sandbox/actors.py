"""The sandbox as the tests see it: a control API, bots that speak through aiogram, and a webhook with a memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiohttp import web

from sandbox.telegram.state.world import World

DEADLINE_SECONDS = 10


@dataclass
class Sandbox:
    """A server on a free port and its control API."""

    url: str
    world: World
    http: aiohttp.ClientSession
    session: AiohttpSession

    async def control(self, method: str, path: str, *, status: int | None = None, **body: Any) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=body or None) as response:
            answer = await response.json()
            if status is None:
                assert response.status < 300, answer
            else:
                assert response.status == status, answer
            return answer

    async def call(self, token: str, method: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.url}/bot{token}/{method}", json=parameters) as response:
            return response.status, await response.json()

    async def user(self, first_name: str = "Alice", **fields: Any) -> int:
        user: dict[str, Any] = await self.control("POST", "/users", first_name=first_name, **fields)
        return int(user["id"])

    async def bot(self, username: str = "alpha_bot") -> Bot:
        created = await self.control("POST", "/bots", name="Alpha", username=username)
        return Bot(created["token"], session=self.session)

    async def write(self, user_id: int, bot: Bot, text: str = "/start") -> Any:
        return await self.control("POST", f"/users/{user_id}/messages", bot_id=bot.id, text=text)

    async def channel(self, bot: Bot | None = None, **fields: Any) -> int:
        owner_id = await self.user("Owner")
        fields = {"title": "Paid", "type": "channel"} | fields
        created = await self.control("POST", "/channels", owner_user_id=owner_id, **fields)
        if bot is not None:
            await self.control("PUT", f"/channels/{created['id']}/admins/{bot.id}")
        return int(created["id"])

    async def join(self, user_id: int, link: str) -> str:
        joined = await self.control("POST", f"/users/{user_id}/join", invite_link=link)
        return str(joined["outcome"])


@dataclass
class Hook:
    """A webhook endpoint. `answers` are used up first; then every update is answered with 200."""

    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    before_answer: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    async def serve(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.received.append(update)
        self.headers.append(dict(request.headers))
        if self.before_answer is not None:
            await self.before_answer(update)
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.received if "message" in update]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [update[kind] for update in self.received if kind in update]


async def until(claim: Callable[[], object]) -> None:
    """Return once the claim holds; fail at the deadline."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not claim():  # noqa: ASYNC110 - the other side is a server, not a coroutine that could set an event
            await asyncio.sleep(0.01)
