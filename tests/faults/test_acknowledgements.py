"""What Telegram and the gateway were told we have, we have: whenever the process that says so is killed (E3)."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from operations.child_process import ChildProcess
from operations.embedded.ports import choose_port
from operations.stack import api_spec
from tests.factories.tenants import Factory, MadeBot, message_update
from tests.faults.arena import choose_order
from tests.support.processes import ROOT

LONG = [pytest.mark.long, pytest.mark.timeout(1800)]
LANES, FEW = 12, 60


@pytest.fixture
def start_api(postgres_urls: Any, secret_key: str, redis_url: str, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Start the HTTP door anew, at the same address; return its process and the address."""
    port = choose_port(tmp_path / "port")
    env = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "HOME": str(tmp_path),
        "LUMENPAY_ENVIRONMENT": "test", "LUMENPAY_DATABASE_URL": postgres_urls.app, "LUMENPAY_REDIS_URL": redis_url,
        "LUMENPAY_SECRET_KEYS": secret_key, "LUMENPAY_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    started: list[ChildProcess] = []

    def start() -> tuple[ChildProcess, str]:
        child = ChildProcess(api_spec(env, port=port), folder=tmp_path)
        started.append(child)
        child.start()
        return child, f"http://127.0.0.1:{port}"

    yield start
    for child in started:
        child.stop()


@dataclass
class Sender:
    """Hands updates over, each lane one after another, and remembers which were acknowledged."""

    http: aiohttp.ClientSession
    bot: MadeBot
    acknowledged: set[int] = field(default_factory=set)
    unanswered: int = 0
    _next: Any = field(default_factory=itertools.count)

    async def send(self, url: str, *, until: int, has_come: asyncio.Event) -> None:
        """Send one update after another until nobody answers; say when so many were acknowledged in all."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.bot.webhook_secret}
        while True:
            number = next(self._next)
            try:
                async with self.http.post(
                    f"{url}/tg/{self.bot.webhook_key}", data=message_update(number), headers=headers
                ) as answer:
                    assert answer.status == 200
            except aiohttp.ClientError:
                self.unanswered += 1
                return
            self.acknowledged.add(number)
            if len(self.acknowledged) >= until:
                has_come.set()


@pytest.mark.parametrize(
    "kills", [pytest.param(2, id="small", marks=pytest.mark.timeout(300)), pytest.param(200, id="long", marks=LONG)]
)
async def test_whatever_was_acknowledged_is_stored_whenever_the_door_is_killed_e3(
    start_api: Callable[[], Any], factory: Factory, sql: Any, kills: int
) -> None:
    order, bot = choose_order(), await factory.bot()
    async with aiohttp.ClientSession() as http:
        sender = Sender(http, bot)
        for _ in range(kills):
            child, url = await asyncio.to_thread(start_api)
            until, has_come = len(sender.acknowledged) + order.randint(1, FEW), asyncio.Event()
            lanes = [asyncio.ensure_future(sender.send(url, until=until, has_come=has_come)) for _ in range(LANES)]
            await has_come.wait()
            os.kill(child.pid, signal.SIGKILL)
            await asyncio.gather(*lanes)
            await asyncio.to_thread(child.stop)
    stored = {row["update_id"] for row in await sql.fetch("SELECT update_id FROM telegram_updates")}
    acknowledged = sender.acknowledged
    print(f"{kills} kills: {len(acknowledged)} acknowledged, {sender.unanswered} unanswered, {len(stored)} stored")
    assert acknowledged <= stored
    assert sender.unanswered == kills * LANES
