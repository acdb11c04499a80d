"""How fast workers answer: a backlog of /start, drained by the product's workers and by one Celery task per update.

Then the whole way, webhook to answer, at its own limit and at half of that.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
import uvloop
from redis.asyncio import Redis

from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.clock import SystemClock
from operations.child_process import ChildSpec
from operations.stack import WorkerPool, api_spec, worker_spec
from tests.bench.ground import ROOT, Ground, SeededBot
from tests.bench.http_load import Sample, flood, pace
from tests.bench.naive_worker_names import QUEUE, TASK
from tests.bench.updates import StartUpdate, make_updates

PROCESSES = 2
ROUNDS, BACKLOG, ROUND_SECONDS = 3, 4_000, 8.0
"""A round ends when the backlog is gone or the time is over; what is left is thrown away."""
HALF_LOAD_SECONDS = 10.0
_WARM_UP, _WARM_UP_SECONDS = 200, 45.0
_FLOOD_SECONDS = 4.0
_CALM_SECONDS = 1.5
_LONGEST_TURN_SECONDS = 40.0
_IS_BUSY = "SELECT EXISTS (SELECT FROM bot_inboxes WHERE lease_id IS NOT NULL OR waiting_since IS NOT NULL)"
_STORE = "SELECT ingest_updates($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::bytea[], $6)"


@dataclass
class Answering:
    """Answers a second of each round, and what the whole way took."""

    ours: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)
    path_limit: float = 0.0
    naive_path_limit: float = 0.0
    half_load: float = 0.0
    acknowledged: Sample = field(default_factory=Sample)
    lags: list[float] = field(default_factory=list)
    unanswered: int = 0


class BotApi:
    """The stub's memory, seen from outside."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url, self._http = url, http

    async def ask(self, what: str) -> Any:
        async with self._http.get(f"{self._url}/{what}") as response:
            return orjson.loads(await response.read())

    async def wait_for(self, count: int, *, seconds: float) -> int:
        """Return how many chats were answered: all of them, or fewer when the time is over."""
        deadline = time.perf_counter() + seconds
        while (found := int(await self.ask("count"))) < count and time.perf_counter() < deadline:  # noqa: ASYNC110 - polls a stub
            await asyncio.sleep(0.1)
        return found


def measure_answering(ground: Ground, bots: list[SeededBot]) -> Answering:
    """Return rounds taken in turns, then the whole way."""
    api_port, rival_port = ground.port("api"), ground.port("rival")
    children = [
        ground.start(worker_spec(ground.environment(), WorkerPool("worker-updates", ("updates",), PROCESSES))),
        ground.start(naive_spec(ground)),
        ground.start(api_spec(ground.environment(), port=api_port)),
        ground.start_module(
            "rival", "uvicorn", "tests.bench.floors:create_queueing_api", "--factory", "--port", str(rival_port),
            "--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools",
            port=rival_port, env=ground.environment(),
        ),
    ]  # fmt: skip
    try:
        return uvloop.run(_measure(ground, bots, api_port, rival_port))
    finally:
        for child in children:
            child.stop()


def naive_spec(ground: Ground) -> ChildSpec:
    """Return the rival: as many processes as ours."""
    argv = [
        sys.executable, "-m", "celery", "-A", "tests.bench.naive_worker", "worker", "--queues", QUEUE,
        "--concurrency", str(PROCESSES), "--hostname", "naive@%h", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    return ChildSpec("naive-worker", argv, ground.environment(), cwd=ROOT)


async def _measure(ground: Ground, bots: list[SeededBot], api_port: int, rival_port: int) -> Answering:
    seen, updates = Answering(), make_updates(bots)
    broker = Redis.from_url(ground.stores.redis_url)
    async with aiohttp.ClientSession() as http:
        bot_api = BotApi(ground.settings.telegram_api_url, http)

        async def store(backlog: list[StartUpdate]) -> None:
            await store_backlog(ground, backlog)

        async def publish(backlog: list[StartUpdate]) -> None:
            await broker.lpush(QUEUE, *(_celery_message(update) for update in backlog))

        for offer in (store, publish):  # the first updates pay for connections and imports
            await _drain(bot_api, offer, list(itertools.islice(updates, _WARM_UP)), seconds=_WARM_UP_SECONDS)
        for _ in range(ROUNDS):
            for offer, rates in ((publish, seen.naive), (store, seen.ours)):
                rates.append(await _drain(bot_api, offer, list(itertools.islice(updates, BACKLOG))))
                await _forget_what_is_left(ground, broker)
        rival = (update.as_request(f"/queue/{update.bot.tenant_id}/{update.bot.id}") for update in updates)
        seen.naive_path_limit = await _find_limit(bot_api, rival, rival_port)
        await _forget_what_is_left(ground, broker)
        seen.path_limit = await _find_limit(bot_api, (update.as_request() for update in updates), api_port)
        seen.half_load = seen.path_limit / 2
        await _forget_what_is_left(ground, broker)
        await _go_half_as_fast(seen, bot_api, bots, api_port)
    await broker.aclose()
    return seen


async def store_backlog(ground: Ground, backlog: list[StartUpdate]) -> None:
    """Store updates as the ingress does, in statements of 500, and ring."""
    connection, bell = await ground.connect(), Doorbell(ground.stores.redis_url)
    for start in range(0, len(backlog), 500):
        part = backlog[start : start + 500]
        columns: list[list[object]] = [
            [update.bot.tenant_id for update in part], [update.bot.id for update in part],
            [update.number for update in part], [1] * len(part), [update.body for update in part],
        ]  # fmt: skip
        await connection.execute(_STORE, *columns, SystemClock().now())
    await bell.ring((Queue.UPDATES,))
    await bell.close()
    await connection.close()


async def _drain(
    bot_api: BotApi,
    offer: Callable[[list[StartUpdate]], Awaitable[None]],
    backlog: list[StartUpdate],
    *,
    seconds: float = ROUND_SECONDS,
) -> float:
    await bot_api.ask("forget")
    begun_at = time.perf_counter()
    await offer(backlog)
    found = await bot_api.wait_for(len(backlog), seconds=seconds)
    if found == 0:
        raise AssertionError("no worker answered")
    answered = (await bot_api.ask("answered")).values()
    # From the first offer on, so that a late start counts too.
    return float(len(answered) / (max(answered) - begun_at))


async def _forget_what_is_left(ground: Ground, broker: Redis) -> None:
    await broker.delete(QUEUE)
    connection = await ground.connect_superuser()
    await connection.execute("UPDATE telegram_updates SET status = 'handled' WHERE status = 'new'")
    # Whole turns are in the workers' hands still: what they answer late must not count in the next round.
    deadline = time.perf_counter() + _LONGEST_TURN_SECONDS
    while await connection.fetchval(_IS_BUSY) and time.perf_counter() < deadline:  # noqa: ASYNC110 - a table
        await asyncio.sleep(0.1)
    await connection.execute("VACUUM ANALYZE telegram_updates, bot_inboxes")
    await connection.close()
    await asyncio.sleep(_CALM_SECONDS)


async def _find_limit(bot_api: BotApi, requests: Iterator[bytes], port: int) -> float:
    """Return answers a second, from the first request of a flood to the last answer that came in time."""
    await bot_api.ask("forget")
    begun_at = time.perf_counter()
    stored = await flood(port, requests, seconds=_FLOOD_SECONDS)
    await bot_api.wait_for(len(stored.latencies), seconds=ROUND_SECONDS)
    answered = (await bot_api.ask("answered")).values()
    return float(len(answered) / (max(answered) - begun_at))


async def _go_half_as_fast(seen: Answering, bot_api: BotApi, bots: list[SeededBot], port: int) -> None:
    await bot_api.ask("forget")
    sent_at: dict[int, float] = {}

    def note() -> Any:
        for update in make_updates(bots):
            sent_at[update.number] = time.perf_counter()
            yield update.as_request()

    seen.acknowledged = await pace(port, note(), rate=seen.half_load, seconds=HALF_LOAD_SECONDS)
    await bot_api.wait_for(len(sent_at), seconds=10.0)
    found = await bot_api.ask("answered")
    seen.lags = sorted(at - sent_at[int(chat)] for chat, at in found.items() if int(chat) in sent_at)
    seen.unanswered = len(sent_at) - len(seen.lags)


def _celery_message(update: StartUpdate) -> bytes:
    task_id = str(uuid4())
    arguments = [str(update.bot.tenant_id), str(update.bot.id), update.body.decode()]
    body = orjson.dumps([arguments, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
    return orjson.dumps(
        {
            "body": base64.b64encode(body).decode(), "content-encoding": "utf-8", "content-type": "application/json",
            "headers": {"lang": "py", "task": TASK, "id": task_id, "root_id": task_id, "retries": 0},
            "properties": {
                "correlation_id": task_id, "delivery_mode": 2, "priority": 0, "body_encoding": "base64",
                "delivery_tag": task_id, "delivery_info": {"exchange": "", "routing_key": QUEUE},
            },
        }
    )  # fmt: skip
