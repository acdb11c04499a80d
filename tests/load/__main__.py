"""`python -m tests.load`: an own stack on free ports, and Locust as a process of its own against it.

`LOAD_USERS`, `LOAD_TENANTS` and `LOAD_SECONDS` change how much and how long.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from operations.stack import product_specs
from tests.bench.answering import store_backlog
from tests.bench.ground import ROOT, Ground, open_ground
from tests.bench.idle_memory import wait_until_handled
from tests.bench.updates import make_updates

WARM_UP, READY_SECONDS = 20, 90.0
LOCUSTFILE = Path(__file__).with_name("locustfile.py")


def main() -> int:
    """Run the load; 0 only if every update was acknowledged and answered."""
    # Told to stop, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    users, tenants, seconds = (
        int(os.environ.get(name, default))
        for name, default in (("LOAD_USERS", "150"), ("LOAD_TENANTS", "300"), ("LOAD_SECONDS", "60"))
    )
    with open_ground() as ground:
        sandbox, product = ground.settings.telegram_api_url, ground.settings.public_url
        port = urlsplit(sandbox).port or 0
        options = ("--port", str(port), "--unlimited", "--call-log", "0")
        ground.start_module("sandbox-telegram", "sandbox", "telegram", *options, port=port)
        ground.seed(asyncio.run(_make_bots(sandbox, tenants)))
        for spec in product_specs(ground.environment(), port=urlsplit(product).port or 0, folder=ground.folder):
            ground.start(spec)
        # Workers take seconds to import what they need: an update that was handled shows that they are there.
        asyncio.run(store_backlog(ground, list(itertools.islice(make_updates(ground.bots), WARM_UP))))
        asyncio.run(wait_until_handled(ground, time.monotonic() + READY_SECONDS))
        file = _describe(ground, product=product, telegram=sandbox)
        print(f"{users} people write to the bots of {tenants} tenants for {seconds} s …", flush=True)
        # A process of its own: Locust patches the standard library, which breaks clients imported before it.
        argv = [
            sys.executable, "-m", "locust", "--headless", "--locustfile", str(LOCUSTFILE), "--users", str(users),
            "--spawn-rate", str(max(1, users // 8)), "--run-time", f"{seconds}s", "--stop-timeout", "20",
            "--only-summary", "--loglevel", "WARNING",
        ]  # fmt: skip
        env = {**os.environ, "LUMENPAY_LOAD_GROUND": str(file)}
        return subprocess.run(argv, env=env, cwd=ROOT, timeout=seconds + 120, check=False).returncode


async def _make_bots(sandbox: str, count: int) -> list[tuple[int, str]]:
    made: list[tuple[int, str]] = []
    async with aiohttp.ClientSession() as http:
        for number in range(count):
            body = {"name": "Club", "username": f"load_{number}_bot"}
            async with http.post(f"{sandbox}/sandbox/bots", json=body, raise_for_status=True) as response:
                bot = await response.json()
            made.append((bot["id"], bot["token"]))
    return made


def _describe(ground: Ground, *, product: str, telegram: str) -> Path:
    bots = [{"telegram_id": bot.telegram_id, "key": bot.key, "secret": bot.secret} for bot in ground.bots]
    file = ground.folder / "load.json"
    file.write_text(json.dumps({"product": product, "telegram": telegram, "bots": bots}), encoding="utf-8")
    return file


if __name__ == "__main__":
    sys.exit(main())
