"""An update is acknowledged exactly when it is stored, and only for who knows the address and the secret."""

from __future__ import annotations

import asyncio
from collections import Counter

import asyncpg
import pytest
from redis.asyncio import Redis

from lumenpay.bots import secrets as bot_secrets
from lumenpay.models.bots import Bot
from lumenpay.models.inbox import CHECKOUT_LANE, FAST_LANE, NORMAL_LANE
from tests.factories.tenants import join_request_update, message_update
from tests.support.services import database_name
from tests.support.waiting import until

STORED = "SELECT update_id, lane, body FROM telegram_updates ORDER BY update_id"
WAITING_TO_STORE = """
    SELECT count(*) FROM pg_stat_activity
    WHERE application_name = 'lumenpay-ingress' AND wait_event_type = 'Lock' AND datname = current_database()
"""


async def test_an_update_is_stored_raw_in_its_own_tenant_and_the_bell_rings(client, factory, sql, redis_url):
    bot, other = await factory.bot(), await factory.bot()
    body = message_update(7)
    assert (await client.update(bot, body)).status == 200
    row = await sql.fetchrow("SELECT * FROM telegram_updates")
    assert (row["tenant_id"], row["bot_id"], row["update_id"], row["body"]) == (bot.tenant_id, bot.id, 7, body)
    assert row["tenant_id"] != other.tenant_id
    async with Redis.from_url(redis_url) as redis:
        await until(lambda: redis.llen("updates"))


async def test_a_repeated_update_is_acknowledged_and_stored_once(client, factory, sql):
    bot = await factory.bot()
    answers = await asyncio.gather(*(client.update(bot, message_update(7)) for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert len(await sql.fetch(STORED)) == 1


@pytest.mark.parametrize(
    "secret",
    [b"", b"wrong", "тайна".encode(), b"\xff\xfe\x00", b"x" * 5000],
    ids=["none", "wrong", "ru", "raw", "long"],
)
async def test_a_wrong_secret_and_an_unknown_address_get_the_same_bare_refusal_e2(client, factory, sql, secret):
    bot = await factory.bot()
    wrong = await client.update(bot, message_update(1), secret=secret)
    unknown = await client.send(f"/tg/{'A' * 32}", message_update(1))
    assert wrong == unknown
    assert wrong.status == 401
    assert await sql.fetch(STORED) == []
    assert (await client.update(bot, message_update(1))).status == 200


@pytest.mark.parametrize("key", ["", "a/b", "é", "%00", "a" * 200, "..", "a b"])
async def test_an_address_that_cannot_be_ours_is_refused_without_a_look_up(client, database, key):
    assert (await client.send(f"/tg/{key}", message_update(1))).status == 401


async def test_another_bots_secret_does_not_open_a_bots_address(client, factory):
    bot, other = await factory.bot(), await factory.bot()
    assert (await client.update(bot, message_update(1), secret=other.webhook_secret.encode())).status == 401


async def test_a_secret_renewed_a_moment_ago_works_at_once(client, factory, database, ring):
    bot = await factory.bot()
    assert (await client.update(bot, message_update(1))).status == 200
    async with database.tenant(bot.tenant_id) as session:
        row = await session.get(Bot, (bot.tenant_id, bot.id))
        row.webhook_secret_hash = bot_secrets.hash_token("renewed")

    async def is_accepted() -> bool:
        return (await client.update(bot, message_update(2), secret=b"renewed")).status == 200

    await until(is_accepted, seconds=1.5)


async def test_a_flood_of_wrong_secrets_asks_the_database_once_a_second(client, factory, sql):
    bot = await factory.bot()
    routes = client.app._routes._bots
    asked = Counter()
    find = routes._find

    async def count(key: str):
        asked[key] += 1
        return await find(key)

    routes._find = count
    for _ in range(5):
        await asyncio.gather(*(client.update(bot, message_update(1), secret=b"wrong") for _ in range(40)))
    assert asked[bot.webhook_key] <= 3


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"{", b'{"update_id":"1"}', b'{"update_id":true}', b'{"update_id":-1}',
     b'{"update_id":1.5}', b'{"update_id":99999999999999999999}', b'{"message":{"update_id":1}}', b"\xff\xfe",
     b'{"update_id":1', b"[" * 100_000],
)  # fmt: skip
async def test_what_is_no_update_is_refused_and_has_no_effect(client, factory, sql, body):
    bot = await factory.bot()
    assert (await client.update(bot, body)).status == 400
    assert await sql.fetch(STORED) == []


async def test_a_kind_of_the_future_is_stored(client, factory, sql):
    bot = await factory.bot()
    assert (await client.update(bot, b'{"update_id":1,"telepathy":{"from":{"id":1}}}')).status == 200
    assert len(await sql.fetch(STORED)) == 1


async def test_only_a_field_of_the_update_itself_leads_to_a_lane_of_its_own(client, factory, sql):
    bot = await factory.bot()
    await client.update(bot, join_request_update(1))
    await client.update(bot, b'{"pre_checkout_query":{"id":"1"},"update_id":2}')
    await client.update(bot, message_update(3, text='"chat_join_request":{} "pre_checkout_query"'))
    await client.update(bot, b'{"update_id":4,"message":{"chat_join_request":{}}}')
    lanes = {row["update_id"]: row["lane"] for row in await sql.fetch(STORED)}
    assert lanes == {1: FAST_LANE, 2: CHECKOUT_LANE, 3: NORMAL_LANE, 4: NORMAL_LANE}


async def test_a_text_with_a_nul_is_stored(client, factory, sql):
    bot = await factory.bot()
    assert (await client.update(bot, message_update(1, text="a\x00b"))).status == 200


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10_000_000])
async def test_a_body_that_is_too_large_is_refused(client, factory, sql, size):
    bot = await factory.bot()
    whole = b'{"update_id":1,"x":"' + b"a" * size + b'"}'
    assert (await client.update(bot, whole)).status == 413
    parts = [whole[start : start + 65_536] for start in range(0, len(whole), 65_536)]
    assert (await client.update(bot, parts)).status == 413
    announced = [
        (b"content-length", str(size).encode()),
        (b"x-telegram-bot-api-secret-token", bot.webhook_secret.encode()),
    ]
    assert (await client.send(f"/tg/{bot.webhook_key}", b"", headers=announced, ends=False)).status == 413
    assert await sql.fetch(STORED) == []


@pytest.mark.parametrize("parts", [[b""], [b'{"update_id":1,']])
async def test_a_body_that_does_not_come_is_not_waited_for(client, factory, parts):
    answer = await client.update(await factory.bot(), parts, ends=False)
    assert answer.status == 408
    assert answer.headers[b"connection"] == b"close"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(client, factory, method):
    assert (await client.update(await factory.bot(), message_update(1), method=method)).status == 405


async def test_many_updates_at_once_are_few_statements(client, factory, sql):
    bots = [await factory.bot() for _ in range(4)]
    answers = await asyncio.gather(*(client.update(bots[number % 4], message_update(number)) for number in range(400)))
    assert {answer.status for answer in answers} == {200}
    assert len(await sql.fetch(STORED)) == 400
    statements = await sql.fetchval("SELECT count(DISTINCT xmin::text) FROM telegram_updates")
    assert statements < 40


async def test_a_row_that_cannot_be_stored_costs_only_its_own_sender(client, factory, sql):
    good, gone = await factory.bot(), await factory.bot()
    for bot in (gone, good):  # both addresses are known, so that the ten updates below share a statement
        assert (await client.update(bot, message_update(100))).status == 200
    await sql.execute("DELETE FROM bots WHERE id = $1", gone.id)
    answers = await asyncio.gather(
        *(client.update(gone if number == 5 else good, message_update(number)) for number in range(10))
    )
    assert [answer.status for answer in answers].count(503) == 1
    assert answers[5].status == 503
    assert len(await sql.fetch(STORED)) == 10


async def test_a_sender_that_hangs_up_costs_the_others_nothing_and_its_update_is_stored_e3(client, factory, sql):
    bot = await factory.bot()
    assert (await client.update(bot, message_update(100))).status == 200  # the address is known from here on
    blocker = sql.transaction()
    await blocker.start()
    await sql.execute("LOCK TABLE telegram_updates IN EXCLUSIVE MODE")

    async def count_blocked() -> int:
        await sql.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one picture of the activity
        return await sql.fetchval(WAITING_TO_STORE)

    async def is_first_blocked() -> bool:
        return await count_blocked() == 1

    async def are_both_blocked() -> bool:
        return await count_blocked() == 2

    # Both writers are at it, with one update each; the others gather for the next batch.
    hasty = [asyncio.ensure_future(client.update(bot, message_update(0)))]
    await until(is_first_blocked)
    hasty.append(asyncio.ensure_future(client.update(bot, message_update(1))))
    await until(are_both_blocked)
    patient = [asyncio.ensure_future(client.update(bot, message_update(number))) for number in range(2, 12)]
    await asyncio.wait(patient, timeout=0)
    for sender in hasty:
        sender.cancel()
    await blocker.rollback()
    answers = await asyncio.wait_for(asyncio.gather(*patient), 10)
    assert {answer.status for answer in answers} == {200}

    async def are_all_stored() -> bool:
        return [row["update_id"] for row in await sql.fetch(STORED)] == [*range(12), 100]

    # Nobody waits for what the hasty ones sent: it may be stored a moment later.
    await until(are_all_stored)


async def test_while_the_database_is_away_senders_are_told_to_repeat(
    client, factory, sql, superuser_url, database, servers
):
    bot, name = await factory.bot(), database_name(superuser_url)
    assert (await client.update(bot, message_update(1))).status == 200
    admin = await asyncpg.connect(servers.superuser_url())
    try:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'lumenpay_app'",
            name,
        )
        answers = await asyncio.gather(*(client.update(bot, message_update(number)) for number in range(2, 30)))
        assert {answer.status for answer in answers} == {503}
        assert all(int(answer.headers[b"retry-after"]) > 0 for answer in answers)
    finally:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await admin.close()

    async def is_accepted() -> bool:
        return (await client.update(bot, message_update(50))).status == 200

    await until(is_accepted)
    assert [row["update_id"] for row in await sql.fetch(STORED)] == [1, 50]
    await database.engine.dispose()


async def test_an_acknowledged_update_makes_its_lane_known_to_the_workers(client, factory, sql):
    bot = await factory.bot()
    await client.update(bot, message_update(1))
    await client.update(bot, join_request_update(2))
    lanes = await sql.fetch("SELECT bot_id, lane FROM bot_inboxes WHERE waiting_since IS NOT NULL ORDER BY lane")
    assert lanes == [(bot.id, FAST_LANE), (bot.id, NORMAL_LANE)]
