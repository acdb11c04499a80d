"""A flood with a wrong address or secret is slowed down, and nothing that is right is ever refused (fault K1)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from control_plane.ingress.app import IngressApp
from control_plane.ingress.strangers import BURST
from lumenpay.jobs.doorbell import Doorbell
from operations.embedded import EmbeddedValkey
from tests.factories.tenants import message_update
from tests.integration.ingress.conftest import Client

TELEGRAM, ELSEWHERE = "149.154.167.220", "203.0.113.7"
STORED = "SELECT update_id FROM telegram_updates ORDER BY update_id"


async def flood(client: Client, bot, *, sender: str = TELEGRAM, times: int = int(BURST) + 5) -> list[int]:
    answers = [await client.update(bot, message_update(1), secret=b"wrong", sender=sender) for _ in range(times)]
    return [answer.status for answer in answers]


async def test_whoever_sends_only_what_is_wrong_is_told_to_wait_k1(client, factory):
    bot = await factory.bot()
    statuses = await flood(client, bot)
    assert (statuses[: int(BURST)], statuses[-1]) == ([401] * int(BURST), 429)
    stopped = await client.send(f"/webhooks/yookassa/{'A' * 32}", b"{}", sender=TELEGRAM)
    assert (stopped.status, int(stopped.headers[b"retry-after"]) >= 1) == (429, True)
    assert await flood(client, bot, sender=ELSEWHERE, times=1) == [401]
    # One of IPv6 has a whole network of addresses.
    for number in range(int(BURST) + 2):
        last = await client.send("/tg/unknown", b"{}", sender=f"2001:db8:1:2::{number:x}")
    assert last.status == 429


async def test_an_update_with_the_right_secret_is_stored_wherever_a_flood_comes_from_k1(client, factory, sql):
    attacked, other = await factory.bot(), await factory.bot()
    assert (await flood(client, attacked))[-1] == 429
    # One whose address is remembered, and one that has to be looked up.
    for number, bot in enumerate((attacked, other), start=1):
        assert (await client.update(bot, message_update(number), sender=TELEGRAM)).status == 200
    assert [row["update_id"] for row in await sql.fetch(STORED)] == [1, 2]


async def test_a_flood_of_guessed_addresses_keeps_no_bot_waiting_whose_address_is_looked_up_k1(client, factory):
    bot, fresh = await factory.bot(), await factory.bot()
    assert (await flood(client, bot))[-1] == 429
    paths = [f"/tg/{'A' * 28}{number:04}" for number in range(600)]
    flooding = [asyncio.ensure_future(client.send(path, b"{}", sender=TELEGRAM)) for path in paths]
    # Behind them all.
    update = asyncio.ensure_future(client.update(fresh, message_update(1), sender=ELSEWHERE))
    assert (await update).status == 200
    assert sum(not guess.done() for guess in flooding) > len(flooding) / 2
    assert {(await guess).status for guess in flooding} == {429}


@pytest.fixture
def stopped_valkey(tmp_path: Path) -> Iterator[str]:
    """The address of a Valkey that was there and is not any more."""
    server = EmbeddedValkey(tmp_path)
    server.start()
    url = server.url
    server.stop()
    yield url
    server.destroy()


async def test_with_valkey_stopped_updates_are_stored_and_a_flood_is_slowed_down_as_ever_k1(
    database, ring, clock, factory, sql, stopped_valkey
):
    bell = Doorbell(stopped_valkey)
    app = IngressApp(database=database, doorbell=bell, ring=ring, clock=clock)
    await app.startup()
    try:
        client, bot = Client(app), await factory.bot()
        assert (await client.update(bot, message_update(1), sender=TELEGRAM)).status == 200
        assert (await flood(client, bot))[-1] == 429
        assert (await client.update(bot, message_update(2), sender=TELEGRAM)).status == 200
        assert [row["update_id"] for row in await sql.fetch(STORED)] == [1, 2]
    finally:
        await app.shutdown()
        await bell.close()
