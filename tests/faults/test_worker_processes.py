"""Real Celery workers: they work with and without a broker, and killing them loses nothing."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.fernet import Fernet
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from lumenpay.db.session import Database
from lumenpay.jobs.catalogue import CheckPayment, Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from operations.embedded import EmbeddedValkey
from operations.embedded.ports import choose_port
from tests.factories.tenants import message_update
from tests.support.processes import WorkerNode
from tests.support.waiting import until
from tests.support.web import serving

pytestmark = pytest.mark.timeout(150)
START_SECONDS = 60.0
TAKE_OVER_SECONDS = 15.0 + 5.0
"""A lease, and a busy machine."""
UNUSED = "redis://127.0.0.1:1/0"


class Telegram:
    """A Bot API that answers every call, but only while it is let."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def serve(self, request: web.Request) -> web.Response:
        given = await (request.json() if request.content_type == "application/json" else request.post())
        self.calls.append((int(given.get("chat_id", "0")), request.match_info["method"]))
        await self.may_answer.wait()
        message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": message})


@pytest.fixture
async def telegram():
    stand_in = Telegram()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", stand_in.serve)
    async with serving(app) as url:
        stand_in.url = url
        yield stand_in
        stand_in.may_answer.set()


@pytest.fixture
def start_worker(postgres_urls, secret_key, telegram, tmp_path: Path, database: Database):
    nodes: list[WorkerNode] = []

    def start(*, redis_url: str, queues=("updates",), processes: int = 1, **env: str) -> WorkerNode:
        given = {
            "LUMENPAY_ENVIRONMENT": "test", "LUMENPAY_DATABASE_URL": postgres_urls.app,
            "LUMENPAY_REDIS_URL": redis_url, "LUMENPAY_SECRET_KEYS": secret_key,
            "LUMENPAY_TELEGRAM_API_URL": telegram.url, "LUMENPAY_YOOKASSA_API_URL": telegram.url, **env,
        }  # fmt: skip
        node = WorkerNode(given, queues=queues, processes=processes, log=tmp_path / f"worker{len(nodes)}.log")
        nodes.append(node)
        return node

    yield start
    for node in nodes:
        node.kill()


@pytest.fixture
def handled(sql):
    async def are_all() -> bool:
        return await sql.fetchval("SELECT count(*) > 0 AND bool_and(status = 'handled') FROM telegram_updates")

    return are_all


async def test_a_worker_without_a_broker_works_ends_when_a_child_dies_so_that_it_is_started_anew_and_stops_f3(
    start_worker, deliver, factory, handled, sql
):
    bot = await factory.bot()
    await deliver(bot, message_update(1))
    node = start_worker(redis_url=UNUSED, queues=("updates", "access"))
    await until(handled, seconds=START_SECONDS, what="first update")
    assert await sql.fetchval("SELECT count(*) FROM scheduled_ticks WHERE job = 'subscriptions.expire'") >= 1
    for number in range(2, 5):
        began_at = time.monotonic()
        await deliver(bot, message_update(number))
        await until(handled, seconds=5)
        assert time.monotonic() - began_at < 2.0
    node.kill_children()
    assert await asyncio.to_thread(node.wait, seconds=45) == 1
    await deliver(bot, message_update(5))
    node = start_worker(redis_url=UNUSED)
    await until(handled, seconds=START_SECONDS, what="the update after")
    assert await asyncio.to_thread(node.stop) < 20
    assert node.children() == []


async def test_a_rung_worker_answers_at_once_and_losing_a_ring_or_the_broker_costs_a_second_f3(
    start_worker, deliver, factory, handled, tmp_path
):
    valkey, bot = EmbeddedValkey(tmp_path / "broker"), await factory.bot()
    await asyncio.to_thread(valkey.start)
    try:
        await deliver(bot, message_update(1))
        node, bell = start_worker(redis_url=valkey.url), Doorbell(valkey.url)
        await until(handled, seconds=START_SECONDS, what="first update")
        took = {}
        for is_rung in (True, False):
            seconds = []
            for number in range(8):
                began_at = time.monotonic()
                await deliver(bot, message_update(100 + number + 50 * is_rung, chat_id=200 + number))
                if is_rung:
                    await bell.ring([Queue.UPDATES])
                await until(handled, seconds=5)
                seconds.append(time.monotonic() - began_at)
            took[is_rung] = sorted(seconds)
        assert took[True][4] < 0.4
        assert took[False][-1] < 2.0
        await bell.close()
        await asyncio.to_thread(valkey.kill)
        for number in range(2, 5):
            began_at = time.monotonic()
            await deliver(bot, message_update(number))
            await until(handled, seconds=5)
            assert time.monotonic() - began_at < 2.0
        await asyncio.to_thread(valkey.start)
        bell = Doorbell(valkey.url)
        await bell.ring([Queue.UPDATES])
        await until(lambda: _is_answered(valkey.url), seconds=30, what="an answer to the bell")
        await bell.close()
        assert node.is_running()
    finally:
        await asyncio.to_thread(valkey.destroy)


async def _is_answered(url: str) -> bool:
    async with Redis.from_url(url) as client:
        return not await client.exists(Queue.UPDATES.value)


async def test_a_killed_worker_loses_nothing_f1(start_worker, deliver, factory, handled, telegram, sql, redis_url):
    bot = await factory.bot()
    telegram.may_answer.clear()
    node = start_worker(redis_url=redis_url, processes=2)
    await deliver(bot, *(message_update(number, chat_id=300 + number % 7) for number in range(1, 41)))
    await until(lambda: len(telegram.calls) >= 3, seconds=START_SECONDS, what="work in the middle")
    await asyncio.to_thread(node.kill)
    assert await sql.fetchval("SELECT count(*) FROM telegram_updates WHERE status = 'new'") == 40
    assert await sql.fetchval("SELECT max(leased_until) < now() + interval '16 seconds' FROM bot_inboxes")
    telegram.may_answer.set()
    start_worker(redis_url=redis_url)
    await until(handled, seconds=START_SECONDS, what="the rest")
    assert {chat for chat, _ in telegram.calls} >= set(range(300, 307))


async def test_a_killed_child_is_replaced_and_a_stopped_worker_ends_its_work_first_f1_f2(
    start_worker, deliver, factory, handled, telegram, sql, redis_url
):
    bot = await factory.bot()
    telegram.may_answer.clear()
    node = start_worker(redis_url=redis_url)
    await deliver(bot, message_update(1))
    await until(lambda: telegram.calls, seconds=START_SECONDS, what="work in the middle")
    await _listens(redis_url)
    before = node.children()
    ends_at = "SELECT max(leased_until) FROM bot_inboxes"
    first = await sql.fetchval(ends_at)
    await until(lambda: sql.fetchval(f"SELECT ({ends_at}) > $1", first), seconds=10, what="the lease renewed")
    node.kill_children()
    telegram.may_answer.set()
    await until(handled, seconds=TAKE_OVER_SECONDS, what="a new child that took the work over")
    assert node.is_running()
    assert not set(before) & set(node.children())
    telegram.may_answer.clear()
    calls = len(telegram.calls)
    await deliver(bot, message_update(2, chat_id=2))
    await until(lambda: len(telegram.calls) > calls, seconds=10, what="the next work in the middle")
    node.ask_to_stop()
    telegram.may_answer.set()
    assert await asyncio.to_thread(node.wait, seconds=25) == 0
    assert await handled()


async def test_a_paused_worker_loses_its_work_to_another_and_stores_nothing_when_it_goes_on(
    start_worker, deliver, factory, handled, telegram, sql, redis_url
):
    """F8."""
    bot = await factory.bot()
    telegram.may_answer.clear()
    paused = start_worker(redis_url=redis_url)
    await deliver(bot, message_update(1))
    await until(lambda: telegram.calls, seconds=START_SECONDS, what="work in the middle")
    paused.signal_children(signal.SIGSTOP)
    telegram.may_answer.set()
    other = start_worker(redis_url=redis_url)
    await until(handled, seconds=START_SECONDS, what="the other one to take over")
    before = await sql.fetchrow("SELECT * FROM telegram_updates WHERE update_id = 1")
    assert await asyncio.to_thread(other.stop) < 20
    paused.signal_children(signal.SIGCONT)
    await deliver(bot, message_update(2, chat_id=99))
    await until(handled, seconds=10, what="the first to go on")
    assert await sql.fetchrow("SELECT * FROM telegram_updates WHERE update_id = 1") == before


async def test_a_worker_whose_database_role_sees_past_the_walls_refuses_to_start(
    start_worker, superuser_url, postgres_urls, redis_url
):
    for url in (superuser_url, postgres_urls.owner):
        node = start_worker(redis_url=redis_url, LUMENPAY_DATABASE_URL=url)
        assert await asyncio.to_thread(node.wait, seconds=START_SECONDS) != 0
        assert "refusing to start" in node.log
        assert url.split(":")[2].split("@")[0] not in node.log


async def test_a_worker_without_keys_refuses_to_start(start_worker, redis_url):
    node = start_worker(redis_url=redis_url, LUMENPAY_SECRET_KEYS="")
    assert await asyncio.to_thread(node.wait, seconds=START_SECONDS) != 0
    assert "refusing to start" in node.log


async def test_a_worker_without_a_key_in_use_refuses_to_start_and_says_which(start_worker, redis_url, factory, ring):
    """C7."""
    await factory.bot()
    wrong = Fernet.generate_key().decode()
    node = start_worker(redis_url=redis_url, LUMENPAY_SECRET_KEYS=wrong)
    assert await asyncio.to_thread(node.wait, seconds=START_SECONDS) != 0
    assert "refusing to start" in node.log
    assert ring.key_ids[0] in node.log
    assert wrong not in node.log


async def _read(port: int) -> dict[tuple[str, ...], float]:
    """Return the samples by name and label values."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        text = await answer.text()
    samples: list[Any] = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value for sample in samples}


async def test_a_node_adds_up_what_its_children_did_and_a_killed_one_takes_nothing_away_and_leaves_no_orphan(
    start_worker, deliver, factory, database, clock, sql, redis_url, tmp_path
):
    port = choose_port(tmp_path / "port")
    bots = [await factory.bot() for _ in range(4)]

    def start():
        given = {"queues": ("updates", "money"), "processes": 2, "LUMENPAY_METRICS_PORT": str(port)}
        return start_worker(redis_url=redis_url, **given)

    node = start()

    async def handle_one_more(update_id: int) -> None:
        for bot in bots:
            await deliver(bot, message_update(update_id))
        await until(
            lambda: sql.fetchval("SELECT bool_and(status = 'handled') FROM telegram_updates"), seconds=START_SECONDS
        )

    async with database.tenant(bots[0].tenant_id) as session:
        await enqueue(session, CheckPayment(payment_id=new_uuid7()), now=clock.now())
    await handle_one_more(1)

    async def find_tried_jobs() -> dict[tuple[str, ...], float]:
        found = await _read(port)
        return found if any(key[:2] == ("lumenpay_jobs_total", "payments.check") for key in found) else {}

    found = await until(find_tried_jobs)
    assert found["lumenpay_updates_total", "handled"] == 4
    assert found["lumenpay_update_seconds_count", "handled"] == 4
    assert found["lumenpay_job_seconds_count", "payments.check"] >= 1
    await _listens(redis_url)
    node.kill_children()
    await handle_one_more(2)
    assert (await _read(port))["lumenpay_updates_total", "handled"] == 8
    node.kill_main()
    second = start()
    await handle_one_more(3)
    assert second.is_running()
    # The children of the killed one may have handled some before they noticed; what is shown is the new node's.
    assert (await _read(port)).get(("lumenpay_updates_total", "handled"), 0) <= 4
    assert "metrics_port_is_taken" not in second.log
    await until(lambda: not node.children(), seconds=25, what="no orphan")


async def _listens(redis_url: str) -> None:
    """Return once a node takes messages: Celery ends a node whose children die before that."""
    bell = Doorbell(redis_url)
    await bell.ring([Queue.UPDATES])
    await until(lambda: _is_answered(redis_url), seconds=30, what="an answer to the bell")
    await bell.close()
