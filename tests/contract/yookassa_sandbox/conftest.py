"""A running stand-in, a client that speaks to it as a shop does, and a listener for its notifications."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from sandbox.yookassa.app import create_app
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.http import GATEWAY

OK_CARD = "5555555555554477"


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any


@dataclass
class Listener:
    url: str
    answers: list[int] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def events(self) -> list[tuple[str, str]]:
        return [(notice["event"], notice["object"]["id"]) for notice in self.received]

    async def wait_for(self, number: int) -> None:
        await until(lambda: len(self.received) >= number)


@dataclass
class Sandbox:
    url: str
    http: aiohttp.ClientSession
    gateway: Gateway

    async def open_shop(self, **options: Any) -> dict[str, Any]:
        return (await self.control("POST", "/sandbox/shops", {"name": "Lumen", "answers_me": True, **options})).body

    async def control(self, method: str, path: str, body: Any = None) -> Answer:
        return await self._send(method, path, json=body)

    async def api(
        self,
        shop: dict[str, Any],
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = {"Idempotence-Key": key or str(uuid4())} if method == "POST" else {}
        headers = {"Authorization": authorization(shop)} | sent | (headers or {})
        return await self._send(method, f"/v3{path}", json=body, headers=headers)

    async def create(self, shop: dict[str, Any], *, key: str | None = None, **changes: Any) -> dict[str, Any]:
        answer = await self.api(shop, "POST", "/payments", order(**changes), key=key)
        assert answer.status == 200, answer.body
        return answer.body

    async def pay(self, payment_id: str, card: str = OK_CARD) -> dict[str, Any]:
        return (await self.control("POST", f"/sandbox/payments/{payment_id}/pay", {"card": card})).body

    async def skip(self, **delta: float) -> None:
        seconds = delta.get("hours", 0) * 3600 + delta.get("days", 0) * 86400 + delta.get("seconds", 0)
        await self.control("POST", "/sandbox/clock", {"advance_seconds": seconds})

    async def fault(self, match: dict[str, Any], effect: dict[str, Any], seed: int | None = None) -> dict[str, Any]:
        answer = await self.control("POST", "/sandbox/faults", {"match": match, "effect": effect, "seed": seed})
        assert answer.status == 201, answer.body
        return answer.body

    async def _send(self, method: str, path: str, **options: Any) -> Answer:
        async with self.http.request(method, self.url + path, **options) as response:
            text = await response.text()
            is_json = response.content_type == "application/json" and text
            return Answer(response.status, (await response.json()) if is_json else text, response.headers)


def authorization(shop: dict[str, Any]) -> str:
    return aiohttp.encode_basic_auth(shop["shop_id"], shop["secret_key"])


def order(**changes: Any) -> dict[str, Any]:
    wanted = {
        "amount": {"value": "500.00", "currency": "RUB"},
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://t.me/lumen_bot"},
        "description": "Access for 30 days",
        "metadata": {"order_id": "42"},
    }
    return {name: value for name, value in (wanted | changes).items() if value is not None}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the condition belongs to the server and has no event
            await asyncio.sleep(0.01)


async def _serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    app = create_app(retry_pauses_seconds=(0.02, 0.05))
    runner, url = await _serve(app)
    async with aiohttp.ClientSession() as http:
        yield Sandbox(url, http, app[GATEWAY])
    await runner.cleanup()


@pytest_asyncio.fixture
async def shop(sandbox: Sandbox) -> dict[str, Any]:
    return await sandbox.open_shop()


@pytest_asyncio.fixture
async def listener(sandbox: Sandbox, shop: dict[str, Any]) -> AsyncIterator[Listener]:
    async def receive(request: web.Request) -> web.Response:
        heard.received.append(await request.json())
        return web.Response(status=heard.answers.pop(0) if heard.answers else 200)

    app = web.Application()
    app.router.add_post("/notices", receive)
    runner, url = await _serve(app)
    heard = Listener(f"{url}/notices")
    await sandbox.control("PUT", f"/sandbox/shops/{shop['shop_id']}/notification-url", {"url": heard.url})
    yield heard
    await runner.cleanup()


@pytest.fixture
def order_of() -> Callable[..., dict[str, Any]]:
    return order


@pytest.fixture
def raw_post(sandbox: Sandbox) -> Callable[..., Any]:
    async def post(shop: dict[str, Any], data: str, content_type: str) -> tuple[int, Any]:
        headers = {"Content-Type": content_type, "Idempotence-Key": "raw", "Authorization": authorization(shop)}
        async with sandbox.http.post(f"{sandbox.url}/v3/payments", data=data, headers=headers) as response:
            return response.status, await response.json()

    return post


@pytest.fixture(name="until")
def until_fixture() -> Callable[[Callable[[], bool]], Any]:
    return until
