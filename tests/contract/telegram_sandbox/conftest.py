"""A running Telegram sandbox, a webhook that remembers what it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from sandbox.telegram.app import WORLD, create_app
from tests.contract.telegram_sandbox.actors import Hook, Sandbox


async def _start(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    app = create_app()
    runner, url = await _start(app)
    async with aiohttp.ClientSession() as http:
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        yield Sandbox(url, app[WORLD], http, session)
        # aiogram's own close() waits a quarter of a second for TLS, which loopback does not use.
        if session._session is not None:
            await session._session.close()
    await runner.cleanup()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.serve)
    runner, url = await _start(app)
    hook.url = f"{url}/hook"
    yield hook
    await runner.cleanup()
