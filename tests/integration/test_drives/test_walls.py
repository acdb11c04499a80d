"""What keeps test drives away from real bots, real money and real members, and within bounds."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from lumenpay.bots.secrets import open_shop, open_token, seal_shop, seal_token
from lumenpay.db.dispatch import remove_test_drive
from lumenpay.kit.crypto import SealBrokenError, Secret
from lumenpay.models.bots import Bot
from lumenpay.payments.errors import GatewayUnavailableError
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.errors import TelegramUnavailableError
from lumenpay.test_drives import rules
from tests.integration.test_drives.conftest import Studio
from tests.support.waiting import until

REAL, SANDBOX = "http://127.0.0.1:1", "http://127.0.0.1:2"
TOKEN = f"4000000000000001:{'A' * 35}"


def sealed_bot(ring, tenant_id: UUID) -> Bot:
    bot = Bot(tenant_id=tenant_id, id=UUID(int=7))
    seal_token(ring, bot, Secret(TOKEN))
    seal_shop(ring, bot, shop_id="1", secret_key=Secret("test_key"))
    return bot


def address_of(client: TelegramClient, token: Secret) -> str:
    session = client.bot(token).session
    assert isinstance(session, AiohttpSession)
    return session.api.base


async def test_a_bot_goes_where_its_tenant_belongs_and_the_same_token_elsewhere_goes_elsewhere(ring):
    client = TelegramClient(api_url=REAL, sandbox_url=SANDBOX)
    real, drive = (sealed_bot(ring, tenant_id) for tenant_id in (UUID(int=1), rules.new_drive_tenant_id()))
    for _ in range(2):
        assert address_of(client, open_token(ring, real)).startswith(REAL)
        assert address_of(client, open_token(ring, drive)).startswith(SANDBOX)
    # A row that was moved from one kind of tenant to the other does not open at all.
    real.tenant_id, drive.tenant_id = drive.tenant_id, real.tenant_id
    for bot in (real, drive):
        with pytest.raises(SealBrokenError):
            open_token(ring, bot)
        with pytest.raises(SealBrokenError):
            open_shop(ring, bot)
    await client.close()


async def test_without_a_sandbox_the_bot_and_the_shop_of_a_test_drive_go_nowhere(ring):
    bot = sealed_bot(ring, rules.new_drive_tenant_id())
    client = TelegramClient(api_url=REAL)
    with pytest.raises(TelegramUnavailableError, match="no sandbox"):
        await client.get_me(open_token(ring, bot))
    async with YooKassaClient(api_url=f"{REAL}/v3") as yookassa:
        with pytest.raises(GatewayUnavailableError, match="no sandbox"):
            await yookassa.get_payment(open_shop(ring, bot), "1")
    await client.close()


async def test_the_database_keeps_test_drives_apart(studio: Studio):
    await studio.start()
    real = studio.stall.tenant_id
    insert = "INSERT INTO tenants (id, name, test_drive_of, created_at) VALUES ($1, 'x', $2, now())"
    for tenant_id, of in ((UUID(int=1), real), (rules.new_drive_tenant_id(), None)):
        with pytest.raises(asyncpg.CheckViolationError):
            await studio.sql.execute(insert, tenant_id, of)
    # Staff see the tenant, and nothing of its test drive in any table.
    async with studio.sql.transaction():
        await studio.sql.execute("SET LOCAL ROLE lumenpay_staff")
        assert [row[0] for row in await studio.sql.fetch("SELECT id FROM tenants")] == [real]
        assert [row[0] for row in await studio.sql.fetch("SELECT DISTINCT tenant_id FROM plans")] == [real]
    assert await studio.sql.fetchval("SELECT count(DISTINCT tenant_id) FROM plans") == 2
    # What removes test drives removes no real tenant, whatever a function would say.
    assert not await remove_test_drive(studio.market.worker.database, real)
    # Nobody works on the test drive while all of it goes at once.
    await studio.door.worker.close()
    async with studio.sql.transaction():
        await studio.sql.execute("SET LOCAL ROLE lumenpay_dispatch")
        assert await studio.sql.execute("DELETE FROM tenants") == "DELETE 1"
    assert [row[0] for row in await studio.sql.fetch("SELECT id FROM tenants")] == [real]


async def test_a_person_has_one_test_drive_at_a_time_and_the_installation_some(studio: Studio):
    drive = await studio.start()
    body = {"bot_id": str(studio.stall.bot_id)}
    assert (await studio.call("POST", studio.base, body, status=409))["code"] == "test_drive_running"
    await studio.call("POST", f"{studio.base}/{drive['id']}/stop")
    await studio.sql.executemany(
        "INSERT INTO tenants (id, name, test_drive_of, created_at) VALUES ($1, 'x', $2, now())",
        [(rules.new_drive_tenant_id(), studio.stall.tenant_id) for _ in range(rules.MAX_AT_ONCE - 1)],
    )
    assert (await studio.call("POST", studio.base, body, status=503))["code"] == "too_many_test_drives"


async def test_a_test_drive_ends_by_itself_after_an_hour_and_a_used_up_one_takes_nothing_more(studio: Studio):
    drive = await studio.start()
    await studio.sql.execute("UPDATE test_drives SET actions_count = $1", rules.MAX_ACTIONS)
    refused = await studio.call("POST", f"{studio.base}/{drive['id']}/messages", {"text": "/buy"}, status=409)
    assert refused["code"] == "test_drive_ended"
    await studio.market.skip(hours=1, seconds=20)

    async def is_over() -> bool:
        await studio.work()
        return (await studio.call("GET", studio.base))["items"][0]["end_reason"] == "time_over"

    await until(is_over, what="the end after an hour")


async def test_the_phone_shows_the_own_words_at_once_and_says_what_does_not_work(studio: Studio):
    words = f"/tenants/{studio.stall.tenant_id}/bots/{studio.stall.bot_id}/messages/welcome/ru"
    await studio.call("PUT", words, {"text": "Own words for {name}"})
    drive = await studio.start()
    path = f"{studio.base}/{drive['id']}"
    since = (await studio.state(drive))["version"]
    await studio.act(drive, "messages", text="/start")
    state = await studio.call("GET", f"{path}?since={since}&wait=20")
    assert state["version"] > since
    assert state["messages"][0]["author"] == "person"

    async def is_said() -> bool:
        await studio.work()
        return any("Own words for Mary" in message["html"] for message in (await studio.state(drive))["messages"])

    await until(is_said, what="the own words")
    for what, body in (
        ("presses", {"message_id": 1, "data": "x"}), ("payments", {"payment": "0" * 36, "card": "5555555555554477"}),
    ):  # fmt: skip
        refused = await studio.call("POST", f"{path}/{what}", body, status=409)
        assert refused["code"] == "test_drive_action_refused"
    assert await studio.act(drive, "joins", link="https://t.me/+nowhere") == {"outcome": "invalid"}
    studio.world.reset()
    assert (await studio.state(drive))["is_lost"]


async def test_what_cannot_begin_says_why_and_a_half_begun_test_drive_is_ended(studio: Studio):
    await studio.sql.execute("UPDATE plans SET is_on_sale = false")
    body = {"bot_id": str(studio.stall.bot_id)}
    assert (await studio.call("POST", studio.base, body, status=409))["code"] == "test_drive_needs_plan"
    await studio.sql.execute("UPDATE plans SET is_on_sale = true")
    await studio.close_gateway()
    assert (await studio.call("POST", studio.base, body, status=503))["code"] == "sandbox_unavailable"
    items = (await studio.call("GET", studio.base))["items"]
    assert [(item["status"], item["end_reason"]) for item in items] == [("ended", "failed")]
