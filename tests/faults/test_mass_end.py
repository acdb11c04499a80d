"""Ten thousand subscriptions of one bot end at one instant (H7): other tenants' people leave in time all the same."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest

from lumenpay.jobs.catalogue import Queue
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.telegram.rates import ENDS_PER_MINUTE, count_minutes
from tenants_worker.job_runner import JobRunner
from tenants_worker.tasks import subscriptions
from tenants_worker.tasks.registry import HANDLERS
from tests.support.crowds import admit
from tests.support.market import Market
from tests.support.stall import Stall, open_stall

OTHERS = 20
PATIENCE_SECONDS = 60
"""Whoever's access is over is outside within a minute."""
SECONDS = 120


PEOPLE = 10_000


def inside(stall: Stall) -> int:
    members = stall.market.world.channels[stall.chat_id].members.values()
    return sum(member.status == "member" for member in members)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_ten_thousand_ends_at_one_instant_delay_no_other_tenant_h7(market: Market) -> None:
    crowded = await open_stall(market)
    others = [await open_stall(market) for _ in range(OTHERS)]
    instant = market.now() + timedelta(hours=1)
    await admit(crowded, PEOPLE, ends_at=instant)
    ends: list[tuple[Stall, datetime]] = []
    for number, other in enumerate(others):
        # Each some seconds after the many, while those are being worked off.
        ends.append((other, instant + timedelta(seconds=1 + number * 2)))
        await admit(other, 1, ends_at=ends[-1][1])
    await market.skip(seconds=(instant - market.now()).total_seconds())
    began_at, delays = time.monotonic(), dict[int, float]()
    runner = JobRunner(market.worker, HANDLERS)

    async def tick() -> None:
        while time.monotonic() - began_at < SECONDS:
            await subscriptions.expire_due(market.worker, market.now())
            await asyncio.sleep(0.5)

    async def work() -> None:
        while time.monotonic() - began_at < SECONDS:
            await market.make_due()
            if not await runner.run_due(Queue.ACCESS):
                await asyncio.sleep(0.2)
            for number, (other, ends_at) in enumerate(ends):
                if number not in delays and not inside(other):
                    delays[number] = (market.now() - ends_at).total_seconds()

    await asyncio.gather(tick(), work())
    gone = PEOPLE - inside(crowded)
    expired = await market.count(crowded.tenant_id, Subscription, Subscription.status == SubscriptionStatus.EXPIRED)
    print(f"\nothers outside after {max(delays.values(), default=0):.1f} s; of the many {expired} ended, {gone} left")
    assert len(delays) == OTHERS
    assert max(delays.values()) < PATIENCE_SECONDS
    # No faster than Telegram allows: the rest follows in the time that is shown.
    assert 0 < gone <= (ENDS_PER_MINUTE * 4 / 3) * SECONDS / 60 + 30
    assert count_minutes(PEOPLE) * ENDS_PER_MINUTE >= PEOPLE
