"""Transactions that stand in line: whether one waits for a lock, and what becomes of two of them."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import text

from tests.support.market import Market
from tests.support.stall import Stall
from tests.support.waiting import until

# Without the first a transaction sees the activity that it saw first, however often it looks.
_LOOK_ANEW = text("SELECT pg_stat_clear_snapshot()")
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


async def until_waiting(stall: Stall, count: int, *tasks: asyncio.Task[Any]) -> None:
    """Return when so many transactions wait for a lock, or one of the tasks is over without."""
    async with stall.market.tenant(stall.tenant_id) as watching:

        async def are_waiting() -> bool:
            await watching.execute(_LOOK_ANEW)
            is_over = any(task.done() for task in tasks)
            return is_over or (await watching.execute(_WAITING)).scalar_one() == count

        await until(are_waiting, what=f"{count} wait")


async def allow(market: Market, stall: Stall, people: int) -> None:
    """Let the tenant have so many subscribers."""
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            text("UPDATE tenants SET max_subscribers = :people WHERE id = :id"),
            {"people": people, "id": stall.tenant_id},
        )
