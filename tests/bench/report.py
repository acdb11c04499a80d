"""The table: what was measured, the floor beside it, their ratio, and the goal."""

from __future__ import annotations

from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.acknowledgement import median_rate
from tests.bench.http_load import Sample


class Report:
    """Rows in the order in which they were measured."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, str, str]] = []

    def add(self, what: str, *, ours: str, floor: str = "", ratio: str = "", goal: str, holds: bool) -> None:
        """Take one row."""
        self._rows.append((what, ours, floor, ratio, f"{goal} {'✓' if holds else '✗'}"))

    def add_acknowledgement(self, rounds: dict[str, list[Sample]]) -> None:
        """Take the webhook's rates."""
        ours = median_rate(rounds["ours"])
        for name, title, goal in (
            ("read_only", "ASGI that only reads", 0.5), ("fastapi", "FastAPI, an INSERT each", 4.0)
        ):  # fmt: skip
            floor = median_rate(rounds[name])
            self.add(
                f"webhooks acknowledged/s, against {title}", ours=f"{ours:,.0f}", floor=f"{floor:,.0f}",
                ratio=f"{ours / floor:.2f}", goal=f"≥ {goal:g}", holds=ours / floor >= goal,
            )  # fmt: skip
        p99 = {name: median(sample.percentile(0.99) for sample in samples) * 1000 for name, samples in rounds.items()}
        failures = sum(sample.failures for samples in rounds.values() for sample in samples)
        self.add(
            "p99 of these at full load, against FastAPI",
            ours=f"{p99['ours']:.1f} ms", floor=f"{p99['fastapi']:.1f} ms",
            goal=f"{failures} failed", holds=failures == 0,
        )  # fmt: skip

    def print(self, console: Console) -> None:
        """Show what there is."""
        table = Table("measured (medians)", "ours", "floor", "ratio", "goal")
        for row in self._rows:
            table.add_row(*row)
        console.print(table)
