"""How fast an update is acknowledged: by the product, by an endpoint that stores nothing, by a plain FastAPI one."""

from __future__ import annotations

import asyncio
from statistics import median

import uvloop

from operations.stack import api_spec
from tests.bench.floors import TABLE
from tests.bench.ground import Ground, SeededBot
from tests.bench.http_load import Sample, flood
from tests.bench.updates import make_updates

ROUNDS, ROUND_SECONDS = 5, 2.5
_WARM_UP_SECONDS = 1.0
_FLAGS = ("--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools", "--lifespan")


def measure_acknowledgement(ground: Ground, bots: list[SeededBot]) -> dict[str, list[Sample]]:
    """Return rounds of `read_only`, `fastapi` and `ours`, taken in turns."""
    asyncio.run(_prepare_table(ground))
    ports = {name: ground.port(name) for name in ("read_only", "fastapi", "api")}
    children = [
        ground.start(api_spec(ground.environment(), port=ports["api"])),
        *(
            ground.start_module(
                name, "uvicorn", app, "--port", str(ports[name]), *_FLAGS, *flags,
                port=ports[name], env=ground.environment(),
            )
            for name, app, flags in (
                ("read_only", "tests.bench.floors:read_only", ("off",)),
                ("fastapi", "tests.bench.floors:create_plain_api", ("on", "--factory")),
            )
        ),
    ]  # fmt: skip
    try:
        return uvloop.run(_take_turns(ground, ports, bots))
    finally:
        for child in children:
            child.stop()


def median_rate(samples: list[Sample]) -> float:
    """Return the middle one of the rounds' rates."""
    return median(sample.rate for sample in samples)


async def _take_turns(ground: Ground, ports: dict[str, int], bots: list[SeededBot]) -> dict[str, list[Sample]]:
    requests = (update.as_request() for update in make_updates(bots))
    names = {"read_only": "read_only", "fastapi": "fastapi", "api": "ours"}
    seen: dict[str, list[Sample]] = {name: [] for name in names.values()}
    for port in ports.values():
        await flood(port, requests, seconds=_WARM_UP_SECONDS)
    for _ in range(ROUNDS):
        for name, label in names.items():
            seen[label].append(await flood(ports[name], requests, seconds=ROUND_SECONDS))
    await _check_and_empty(ground, stored=sum(len(sample.latencies) for sample in seen["ours"]))
    return seen


async def _prepare_table(ground: Ground) -> None:
    connection = await ground.connect_superuser()
    await connection.execute(f"{TABLE}; GRANT ALL ON bench_updates TO lumenpay_app")
    await connection.close()


async def _check_and_empty(ground: Ground, *, stored: int) -> None:
    connection = await ground.connect_superuser()
    found = await connection.fetchval("SELECT count(*) FROM telegram_updates")
    if found < stored:
        raise AssertionError(f"{stored} updates were acknowledged but {found} are stored")
    await connection.execute("TRUNCATE telegram_updates, bot_inboxes, bench_updates")
    await connection.close()
