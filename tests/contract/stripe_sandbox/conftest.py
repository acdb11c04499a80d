"""A running stand-in with an account, a shop in it, and a listener for its webhooks."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest_asyncio
from aiohttp import web

from sandbox.stripe.app import create_app
from sandbox.stripe.http import GATEWAY
from tests.contract.stripe_sandbox.actors import Listener, Sandbox, Shop


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
        running = Sandbox(url, http, app[GATEWAY])
        running.account = (await running.control("POST", "/sandbox/accounts", {"name": "Lumen"})).body
        yield running
    await runner.cleanup()


@pytest_asyncio.fixture
async def shop(sandbox: Sandbox) -> AsyncIterator[Shop]:
    client = sandbox.client()
    product = await client.v1.products.create_async({"name": "Pro"})

    async def price(amount: int, interval: str) -> str:
        asked: Any = {
            "currency": "usd",
            "product": product.id,
            "unit_amount": amount,
            "recurring": {"interval": interval},
        }
        return (await client.v1.prices.create_async(asked)).id

    yield Shop(
        sandbox, client, product.id, await price(1000, "month"), await price(3000, "month"), await price(10_000, "year")
    )
    await client._requestor._client.close_async()


@pytest_asyncio.fixture
async def listener(sandbox: Sandbox) -> AsyncIterator[Listener]:
    async def receive(request: web.Request) -> web.Response:
        heard.received.append((await request.read(), request.headers["Stripe-Signature"]))
        return web.Response(status=heard.answers.pop(0) if heard.answers else 200)

    app = web.Application()
    app.router.add_post("/hooks", receive)
    runner, url = await _serve(app)
    heard = Listener(f"{url}/hooks")
    fields = {"url": heard.url, "enabled_events[]": "*"}
    made = await sandbox.api("POST", "/webhook_endpoints", fields)
    heard.secret = made.body["secret"]
    yield heard
    await runner.cleanup()
