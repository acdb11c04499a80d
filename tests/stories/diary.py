"""What happened in the outer world and in the books, so that a story can say all of it and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.support.stall import Stall

_UNSEEN = ("get", "answercallback", "set")
_BOOKS = (
    "payments", "grants", "subscriptions", "subscription_periods", "subscription_reminders", "ledger_entries",
    "memberships", "entry_links", "access_logs", "audit_events", "users", "payment_notices",
    "autopay_consents", "autopays", "subscription_charges", "plan_changes",
)  # fmt: skip


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
        return [self._describe(call) for call in calls if not call["method"].lower().startswith(_UNSEEN)]

    async def books(self) -> dict[str, Any]:
        """Return how many rows each table has, and what the gateway charged."""
        connection = await asyncpg.connect(self.superuser_url)
        try:
            counts = {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in _BOOKS}
            states = await connection.fetch("SELECT status, count(*) AS number FROM subscriptions GROUP BY status")
        finally:
            await connection.close()
        charged = await self.stall.market.yookassa("GET", "/payments?status=succeeded")
        return {
            **counts,
            "states": {row["status"]: row["number"] for row in states},
            "charges": [payment["amount"]["value"] for payment in charged["payments"]],
        }

    def _describe(self, call: dict[str, Any]) -> str:
        given = call["parameters"]
        whom = given.get("user_id") or given.get("chat_id")
        told = " ".join(str(given.get("text", "")).split())[:24].strip()
        return " ".join(part for part in (call["method"], self.names.get(int(whom or 0), "the channel"), told) if part)
