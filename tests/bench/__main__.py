"""`python -m tests.bench`: figures of the product beside floors that were measured in the same run."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType
from urllib.parse import urlsplit

from rich.console import Console

from tests.bench.acknowledgement import measure_acknowledgement
from tests.bench.answering import measure_answering
from tests.bench.big_tenant import measure_big_tenant
from tests.bench.broadcasts import measure_broadcasts
from tests.bench.ground import open_ground
from tests.bench.idle_memory import measure_idle_memory
from tests.bench.report import Report
from tests.bench.sweeps import measure_sweeps

LONGEST_SECONDS = 1500
CONNECTED_BOTS, BUSY_BOTS = 10_000, 400


def main() -> int:
    """Measure everything and print one table; rates, sweeps and the big tenant stop after 25 minutes each."""
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _give_up)
    signal.alarm(LONGEST_SECONDS)
    console, report, begun_at = Console(), Report(), time.monotonic()
    try:
        with open_ground() as ground:
            console.print(f"Seeding {CONNECTED_BOTS:,} tenants with a bot each …")
            ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(CONNECTED_BOTS)])
            busy = ground.bots[:BUSY_BOTS]
            console.print("Webhooks …")
            report.add_acknowledgement(measure_acknowledgement(ground, busy))
            port = urlsplit(ground.settings.telegram_api_url).port or 0
            ground.start_module("bot-api", "tests.bench.bot_api_stub", str(port), port=port)
            report.print(console)
            console.print("Workers, and the whole way …")
            report.add_answering(measure_answering(ground, busy))
            report.print(console)
            console.print("Idle bots …")
            megabytes, served = measure_idle_memory(ground, ground.bots)
            report.add_idle_memory(megabytes, served, wanted=CONNECTED_BOTS)
            report.print(console)
            console.print("Broadcasts …")
            report.add_broadcasts(measure_broadcasts(ground))
            report.print(console)
            console.print("Due work among 1,000,000 subscriptions of 1,000 tenants …")
            signal.alarm(LONGEST_SECONDS)
            report.add_sweeps(measure_sweeps(ground))
            report.print(console)
            console.print("A tenant with 1,000,000 subscriptions …")
            signal.alarm(LONGEST_SECONDS)
            report.add_big_tenant(measure_big_tenant(ground))
    finally:
        signal.alarm(0)
        report.print(console)
    console.print(f"{time.monotonic() - begun_at:.0f} s; figures of a shared machine swing, ratios less so.")
    return 0


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    # Event loops swallow other exceptions that a signal raises.
    raise SystemExit(f"told to stop, or not done after {LONGEST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
