"""`python -m tests.bench`: figures of the product beside floors that were measured in the same run."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console

from tests.bench.acknowledgement import measure_acknowledgement
from tests.bench.answering import measure_answering
from tests.bench.big_tenant import measure_big_tenant
from tests.bench.broadcasts import measure_broadcasts
from tests.bench.ground import Ground, open_ground
from tests.bench.idle_memory import measure_idle_memory
from tests.bench.report import Report
from tests.bench.sweeps import measure_sweeps

LONGEST_SECONDS = 1500
CONNECTED_BOTS, BUSY_BOTS = 10_000, 400


def main() -> int:
    """Measure what was named, or everything, and print one table; each of the last two stops after 25 minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure, of: {', '.join(_PARTS)} (all)")
    wanted = parser.parse_args().parts or list(_PARTS)
    if strangers := [part for part in wanted if part not in _PARTS]:
        parser.error(f"nothing is called {', '.join(strangers)}; there are {', '.join(_PARTS)}")
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _give_up)
    signal.alarm(LONGEST_SECONDS)
    console, report, begun_at = Console(), Report(), time.monotonic()
    try:
        with open_ground() as ground:
            if set(wanted) & _ON_CONNECTED_BOTS:
                console.print(f"Seeding {CONNECTED_BOTS:,} tenants with a bot each …")
                ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(CONNECTED_BOTS)])
            if set(wanted) & _WITH_TELEGRAM:
                port = urlsplit(ground.settings.telegram_api_url).port or 0
                ground.start_module("bot-api", "tests.bench.bot_api_stub", str(port), port=port)
            for part in wanted:
                title, measure = _PARTS[part]
                console.print(f"{title} …")
                measure(ground, report)
                report.print(console)
    finally:
        signal.alarm(0)
    console.print(f"{time.monotonic() - begun_at:.0f} s; figures of a shared machine swing, ratios less so.")
    return 0


def _acknowledge(ground: Ground, report: Report) -> None:
    report.add_acknowledgement(measure_acknowledgement(ground, ground.bots[:BUSY_BOTS]))


def _answer(ground: Ground, report: Report) -> None:
    report.add_answering(measure_answering(ground, ground.bots[:BUSY_BOTS]))


def _idle(ground: Ground, report: Report) -> None:
    megabytes, served = measure_idle_memory(ground, ground.bots)
    report.add_idle_memory(megabytes, served, wanted=CONNECTED_BOTS)


def _broadcast(ground: Ground, report: Report) -> None:
    report.add_broadcasts(measure_broadcasts(ground))


def _sweep(ground: Ground, report: Report) -> None:
    signal.alarm(LONGEST_SECONDS)
    report.add_sweeps(measure_sweeps(ground))


def _serve_big_tenant(ground: Ground, report: Report) -> None:
    signal.alarm(LONGEST_SECONDS)
    report.add_big_tenant(measure_big_tenant(ground))


_PARTS: dict[str, tuple[str, Callable[[Ground, Report], None]]] = {
    "webhooks": ("Webhooks", _acknowledge),
    "workers": ("Workers, and the whole way", _answer),
    "idle": ("Idle bots", _idle),
    "broadcasts": ("Broadcasts", _broadcast),
    "sweeps": ("Due work among 1,000,000 subscriptions of 1,000 tenants", _sweep),
    "big-tenant": ("A tenant with 1,000,000 subscriptions", _serve_big_tenant),
}
_ON_CONNECTED_BOTS: Final = {"webhooks", "workers", "idle"}
_WITH_TELEGRAM: Final = {"workers", "idle"}


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    # Event loops swallow other exceptions that a signal raises.
    raise SystemExit(f"told to stop, or not done after {LONGEST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
