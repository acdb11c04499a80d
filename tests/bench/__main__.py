"""`python -m tests.bench`: figures of the product beside floors that were measured in the same run."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from rich.console import Console

from tests.bench.acknowledgement import measure_acknowledgement
from tests.bench.ground import open_ground
from tests.bench.report import Report

LONGEST_SECONDS = 360
CONNECTED_BOTS, BUSY_BOTS = 10_000, 400


def main() -> int:
    """Measure everything and print one table; stops by itself after six minutes."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(LONGEST_SECONDS)
    console, report, begun_at = Console(), Report(), time.monotonic()
    try:
        with open_ground() as ground:
            console.print(f"Seeding {CONNECTED_BOTS:,} tenants with a bot each …")
            ground.seed([(7_000_000_000 + n, f"{7_000_000_000 + n}:{'A' * 35}") for n in range(CONNECTED_BOTS)])
            busy = ground.bots[:BUSY_BOTS]
            console.print("Webhooks …")
            report.add_acknowledgement(measure_acknowledgement(ground, busy))
    finally:
        signal.alarm(0)
        report.print(console)
    console.print(f"{time.monotonic() - begun_at:.0f} s; figures of a shared machine swing, ratios less so.")
    return 0


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"not done after {LONGEST_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
