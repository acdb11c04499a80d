"""The product's HTTP door on a real socket, over a market's stores, with a worker that its bell wakes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import uvicorn
from cryptography.fernet import Fernet

from control_plane.app import ControlPlane
from control_plane.services import open_services
from lumenpay.bots.secrets import open_shop, open_webhook
from lumenpay.config import Settings
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.models.bots import Bot
from tenants_worker.runtime import Worker, open_context
from tests.support.market import Market
from tests.support.stall import Stall
from tests.support.waiting import until

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class LocalBell(Doorbell):
    """Stands for Valkey and Celery: whoever rings has the worker of this process look at once."""

    def __init__(self) -> None:
        super().__init__("")
        self.worker: Worker | None = None
        self._answers: set[asyncio.Task[None]] = set()

    async def ring(self, queues: Iterable[Queue]) -> None:
        for queue in queues:
            if self.worker is not None:
                answer = asyncio.ensure_future(self.worker.answer(queue))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._answers, return_exceptions=True)


@dataclass
class Door:
    """Where the product listens, and who works behind it."""

    market: Market
    url: str
    http: aiohttp.ClientSession
    worker: Worker

    async def post(self, path: str, body: bytes, *, is_chunked: bool = False, **headers: str) -> int:
        """Send a body as it is, in one piece or in chunks; return the status."""
        given = {"content-type": "application/json"} | headers
        data = _in_chunks(body) if is_chunked else body
        async with self.http.post(f"{self.url}{path}", data=data, headers=given) as response:
            # A refusal that came before the whole body was read may lose its own body in the reset behind it.
            with suppress(aiohttp.ClientPayloadError):
                await response.read()
            return response.status

    async def send_half(self, path: str, body: bytes) -> None:
        """Announce a body, send a half of it and hang up."""
        port = int(self.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body[: len(body) // 2])
        await writer.drain()
        writer.close()

    async def shop_path(self, stall: Stall) -> str:
        """Return where the gateway sends a stall's notices."""
        return f"/webhooks/yookassa/{open_shop(self.market.ring, await self._bot(stall)).notice_key.reveal()}"

    async def bot_address(self, stall: Stall) -> tuple[str, str]:
        """Return where Telegram sends a stall's updates, and the secret that it shows."""
        webhook = open_webhook(self.market.ring, await self._bot(stall))
        return f"/tg/{webhook.key.reveal()}", webhook.secret.reveal()

    async def _bot(self, stall: Stall) -> Bot:
        async with self.market.tenant(stall.tenant_id) as session:
            return await session.get_one(Bot, (stall.tenant_id, stall.bot_id))


async def _in_chunks(body: bytes) -> AsyncIterator[bytes]:
    size = len(body) // 3 + 1
    for at in range(0, len(body), size):
        yield body[at : at + size]


@asynccontextmanager
async def open_door(market: Market, *queues: Queue, **values: Any) -> AsyncIterator[Door]:
    """Serve the HTTP door until the block ends; the worker of these queues begins when it is started."""
    bell = LocalBell()
    place = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{place.getsockname()[1]}"
    settings = Settings(
        _env_file=None, environment="test", secret_keys=[Fernet.generate_key().decode()], public_url=url,
        database_url=market.worker.database.engine.url.render_as_string(hide_password=False),
        telegram_api_url=market.telegram_url, yookassa_api_url=f"{market.gateway_url}/v3", **values,
    )  # fmt: skip
    shared: dict[str, Any] = {"doorbell": bell, "clock": market.clock, "ring": market.ring}
    worker = bell.worker = Worker(replace(open_context(settings), **shared), frozenset(queues))
    app = ControlPlane(replace(open_services(settings), **shared))
    async with _listening(app, place), aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        try:
            yield Door(market, url, http, worker)
        finally:
            await worker.close()


@asynccontextmanager
async def _listening(app: ControlPlane, place: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve([place]))
    try:
        await until(lambda: server.started or serving.done(), what="the door is open")
        yield
    finally:
        server.should_exit = True
        await serving
        place.close()
