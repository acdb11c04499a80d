"""A payment notice is stored with a job to look into it; its body is not believed."""

from __future__ import annotations

import json

import pytest
from redis.asyncio import Redis

from tests.support.waiting import until

SHOP = ("100500", "test_" + "k" * 30)


def notice(object_id: str = "2e3f0a1b-000f-5000-9000-1a2b3c4d5e6f", event: str = "payment.succeeded") -> bytes:
    return json.dumps({"type": "notification", "event": event, "object": {"id": object_id}}).encode()


async def test_a_notice_is_stored_with_one_job_and_the_bell_rings(client, factory, sql, redis_url):
    bot = await factory.bot(shop=SHOP)
    for _ in range(3):
        assert (await client.notice(bot, notice())).status == 200
    row = await sql.fetchrow("SELECT * FROM payment_notices")
    assert (row["tenant_id"], row["bot_id"], row["arrivals"]) == (bot.tenant_id, bot.id, 3)
    assert await sql.fetch("SELECT kind, tenant_id FROM jobs") == [("payments.check_notice", bot.tenant_id)]
    async with Redis.from_url(redis_url) as redis:
        await until(lambda: redis.llen("money"))


async def test_an_unknown_address_is_refused(client, factory, sql):
    await factory.bot(shop=SHOP)
    assert (await client.send(f"/webhooks/yookassa/{'B' * 32}", notice())).status == 401
    assert await sql.fetchval("SELECT count(*) FROM payment_notices") == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"event":"x","object":{"id":1}}', b'{"event":null,"object":{"id":"1"}}', notice(""),
     notice("a" * 65), notice("a\x00b"), notice(event="x" * 65), notice("ж"), b'{"event":"x","object":[]}', b"\xff"],
)  # fmt: skip
async def test_what_is_no_notice_is_refused(client, factory, sql, body):
    bot = await factory.bot(shop=SHOP)
    assert (await client.notice(bot, body)).status == 400
    assert await sql.fetchval("SELECT count(*) FROM payment_notices") == 0


async def test_a_notice_that_is_too_large_is_refused(client, factory):
    bot = await factory.bot(shop=SHOP)
    assert (await client.notice(bot, notice() + b" " * (256 * 1024))).status == 413
