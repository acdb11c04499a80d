"""C6: keys are rotated under load by real processes that are killed; nobody who reads meanwhile notices."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from control_plane.ingress.routes import Routes
from control_plane.ingress.strangers import Strangers
from lumenpay.bots import secrets as bot_secrets
from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot, BotStatus
from lumenpay.models.ids import TenantId
from tests.support.processes import ROOT
from tests.support.waiting import until

pytestmark = pytest.mark.timeout(300)
TENANTS, BOTS_EACH, KILLS, ROWS_BEFORE_A_KILL = 14, 40, 3, 70
READERS = 2


@dataclass
class Reading:
    """What the readers have seen."""

    done: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What a bot's secrets are, as only its owner, Telegram and the gateway know."""

    tenant_id: TenantId
    bot_id: object
    token: str
    webhook_key: str
    webhook_secret: str
    shop_key: str
    notice_key: str


@pytest.fixture
async def bots(database, factory, ring, clock) -> list[Known]:
    """Thousands of bots whose secrets are sealed with the old key."""
    made = []
    for tenant_number in range(TENANTS):
        tenant_id = await factory.tenant()
        async with database.tenant(tenant_id) as session:
            for number in range(BOTS_EACH):
                telegram_id = 10_000_000 + tenant_number * BOTS_EACH + number
                bot = Bot(
                    tenant_id=tenant_id, id=new_uuid7(), telegram_id=telegram_id, username=f"b{telegram_id}", name="B",
                    status=BotStatus.ACTIVE, created_at=clock.now(),
                )  # fmt: skip
                known = f"{telegram_id}:{'A' * 35}", f"test_{telegram_id:040d}"
                bot_secrets.seal_token(ring, bot, Secret(known[0]))
                bot_secrets.renew_webhook(ring, bot)
                bot_secrets.seal_shop(ring, bot, shop_id="1", secret_key=Secret(known[1]))
                webhook, shop = bot_secrets.open_webhook(ring, bot), bot_secrets.open_shop(ring, bot)
                session.add(bot)
                addresses = webhook.key.reveal(), webhook.secret.reveal(), known[1], shop.notice_key.reveal()
                made.append(Known(tenant_id, bot.id, known[0], *addresses))
    return made


@pytest.fixture
async def addresses(postgres_urls) -> AsyncIterator[asyncpg.Pool]:
    """Where the ingress looks addresses up."""
    async with asyncpg.create_pool(postgres_urls.app.replace("+asyncpg", ""), min_size=1, max_size=3) as pool:
        yield pool


@asynccontextmanager
async def being_read(
    database: Database, addresses: asyncpg.Pool, ring: KeyRing, bots: list[Known]
) -> AsyncIterator[Reading]:
    """Read secrets and follow addresses all the time, as API and workers do."""
    reading, is_over = Reading(), asyncio.Event()

    async def read() -> None:
        while not is_over.is_set():
            known = random.choice(bots)
            fault = await find_difference(database, addresses, ring, known)
            reading.done += 1
            if fault:
                reading.failed.append(fault)

    readers = [asyncio.create_task(read()) for _ in range(READERS)]
    try:
        yield reading
    finally:
        is_over.set()
        await asyncio.gather(*readers)


async def find_difference(database: Database, addresses: asyncpg.Pool, ring: KeyRing, known: Known) -> str:
    """Return what cannot be read or found of a bot; nothing when all is as it was made."""
    try:
        async with database.tenant(known.tenant_id) as session:
            bot = (await session.execute(select(Bot).where(Bot.id == known.bot_id))).scalar_one()
        shop = bot_secrets.open_shop(ring, bot)
        routes = Routes(addresses.fetchrow, ring, Strangers())  # a fresh one remembers nothing
        route = await routes.authenticate_bot(known.webhook_key, known.webhook_secret.encode())
        found = {
            "token": bot_secrets.open_token(ring, bot).reveal() == known.token,
            "shop": (shop.secret_key.reveal(), shop.notice_key.reveal()) == (known.shop_key, known.notice_key),
            "webhook address": route is not None and route.bot_id == known.bot_id,
            "notice address": await routes.find_shop(known.notice_key) == (known.tenant_id, known.bot_id),
        }
    except Exception as error:  # noqa: BLE001 - whatever a reader meets is a failed read
        return repr(error)
    return ", ".join(name for name, is_right in found.items() if not is_right)


@pytest.fixture
def lumenpay(postgres_urls, tmp_path):
    """Start `lumenpay …` as an operator does."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, keys: str) -> subprocess.Popen[bytes]:
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
            "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "LUMENPAY_ENVIRONMENT": "test",
            "LUMENPAY_DATABASE_URL": postgres_urls.app, "LUMENPAY_SECRET_KEYS": keys,
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "operations.main", *arguments], env=env, cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


async def test_a_rotation_that_is_killed_again_and_again_ends_without_one_failed_read(
    database, addresses, bots, secret_key, lumenpay, superuser_url
):
    new_key = Fernet.generate_key().decode()
    both, alone, keys = KeyRing([new_key, secret_key]), KeyRing([new_key]), f"{new_key},{secret_key}"
    sql = await asyncpg.connect(superuser_url)

    async def has_moved(beyond: int) -> bool:
        done = await sql.fetchval("SELECT count(*) FROM bots WHERE token_key_id = $1", both.key_ids[0])
        return done >= beyond

    async with being_read(database, addresses, both, bots) as reading:
        for kill in range(1, KILLS + 1):
            rotator = lumenpay("keys", "rotate", keys=keys)
            await until(lambda goal=kill * ROWS_BEFORE_A_KILL: has_moved(goal), seconds=40, what="rows re-sealed")
            assert rotator.poll() is None
            rotator.kill()
            rotator.wait()
        assert await sql.fetchval("SELECT count(*) FROM bots WHERE token_key_id <> $1", both.key_ids[0]) > 100
        pair = [lumenpay("keys", "rotate", keys=keys) for _ in range(2)]
        printed = [(await asyncio.to_thread(process.communicate))[0].decode() for process in pair]
        assert [process.returncode for process in pair] == [0, 0], printed
        during = reading.done
    await sql.close()
    assert reading.failed == []
    assert during > 500
    assert all(both.key_ids[1] in text and secret_key not in text for text in printed)
    await check_sealing_keys(database, alone)
    assert [fault for known in bots[::10] if (fault := await find_difference(database, addresses, alone, known))] == []
    check = lumenpay("keys", "check", keys=new_key)
    told = (await asyncio.to_thread(check.communicate))[0].decode()
    assert check.returncode == 0, told
    assert f"{alone.key_ids[0]} (newest): {len(bots)} bots" in told
    wrong = lumenpay("keys", "check", keys=secret_key)
    told = (await asyncio.to_thread(wrong.communicate))[0].decode()
    assert wrong.returncode == 1
    assert f"{alone.key_ids[0]} (not in the ring): {len(bots)} bots" in told
    print(f"{len(bots)} bots, {KILLS} kills, {reading.done} reads")
