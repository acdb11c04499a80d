"""What happened in the outer world and in the books, so that a story can say all of it and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.stories.story import ALL_SWEEPERS, Story
from tests.support.stall import Stall

_UNSEEN = ("get", "answercallback", "set")
# What sweepers write about their own work; everything else in the database is somebody's.
_OF_SWEEPERS = frozenset({
    "jobs", "scheduled_ticks", "invariant_results", "reconciliations", "reconciliation_sightings", "membership_sweeps",
    "swept_members", "people_days", "money_days", "source_days", "funnel_days", "alembic_version",
})  # fmt: skip
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_WRONG = """
    SELECT name FROM invariant_results WHERE violations > 0 OR error <> ''
    UNION ALL SELECT kind || ': ' || last_error FROM jobs WHERE status = 'dead'
"""
_LEDGER = "SELECT account, currency, sum(amount_minor) AS amount FROM ledger_entries GROUP BY account, currency"


def _is_seen(call: dict[str, Any]) -> bool:
    # The day's sweep asks for everybody outside who may knock, whether or not they do: a refusal is no event.
    is_idle_asking = call["method"] == "approveChatJoinRequest" and not call["ok"]
    return not is_idle_asking and not call["method"].lower().startswith(_UNSEEN)


@dataclass
class Diary:
    """Reads the calls that the bot made since the last look, and counts rows and charges."""

    stall: Stall
    superuser_url: str
    names: dict[int, str]
    _last: int = field(default=0)

    async def news(self) -> list[str]:
        """Return what the bot did at Telegram since the last look: method, whom it concerns, how the text begins."""
        calls = await self.stall.market.telegram(
            "GET", f"/calls?bot_id={self.stall.telegram_bot_id}&after={self._last}"
        )
        self._last = max((call["seq"] for call in calls), default=self._last)
        return [self._describe(call) for call in calls if _is_seen(call)]

    async def goes_on(self, story: Story, *chapters: tuple[dict[str, float], list[str]]) -> None:
        """Let time pass bit by bit: each time what is meant to happen happens, in any order, and nothing else."""
        for passing, happening in chapters:
            await story.wait(**passing)
            await self.tells(*happening, when=passing)

    async def tells(self, *happening: str, when: object = "now") -> None:
        """What happened since the last look, in whatever order, is this and nothing else."""
        news = await self.news()
        assert sorted(news) == sorted(happening), (when, news)

    async def books(self) -> dict[str, Any]:
        """Return how many rows each table has, what stands in the ledger, what the gateway was asked and charged."""
        connection = await asyncpg.connect(self.superuser_url)
        try:
            names = {row["tablename"] for row in await connection.fetch(_TABLES)} - _OF_SWEEPERS
            counts = await connection.fetchrow(
                "SELECT " + ", ".join(f'(SELECT count(*) FROM "{name}") AS "{name}"' for name in sorted(names))
            )
            states = await connection.fetch("SELECT status, count(*) AS number FROM subscriptions GROUP BY status")
            ledger = await connection.fetch(_LEDGER)
        finally:
            await connection.close()
        charged = await self.stall.market.yookassa("GET", "/payments?status=succeeded")
        asked = await self.stall.market.yookassa("GET", "/requests?method=POST")
        sums = {(row["account"], row["currency"]): int(row["amount"]) for row in ledger}
        return {
            **dict(counts or {}),
            "states": {row["status"]: row["number"] for row in states},
            "ledger": sums,
            "charges": [payment["amount"]["value"] for payment in charged["payments"]],
            "asked": len(asked["requests"]),
        }

    async def faults(self) -> list[str]:
        """Return which invariants did not hold when they were last checked, and which jobs died."""
        connection = await asyncpg.connect(self.superuser_url)
        try:
            return [row["name"] for row in await connection.fetch(_WRONG)]
        finally:
            await connection.close()

    async def rest(self, story: Story, **later: float) -> dict[str, Any]:
        """Run every sweeper of the product again, at once and `later`; nobody hears, pays or loses anything by it.

        Return the books, whose ledger sums to zero in each currency.
        """
        books = await self.books()
        for passing in ({}, later or {"seconds": 1}):
            await story.market.skip(**passing)
            await story.work(ALL_SWEEPERS)
            assert await self.news() == [], passing
            assert await self.books() == books, passing
        assert await self.faults() == []
        for currency in {currency for _, currency in books["ledger"]}:
            assert sum(amount for (_, of), amount in books["ledger"].items() if of == currency) == 0
        return books

    def _describe(self, call: dict[str, Any]) -> str:
        given = call["parameters"]
        whom = given.get("user_id") or given.get("chat_id")
        told = " ".join(str(given.get("text", "")).split())[:24].strip()
        return " ".join(part for part in (call["method"], self.names.get(int(whom or 0), "the channel"), told) if part)


async def open_diary(story: Story, superuser_url: str) -> Diary:
    """Begin a diary with what happens from now on."""
    diary = Diary(story.stall, superuser_url, {story.buyer.id: "buyer", story.stranger_id: "stranger"})
    await diary.news()
    return diary
