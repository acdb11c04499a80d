"""The table: what was measured, the floor beside it, their ratio, and the goal."""

from __future__ import annotations

from statistics import median

from rich.console import Console
from rich.table import Table

from lumenpay.telegram.rates import BULK_RATE
from tests.bench.acknowledgement import median_rate
from tests.bench.answering import Answering
from tests.bench.big_tenant import BigTenant
from tests.bench.broadcasts import RECEIPTS, Broadcasts
from tests.bench.http_load import Sample
from tests.bench.sweep_rows import DUE, KINDS, TENANTS
from tests.bench.sweeps import FEW, MANY, WORST_RATIO, Sweeps


class Report:
    """Rows in the order in which they were measured."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, str, str]] = []
        self.missed = 0
        """How many goals are not reached."""

    def add(self, what: str, *, ours: str, floor: str = "", ratio: str = "", goal: str, holds: bool) -> None:
        """Take one row."""
        self.missed += not holds
        self._rows.append((what, ours, floor, ratio, f"{goal} {'ok' if holds else 'MISSED'}"))

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
            ours=f"{p99['ours']:.1f} ms",
            floor=f"{p99['fastapi']:.1f} ms",
            goal=f"{failures} failed", holds=failures == 0,
        )  # fmt: skip

    def add_answering(self, seen: Answering) -> None:
        """Take the workers' rates and the whole way."""
        ours, naive = median(seen.ours), median(seen.naive)
        self.add(
            "updates answered/s by the workers, against a Celery task each", ours=f"{ours:,.0f}",
            floor=f"{naive:,.0f}", ratio=f"{ours / naive:.2f}", goal="≥ 6", holds=ours / naive >= 6,
        )  # fmt: skip
        whole, rival = seen.path_limit, seen.naive_path_limit
        self.add(
            "updates answered/s from the webhook on, against FastAPI and a Celery task each", ours=f"{whole:,.0f}",
            floor=f"{rival:,.0f}", ratio=f"{whole / rival:.2f}", goal="≥ 6", holds=whole / rival >= 6,
        )  # fmt: skip
        acknowledged, lag = seen.acknowledged.percentile(0.99) * 1000, _percentile(seen.lags, 0.99) * 1000
        load = f"at half load ({seen.half_load:,.0f}/s)"
        self.add(
            f"p99 webhook acknowledged {load}", ours=f"{acknowledged:.1f} ms", goal="≤ 15", holds=acknowledged <= 15
        )
        title = f"p99 webhook to answer {load}; median {_percentile(seen.lags, 0.5) * 1000:.0f} ms"
        self.add(title, ours=f"{lag:.0f} ms", goal="≤ 100", holds=lag <= 100 and not seen.unanswered)
        if seen.unanswered:
            self.add("of these never answered", ours=str(seen.unanswered), goal="0", holds=False)

    def add_idle_memory(self, megabytes: float, bots: int, *, wanted: int) -> None:
        """Take the growth of a worker process."""
        # On a busy machine the time may be over before every bot has had its turn.
        holds = bots > 0 and megabytes / bots * wanted < 50
        self.add(f"MB of a worker for {bots:,} idle bots", ours=f"{megabytes:.1f}", goal="< 50", holds=holds)

    def add_big_tenant(self, seen: BigTenant) -> None:
        """Take how long the figures and lists of one large tenant take over HTTP."""
        for name, seconds in seen.figures.items():
            self.add(
                f"ms {name} of 1,000,000 subscriptions", ours=_milliseconds(seconds), goal="< 1,000", holds=seconds < 1
            )
        for name, seconds in seen.lists.items():
            self.add(f"ms {name}", ours=_milliseconds(seconds), goal="< 200", holds=seconds < 0.2)
        self.add("s to add up a year of these, once", ours=f"{seen.closing:.0f}", goal="informs", holds=True)
        self.add("s to store the tenant", ours=f"{seen.seeding:.0f}", goal="informs", holds=True)

    def add_broadcasts(self, seen: Broadcasts) -> None:
        """Take the pace of bots, receipts beside a broadcast, and what one process reaches."""
        slowest = min(seen.paces)
        self.add(
            f"messages/s of the slowest of {len(seen.paces)} bots with a broadcast each, of what it may take",
            ours=f"{slowest:.2f}", floor=f"{BULK_RATE:g}", ratio=f"{slowest / BULK_RATE:.3f}", goal="≥ 0.95",
            holds=0.95 <= slowest / BULK_RATE <= 1,
        )  # fmt: skip
        title = f"429s of these, of a server with Telegram's limits; at most {seen.most_in_a_second} came in a second"
        self.add(title, ours=str(seen.refused), goal="0", holds=not seen.refused)
        quiet, beside = _percentile(seen.quiet, 0.95), _percentile(seen.beside, 0.95)
        self.add(
            f"p95 of {RECEIPTS} receipts while their bot sends a broadcast, against quiet ones",
            ours=f"{beside:.0f} ms", floor=f"{quiet:.0f} ms", ratio=f"{beside / quiet:.2f}", goal="≤ 2",
            holds=beside <= 2 * quiet,
        )  # fmt: skip
        ours, bare = median(seen.fleet), median(seen.bare)
        self.add(
            "messages/s of broadcasts from one process without limits, against bare aiohttp", ours=f"{ours:,.0f}",
            floor=f"{bare:,.0f}", ratio=f"{ours / bare:.2f}", goal="≥ 0.5", holds=ours / bare >= 0.5,
        )  # fmt: skip

    def add_sweeps(self, seen: Sweeps) -> None:
        """Take what due rows cost among few and among many, and what the invariants cost."""
        for kind in KINDS:
            few, many, ratio = seen.milliseconds[kind, FEW], seen.milliseconds[kind, MANY], seen.ratio(kind)
            self.add(
                f"ms of processor a due {kind} takes among {MANY:,} subscriptions of {TENANTS:,} tenants, {DUE} due, "
                f"against {FEW:,}",
                ours=f"{many:.2f}", floor=f"{few:.2f}", ratio=f"{ratio:.2f}", goal=f"≤ {WORST_RATIO:g}",
                holds=ratio <= WORST_RATIO,
            )  # fmt: skip
        dearest = max(seen.invariants, key=seen.invariants.__getitem__)
        self.add(
            f"s of all {len(seen.invariants)} invariants over these; the dearest is {dearest} "
            f"with {seen.invariants[dearest]:.1f}",
            ours=f"{sum(seen.invariants.values()):.1f}", goal="< 20", holds=sum(seen.invariants.values()) < 20,
        )  # fmt: skip

    def print(self, console: Console) -> None:
        """Show what there is."""
        table = Table("measured (medians)", "ours", "floor", "ratio", "goal")
        for row in self._rows:
            table.add_row(*row)
        console.print(table)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}"


def _percentile(ranked: list[float], share: float) -> float:
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))] if ranked else float("inf")
