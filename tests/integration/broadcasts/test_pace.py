"""One pace for a bot, whoever sends: never faster than Telegram allows, and what somebody waits for goes first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from lumenpay.jobs.catalogue import Queue
from lumenpay.kit.crypto import Secret
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.pace import BotPace
from lumenpay.telegram.rates import BULK_RATE, BULK_RATE_ALONE, PER_BOT_RATE
from tenants_worker.context import WorkerContext
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks.registry import HANDLERS
from tests.support.mailing import Mailing
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

FAR_SECONDS = 0.4


@pytest.fixture
async def processes(market: Market, redis_url: str) -> AsyncIterator[list[WorkerContext]]:
    """Two worker processes: nothing but the database and Valkey is theirs together."""
    clients = [TelegramClient(api_url=market.telegram_url, pace=BotPace(redis_url)) for _ in range(2)]
    yield [replace(market.worker, telegram=client) for client in clients]
    for client in clients:
        await client.close()


def sent_at(market: Market, stall: Stall) -> list[float]:
    calls = market.world.recorder.calls(bot_id=stall.telegram_bot_id, method="sendMessage", after=0)
    return sorted(call.at for call in calls if call.status == 200)


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(first <= moment < first + 1 for moment in moments) for first in moments)


async def work(market: Market, processes: list[WorkerContext]) -> None:
    async def serve(process: WorkerContext) -> None:
        runner = JobRunner(process, HANDLERS)
        while await runner.run_due(Queue.BROADCASTS):
            await market.make_due()

    await market.make_due()
    await asyncio.gather(*(serve(process) for process in processes))


async def test_two_broadcasts_in_two_processes_share_one_pace_and_use_it(
    market: Market, stall: Stall, processes: list[WorkerContext]
) -> None:
    mailing, neighbour = Mailing(stall), Mailing(await open_stall(market))
    for one in (mailing, neighbour):
        await one.readers(55)
    first, second, other = await mailing.started(), await mailing.started(), await neighbour.started()
    await work(market, processes)
    for one, broadcast_id in ((mailing, first), (mailing, second), (neighbour, other)):
        assert await one.ledger(broadcast_id) == {"sent": 55}
    for one, count in ((mailing, 110), (neighbour, 55)):
        moments = sent_at(market, one.stall)
        assert len(moments) == count
        # On a busy machine what was sent in time arrives late, and then together; two paces would be twice as many.
        assert most_in_a_second(moments) <= 1.4 * BULK_RATE
        assert 0.6 * BULK_RATE < (count - 1) / (moments[-1] - moments[0]) < 1.1 * BULK_RATE
    statuses = {call.status for call in market.world.recorder.calls(bot_id=None, method="sendMessage", after=0)}
    assert statuses == {200}


async def test_what_somebody_waits_for_goes_out_at_once_beside_a_broadcast_i6(
    market: Market, stall: Stall, processes: list[WorkerContext]
) -> None:
    mailing = Mailing(stall)
    await mailing.readers(70)
    (payer,) = await mailing.readers(1, source="payer")
    broadcast_id = await mailing.started()
    token = Secret(market.world.bots[stall.telegram_bot_id].token)
    running = asyncio.ensure_future(work(market, processes[:1]))
    waited = []
    while not running.done():
        asked_at = time.monotonic()
        await processes[1].telegram.send_text(token, chat_id=payer.telegram_id, html="paid")
        waited.append(time.monotonic() - asked_at)
        await asyncio.wait({running}, timeout=0.25)
    await running
    assert await mailing.ledger(broadcast_id) == {"sent": 71}
    assert len(waited) >= 5
    # The chat of one person has its own pace, after a burst of five.
    # On a busy machine one of them may be late by itself.
    assert sorted(waited[:5])[2] < 0.25
    statuses = {call.status for call in market.world.recorder.calls(bot_id=None, method="sendMessage", after=0)}
    assert statuses == {200}


async def test_room_is_made_for_what_goes_ahead(redis_url: str) -> None:
    ours, theirs = BotPace(redis_url, rate=10), BotPace(redis_url, rate=10)
    began_at = time.monotonic()
    assert (await ours.take_turns(7, 5)).wait_seconds < 0.1
    assert await theirs.go_ahead(7) == 0
    assert await theirs.go_ahead(8) == 0
    turns = await theirs.take_turns(7, 1)
    gone_seconds = time.monotonic() - began_at
    assert 0.59 - gone_seconds < turns.wait_seconds <= 0.6
    assert (await ours.take_turns(8, 1)).wait_seconds < 0.1
    await ours.close()
    await theirs.close()


async def test_a_429_holds_the_bot_back_in_every_process_and_no_other_bot(redis_url: str) -> None:
    ours, theirs = BotPace(redis_url), BotPace(redis_url)
    await ours.hold_back(7, 30)
    await ours.hold_back(7, 3)
    for pace in (ours, theirs):
        turns = await pace.take_turns(7, 1)
        assert (turns.are_given, 29 < turns.wait_seconds <= 30) == (False, True)
        assert 29 < await pace.go_ahead(7) <= 30
        assert (await pace.take_turns(8, 1)).are_given
    await ours.close()
    await theirs.close()


@pytest.fixture
async def far_valkey(redis_url: str) -> AsyncIterator[str]:
    """The address of a Valkey whose answers take longer than somebody waits for a message."""
    near = urlsplit(redis_url)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, late: bool) -> None:
        while data := await reader.read(65536):
            if late:
                asyncio.get_running_loop().call_later(FAR_SECONDS, writer.write, data)
            else:
                writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(near.hostname, near.port)
        await asyncio.gather(carry(reader, forth, late=False), carry(back, writer, late=True))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield near._replace(netloc=f"{near.netloc.rpartition(':')[0]}:{server.sockets[0].getsockname()[1]}").geturl()
    server.close()


async def test_a_process_that_hears_late_of_valkeys_answers_keeps_to_the_pace_of_all(
    redis_url: str, far_valkey: str
) -> None:
    late, quick = BotPace(far_valkey), BotPace(redis_url)
    began_at = time.monotonic()
    turns = await asyncio.gather(*(late.take_turns(bot, 5) for bot in range(60)))
    assert {(one.are_given, one.interval_seconds) for one in turns} == {(True, 1 / BULK_RATE)}
    # So many bots are asked about together: a few answers away, whatever their number.
    assert time.monotonic() - began_at < 10 * FAR_SECONDS
    assert (await quick.take_turns(7, 1)).starts_at >= turns[7].at(5) - 0.01
    # Somebody who waits for a message waits for no answer of Valkey.
    began_at = time.monotonic()
    assert await late.go_ahead(7) == 0
    assert time.monotonic() - began_at < FAR_SECONDS
    assert (await late.take_turns(8, 1)).interval_seconds == 1 / BULK_RATE
    await late.close()
    await quick.close()


@pytest.mark.parametrize("address", ["", "redis://127.0.0.1:1/0"])
async def test_without_valkey_a_process_keeps_a_slow_pace_and_does_not_stand_still(address: str) -> None:
    pace = BotPace(address)
    turns = [await pace.take_turns(7, 5) for _ in range(3)]
    assert all(one.are_given for one in turns)
    assert 0.9 <= turns[-1].starts_at - turns[0].starts_at <= 1.1
    assert turns[0].interval_seconds == 1 / BULK_RATE_ALONE > 2 / PER_BOT_RATE
    assert await pace.go_ahead(7) == 0
    await pace.hold_back(7, 5)
    assert not (await pace.take_turns(7, 1)).are_given
    assert await pace.go_ahead(7) > 4
    await pace.close()
