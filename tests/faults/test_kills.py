"""People buy while workers, API, Valkey and PostgreSQL are killed: nobody pays in vain, nobody gets it twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from lumenpay.config import Settings
from operations.addresses import loopback_url, migrate_stores, process_environment, start_stores
from operations.child_process import ChildProcess
from operations.embedded import EmbeddedPostgres, EmbeddedValkey
from operations.embedded.ports import choose_port
from operations.stack import product_specs, sandbox_specs, supervise
from operations.story import play as story_steps
from operations.story.chat import Phone, find_button
from operations.story.doors import Addresses, Doors, wait_for
from operations.story.play import GOOD_CARD, Story
from operations.supervisor import Supervisor

PATIENCE_SECONDS = 150.0
SEED = int(os.environ.get("LUMENPAY_FAULT_SEED", "20261124"))


@dataclass
class Stack:
    """The product's processes under a supervisor that revives what is killed."""

    supervisor: Supervisor
    addresses: Addresses
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    children: list[ChildProcess]
    is_valkey_off: bool = False

    def kill_something(self, rng: random.Random) -> str:
        """Kill one process with SIGKILL and tell which kind it was."""
        kinds = ["api", "worker", "worker", "child", "child", "postgres", *([] if self.is_valkey_off else ["valkey"])]
        kind = rng.choice(kinds)
        if kind in ("postgres", "valkey"):
            (self.postgres if kind == "postgres" else self.valkey).kill()
            return kind
        wanted = "api" if kind == "api" else "worker"
        pids = [child.pid for child in self.children if child.name.startswith(wanted) and child.pid]
        if not pids:
            return "nobody"
        victim = rng.choice(pids)
        if kind == "child":
            found = Path(f"/proc/{victim}/task/{victim}/children").read_text(encoding="ascii").split()
            victim = int(rng.choice(found)) if found else victim
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return "nobody"
        return kind


@pytest.fixture
def stack(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    is_valkey_off = getattr(request, "param", False)
    ports = {name: choose_port(tmp_path / "ports" / name) for name in ("api", "telegram", "yookassa")}
    urls = {name: loopback_url(port) for name, port in ports.items()}
    settings = Settings(
        _env_file=None, environment="test", public_url=urls["api"], telegram_api_url=urls["telegram"],
        yookassa_api_url=f"{urls['yookassa']}/v3", log_level="WARNING",
    )  # fmt: skip
    stores = start_stores(settings, tmp_path)
    migrate_stores(stores)
    assert stores.postgres is not None
    assert stores.valkey is not None
    if is_valkey_off:
        stores.valkey.stop()
    env = process_environment(settings, stores, tmp_path)
    specs = [
        *sandbox_specs(env, telegram_port=ports["telegram"], yookassa_port=ports["yookassa"]),
        *product_specs(env, port=ports["api"], folder=tmp_path),
    ]
    servers = [stores.postgres] if is_valkey_off else [stores.postgres, stores.valkey]
    supervisor = supervise(list(servers), specs, folder=tmp_path)
    supervisor.start()
    children = [watched.service for watched in supervisor._watched if isinstance(watched.service, ChildProcess)]
    watching = threading.Thread(target=supervisor.run, daemon=True)
    watching.start()
    addresses = Addresses(urls["api"], urls["telegram"], urls["yookassa"])
    yield Stack(supervisor, addresses, stores.postgres, stores.valkey, children, is_valkey_off)
    supervisor.request_stop()
    watching.join(timeout=60)
    supervisor.stop()
    stores.valkey.destroy()
    stores.postgres.destroy()


async def open_shop(doors: Doors) -> Story:
    """Set up a tenant that sells a month in one channel."""
    story = Story(doors)
    for step in (story_steps.sign_up, story_steps.connect_bot, story_steps.connect_shop, story_steps.connect_channel):
        await step(story)
    body = {
        "bot_id": story.bot["id"], "title": "Месяц", "price_minor": 49_900, "period_unit": "month", "period_count": 1,
        "channel_ids": [story.channel["id"]],
    }  # fmt: skip
    await doors.product("POST", story.path("/plans"), body)
    return story


async def buy_and_enter(story: Story, number: int) -> str:
    """One person's whole way, as patient as people are."""
    doors = story.doors
    person = await doors.telegram("POST", "/users", {"first_name": f"Buyer {number}", "language_code": "ru"})
    phone = Phone(doors, person["id"], story.telegram_bot["id"])
    await phone.write("/buy")
    plans = await phone.read("Выберите тариф", seconds=PATIENCE_SECONDS)
    await phone.press(plans, "Месяц")
    card = await phone.read("Цена", seconds=PATIENCE_SECONDS)
    await phone.press(card, "Оплатить")
    link = await phone.read("К оплате", seconds=PATIENCE_SECONDS)
    gateway_id = str(find_button(link, "Оплатить")["url"]).rstrip("/").rpartition("/")[2].partition("?")[0]
    await doors.yookassa("POST", f"/payments/{gateway_id}/pay", {"card": GOOD_CARD})
    receipt = await phone.read("✅", seconds=PATIENCE_SECONDS)
    await phone.join(str(find_button(receipt, "Войти")["url"]))

    async def look() -> bool:
        return await story.find_member(phone.user_id) == "member"

    await wait_for(f"buyer {number} to be inside", look, seconds=PATIENCE_SECONDS)
    return gateway_id


async def kill_at_random(stack: Stack, *, kills: int, pause_seconds: float, done: asyncio.Event) -> Counter[str]:
    rng = random.Random(SEED)
    killed: Counter[str] = Counter()
    while killed.total() < kills:
        kind = await asyncio.to_thread(stack.kill_something, rng)
        if kind != "nobody":
            killed[kind] += 1
        await asyncio.sleep(pause_seconds * rng.uniform(0.5, 1.5))
    done.set()
    return killed


async def look_at_the_books(stack: Stack) -> dict[str, Any]:
    """Return what the database says, seen by the superuser."""

    async def connect() -> asyncpg.Connection[Any] | None:
        try:
            return await asyncpg.connect(stack.postgres.superuser_url("lumenpay"), timeout=5)
        except (OSError, asyncpg.PostgresError):
            return None

    connection = await wait_for("the database to answer", connect, seconds=60)
    try:
        row = await connection.fetchrow(
            """
            SELECT (SELECT count(*) FROM payments WHERE status = 'succeeded') AS paid,
                   (SELECT count(*) FROM grants) AS grants,
                   (SELECT count(*) FROM subscription_periods) AS periods,
                   (SELECT count(DISTINCT payment_id) FROM subscription_periods) AS paid_periods,
                   (SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries) AS ledger,
                   (SELECT count(*) FROM ledger_entries) AS lines,
                   (SELECT count(*) FROM payments WHERE status = 'quarantined') AS quarantined
            """
        )
    finally:
        await connection.close()
    return dict(row)


async def run_sale(stack: Stack, *, buyers: int, kills: int, pause_seconds: float) -> None:
    begun_at = time.monotonic()
    async with Doors(stack.addresses) as doors:
        story = await open_shop(doors)
        done = asyncio.Event()
        killer = kill_at_random(stack, kills=kills, pause_seconds=pause_seconds, done=done)
        room = asyncio.Semaphore(20)

        async def buyer(number: int) -> str:
            async with room:
                return await buy_and_enter(story, number)

        results = await asyncio.gather(killer, *(buyer(number) for number in range(buyers)), return_exceptions=True)
    killed, outcomes = results[0], results[1:]
    books = await look_at_the_books(stack)
    print(f"seed {SEED}: {dict(killed)} killed, {buyers} buyers, {books}, {time.monotonic() - begun_at:.0f} s")
    broken = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert not broken, broken[:3]
    assert isinstance(killed, Counter)
    assert len(set(outcomes)) == buyers
    assert books == {
        "paid": buyers, "grants": buyers, "periods": buyers, "paid_periods": buyers, "ledger": 0,
        "lines": buyers * 2, "quarantined": 0,
    }  # fmt: skip


@pytest.mark.timeout(400)
@pytest.mark.xdist_group("processes")
async def test_a_few_buyers_survive_a_few_kills_f1(stack: Stack):
    await run_sale(stack, buyers=8, kills=5, pause_seconds=2.0)


@pytest.mark.timeout(400)
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("stack", [True], indirect=True, ids=["valkey off"])
async def test_without_valkey_everything_works_only_later_f3(stack: Stack):
    await run_sale(stack, buyers=5, kills=0, pause_seconds=1.0)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("processes")
async def test_three_hundred_buyers_survive_sixty_kills_f1(stack: Stack):
    await run_sale(stack, buyers=300, kills=60, pause_seconds=2.5)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("stack", [True], indirect=True, ids=["valkey off"])
async def test_three_hundred_buyers_without_valkey_survive_sixty_kills_f3(stack: Stack):
    await run_sale(stack, buyers=300, kills=60, pause_seconds=2.5)
