"""The ingress as an ASGI callable, with requests made of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from control_plane.ingress.app import IngressApp
from tests.factories.tenants import MadeBot

SECRET_HEADER = b"x-telegram-bot-api-secret-token"


@dataclass
class Answer:
    status: int
    headers: dict[bytes, bytes]
    body: bytes


class Client:
    """Sends requests to the application without a server in between."""

    def __init__(self, app: IngressApp) -> None:
        self.app = app

    async def send(
        self, path: str, body: bytes | Iterable[bytes] = b"", *, method: str = "POST", headers: Any = (),
        ends: bool = True, sender: str | None = None,
    ) -> Answer:  # fmt: skip
        parts = [body] if isinstance(body, bytes) else list(body)
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts) or not ends}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
        if sender is not None:
            scope["client"] = (sender, 40_000)
        await self.app(scope, receive, send)
        return Answer(sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"])

    async def update(self, bot: MadeBot, body: bytes, *, secret: bytes | None = None, **options: Any) -> Answer:
        given = bot.webhook_secret.encode() if secret is None else secret
        return await self.send(f"/tg/{bot.webhook_key}", body, headers=[(SECRET_HEADER, given)], **options)

    async def notice(self, bot: MadeBot, body: bytes, **options: Any) -> Answer:
        return await self.send(f"/webhooks/yookassa/{bot.notice_key}", body, **options)


@pytest.fixture
async def client(database, doorbell, ring, clock):
    app = IngressApp(database=database, doorbell=doorbell, ring=ring, clock=clock, body_seconds=0.3)
    await app.startup()
    yield Client(app)
    await app.shutdown()


@pytest.fixture
async def sql(database, superuser_url):
    """A connection that sees every tenant's rows."""
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await connection.close()
