"""What broadcasts reach: a bot's pace, receipts beside them, and a whole process; `python -m tests.bench.broadcasts`.

The stand-in for Telegram is a process of its own. At the first two it refuses what comes faster than Telegram allows;
at the third neither it nor the worker keeps to a limit, and a bare client sends the same to the same server.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import uvloop

from lumenpay.config import get_settings
from lumenpay.jobs.catalogue import Queue
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.memory import settle_memory
from lumenpay.telegram.client import TelegramClient
from lumenpay.telegram.pace import BotPace
from lumenpay.telegram.rates import BULK_RATE
from operations.child_process import ChildProcess, ChildSpec
from operations.stack import WorkerPool, worker_spec
from tenants_worker.runtime import Worker, open_context
from tests.bench.answering import BotApi
from tests.bench.broadcast_rows import (
    CHATS_OF_A_BOT,
    FIRST_PAYER,
    HAND_OVER,
    begin_broadcasts,
    clear,
    number_bots,
    seed_payers,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bench.ground import Ground

PACED_BOTS, PACED_SECONDS = 4, 20
"""So few that it is the pace that is measured, on a busy machine too; how many a process serves, the fleet tells."""
RECEIPTS, RECEIPT_EVERY_SECONDS = 60, 0.25
FLEET_BOTS, FLEET_READERS, ROUNDS = 40, 1_500, 3
UNBOUND_RATE = 400.0
"""Messages a second of each bot where no limit is to be felt: of all of them together more than anybody can send."""
_CONNECTIONS = 50
"""Of the bare client and of the worker alike; on two cores more of them make both slower."""
_WARM_READERS = 25
_LONGEST_SECONDS = 180.0
_WORDS = "Tickets for the spring meeting are on sale from Friday on; whoever is subscribed gets in first. " * 2
_ONE_SECOND = 1.0


@dataclass
class Broadcasts:
    """Rates a second, and milliseconds from a paid order's job to the message."""

    paces: list[float] = field(default_factory=list)
    """Of each bot, from its first message to its last."""
    most_in_a_second: int = 0
    refused: int = 0
    """429s at the limits of Telegram."""
    quiet: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    fleet: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def measure_broadcasts(ground: Ground) -> Broadcasts:
    """Measure the three of them, one after another."""
    seen = Broadcasts()
    with _telegram(ground, "telegram-paced", "limited") as url:
        env = ground.environment(LUMENPAY_TELEGRAM_API_URL=url)
        bulk = worker_spec(env, WorkerPool("worker-bulk", ("broadcasts",), 1))
        money = worker_spec(env, WorkerPool("worker-money", ("access",), 1))
        with _running(ground, bulk, money):
            uvloop.run(_measure_pace(ground, url, seen))
            uvloop.run(_measure_receipts(ground, url, seen))
    with _telegram(ground, "telegram-unbound") as url:
        uvloop.run(_measure_fleet(ground, url, seen))
    return seen


async def _measure_pace(ground: Ground, url: str, seen: Broadcasts) -> None:
    async with _seeding(ground) as superuser, aiohttp.ClientSession() as http:
        bot_api = BotApi(url, http)
        await number_bots(superuser, PACED_BOTS)
        await begin_broadcasts(superuser, "warm", readers=_WARM_READERS)
        await bot_api.wait_for(PACED_BOTS * _WARM_READERS, seconds=_LONGEST_SECONDS)
        await bot_api.ask("forget")
        readers = round(PACED_SECONDS * BULK_RATE)
        await begin_broadcasts(superuser, "paced", readers=readers, first=_WARM_READERS, words=_WORDS)
        found = await bot_api.wait_for(PACED_BOTS * readers, seconds=_LONGEST_SECONDS)
        assert found == PACED_BOTS * readers, f"{found} messages"
        seen.refused = int(await bot_api.ask("refused"))
        for moments in _by_bot(await bot_api.ask("answered")).values():
            seen.paces.append((len(moments) - 1) / (moments[-1] - moments[0]))
            seen.most_in_a_second = max(seen.most_in_a_second, _most_in_a_second(moments))


async def _measure_receipts(ground: Ground, url: str, seen: Broadcasts) -> None:
    async with _seeding(ground) as superuser, aiohttp.ClientSession() as http:
        bot_api, bell = BotApi(url, http), Doorbell(ground.stores.redis_url)
        await number_bots(superuser, 1)
        await seed_payers(superuser, 2 * RECEIPTS + 1)
        chats = itertools.count(CHATS_OF_A_BOT + FIRST_PAYER + 1)
        await bot_api.ask("forget")
        await _hand_over(superuser, bell, [next(chats)])
        await bot_api.wait_for(1, seconds=_LONGEST_SECONDS)
        readers = round((RECEIPTS * RECEIPT_EVERY_SECONDS + 10) * BULK_RATE)
        for waited in (seen.quiet, seen.beside):
            await bot_api.ask("forget")
            if waited is seen.beside:
                await begin_broadcasts(superuser, "long", readers=readers, words=_WORDS)
                await bot_api.wait_for(2 * _WARM_READERS, seconds=_LONGEST_SECONDS)
            asked_at = await _hand_over(superuser, bell, list(itertools.islice(chats, RECEIPTS)))
            await asyncio.sleep(2.0)
            answered = {int(chat): at for chat, at in (await bot_api.ask("answered")).items()}
            waited.extend(sorted((answered[chat] - at) * 1000 for chat, at in asked_at.items()))
        await bell.close()


async def _hand_over(superuser: Any, bell: Doorbell, chats: list[int]) -> dict[int, float]:
    asked_at = {}
    for chat in chats:
        asked_at[chat] = perf_counter()
        await superuser.execute(HAND_OVER, chat)
        await bell.ring((Queue.ACCESS,))
        await asyncio.sleep(RECEIPT_EVERY_SECONDS)
    return asked_at


async def _measure_fleet(ground: Ground, url: str, seen: Broadcasts) -> None:
    spec = ChildSpec(
        "worker-unbound", [sys.executable, "-m", "tests.bench.broadcasts", "work"],
        ground.environment(LUMENPAY_TELEGRAM_API_URL=url),
    )  # fmt: skip
    async with _seeding(ground) as superuser, aiohttp.ClientSession() as http:
        bot_api = BotApi(url, http)
        await number_bots(superuser, FLEET_BOTS)
        with _running(ground, spec):
            await begin_broadcasts(superuser, "warm", readers=_WARM_READERS)
            await bot_api.wait_for(FLEET_BOTS * _WARM_READERS, seconds=_LONGEST_SECONDS)
            for number in range(ROUNDS):
                await bot_api.ask("forget")
                first = _WARM_READERS + number * FLEET_READERS
                await begin_broadcasts(superuser, f"round{number}", readers=FLEET_READERS, first=first, words=_WORDS)
                seen.fleet.append(await _rate(bot_api))
                await bot_api.ask("forget")
                await _flood(url)
                seen.bare.append(await _rate(bot_api))


async def _rate(bot_api: BotApi) -> float:
    total = FLEET_BOTS * FLEET_READERS
    found = await bot_api.wait_for(total, seconds=_LONGEST_SECONDS)
    assert found == total, f"{found} of {total} messages"
    moments = sorted((await bot_api.ask("answered")).values())
    return float((total - 1) / (moments[-1] - moments[0]))


async def _flood(url: str) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.broadcasts", "flood", url, stdout=asyncio.subprocess.DEVNULL
    )
    assert await child.wait() == 0


async def _send_barely(url: str) -> None:
    """Send what the fleet sends as a bare client does: the same bodies, one after another on each connection."""
    chats = iter(bot * CHATS_OF_A_BOT + n for n in range(1, FLEET_READERS + 1) for bot in range(1, FLEET_BOTS + 1))
    keyboard = {"inline_keyboard": [[{"text": "🔕 Не присылать такое", "callback_data": "stop_broadcasts:news"}]]}

    async def lend_a_hand(http: aiohttp.ClientSession) -> None:
        for chat in chats:
            message = {
                "chat_id": chat, "text": f"<b>Hello, Anna!</b> {_WORDS}", "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True}, "reply_markup": keyboard,
            }  # fmt: skip
            headers = {"Content-Type": "application/json"}
            async with http.post(f"{url}/bot1:A/sendMessage", data=orjson.dumps(message), headers=headers) as answer:
                orjson.loads(await answer.text())

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_CONNECTIONS)) as http:
        await asyncio.gather(*(lend_a_hand(http) for _ in range(_CONNECTIONS)))


async def _work() -> None:
    """Be a worker process for broadcasts whose bots have a much higher limit."""
    settings = get_settings()
    pace = BotPace(settings.redis_url.get_secret_value(), rate=UNBOUND_RATE)
    context = replace(
        open_context(settings),
        telegram=TelegramClient(api_url=settings.telegram_api_url, pace=pace, max_connections=_CONNECTIONS * 5 // 4),
    )
    Worker(context, frozenset({Queue.BROADCASTS})).start()
    settle_memory()
    await asyncio.Event().wait()


def _by_bot(answered: dict[str, float]) -> dict[int, list[float]]:
    moments: dict[int, list[float]] = defaultdict(list)
    for chat, at in answered.items():
        moments[int(chat) // CHATS_OF_A_BOT].append(at)
    return {bot: sorted(found) for bot, found in moments.items()}


def _most_in_a_second(moments: list[float]) -> int:
    return max(bisect_left(moments, at + _ONE_SECOND) - number for number, at in enumerate(moments))


@contextmanager
def _telegram(ground: Ground, name: str, *options: str) -> Iterator[str]:
    port = ground.port(name)
    stub = ground.start_module(name, "tests.bench.bot_api_stub", str(port), *options, port=port)
    yield f"http://127.0.0.1:{port}"
    stub.stop()


@contextmanager
def _running(ground: Ground, *specs: ChildSpec) -> Iterator[None]:
    with ExitStack() as ends:
        children: list[ChildProcess] = [ground.start(spec) for spec in specs]
        for child in children:
            ends.callback(child.stop)
        yield


@asynccontextmanager
async def _seeding(ground: Ground) -> AsyncIterator[Any]:
    superuser = await ground.connect_superuser()
    yield superuser
    await clear(superuser)
    await superuser.close()


def main() -> int:
    """Measure on stores of their own and print this part of the report; not 0 when something misses its goal."""
    from rich.console import Console

    from tests.bench.ground import open_ground
    from tests.bench.report import Report

    report = Report()
    with open_ground() as ground:
        bots = max(PACED_BOTS, FLEET_BOTS)
        ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(bots)])
        report.add_broadcasts(measure_broadcasts(ground))
    report.print(Console())
    return report.missed


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        uvloop.run(_work())
    elif sys.argv[1:2] == ["flood"]:
        uvloop.run(_send_barely(sys.argv[2]))
    else:
        sys.exit(main())
