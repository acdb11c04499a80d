"""Thousands whose access ends at one instant: who they are many for waits, and nobody of another tenant does (H7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lumenpay.bots.pace import read_removal_pace
from lumenpay.jobs.catalogue import Queue
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.telegram.rates import CALLS_PER_END, ENDS_PER_MINUTE, PER_BOT_RATE, count_minutes
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks import subscriptions
from tenants_worker.tasks.registry import HANDLERS
from tests.support.crowds import admit
from tests.support.market import Market
from tests.support.stall import Stall, open_stall


async def ended(market: Market, stall: Stall) -> int:
    return await market.count(stall.tenant_id, Subscription, Subscription.status == SubscriptionStatus.EXPIRED)


async def inside(stall: Stall) -> int:
    members = (await stall.market.telegram("GET", f"/channels/{stall.chat_id}"))["members"]
    return sum(member["is_inside"] and member["status"] == "member" for member in members)


async def test_the_end_of_many_at_one_instant_delays_nobody_elses_h7(
    market: Market, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [await open_stall(market) for _ in range(3)]
    instant: datetime = market.now() + timedelta(days=1)
    await admit(stall, 60, ends_at=instant)
    for other in others:
        # A second later: behind all of the many by the clock.
        await admit(other, 1, ends_at=instant + timedelta(seconds=1))
    await market.skip(days=1, seconds=2)
    monkeypatch.setattr(subscriptions, "DUE_LIMIT", 10)
    await subscriptions.expire_due(market.worker, market.now())
    assert [await ended(market, other) for other in others] == [1, 1, 1]
    assert await ended(market, stall) == 7
    for _ in range(7):
        await subscriptions.expire_due(market.worker, market.now())
    assert await ended(market, stall) == 60
    # Removals as well: of each tenant a few at a time.
    await market.make_due()
    runner = JobRunner(market.worker, HANDLERS)
    for _ in range(3):
        await runner.run_due(Queue.ACCESS)
    assert [await inside(other) for other in others] == [0, 0, 0]
    assert await inside(stall) > 30
    async with market.tenant(stall.tenant_id) as session:
        pace = await read_removal_pace(session, stall.bot_id)
    assert pace.waiting >= await inside(stall)
    assert (pace.minutes_left, pace.ends_per_minute) == (1, ENDS_PER_MINUTE)


def test_the_minute_budget_is_telegrams_h7() -> None:
    assert ENDS_PER_MINUTE * CALLS_PER_END <= PER_BOT_RATE * 60 < (ENDS_PER_MINUTE + 1) * CALLS_PER_END
    assert [count_minutes(people) for people in (0, 1, ENDS_PER_MINUTE, ENDS_PER_MINUTE + 1, 10_000)] == [
        0,
        1,
        1,
        2,
        23,
    ]
