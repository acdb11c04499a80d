"""The endpoints that ours is compared with: one only reads the body, the others are what most people would write."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from celery import Celery
from fastapi import FastAPI, Request, Response

from tests.bench.naive_worker_names import QUEUE, TASK

TABLE = "CREATE TABLE bench_updates (bot_key text, update_id bigint, body bytea, PRIMARY KEY (bot_key, update_id))"
_INSERT = "INSERT INTO bench_updates VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_POOL = 16
Message = MutableMapping[str, Any]


async def read_only(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer 200 once the body has been read."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def create_plain_api() -> FastAPI:
    """Return the endpoint that most people would write: parse, insert, answer."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        dsn = os.environ["LUMENPAY_DATABASE_URL"].replace("+asyncpg", "")
        async with asyncpg.create_pool(dsn, min_size=_POOL, max_size=_POOL) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/tg/{bot_key}")
    async def take_update(bot_key: str, request: Request) -> Response:
        body = await request.body()
        await request.app.state.pool.execute(_INSERT, bot_key, orjson.loads(body)["update_id"], body)
        return Response()

    return app


def create_queueing_api() -> FastAPI:
    """Return the endpoint that hands each update to a Celery task of its own; the address already says whose it is."""
    broker = Celery("bench", broker=os.environ["LUMENPAY_REDIS_URL"])
    app = FastAPI()

    @app.post("/queue/{tenant_id}/{bot_id}")
    async def take_update(tenant_id: str, bot_id: str, request: Request) -> Response:
        body = await request.body()
        broker.send_task(TASK, (tenant_id, bot_id, body.decode()), queue=QUEUE, ignore_result=True)
        return Response()

    return app
