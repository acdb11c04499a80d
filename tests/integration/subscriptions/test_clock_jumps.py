"""A clock that jumps by a day: nobody is removed, reminded or charged by it, not even once it is believed (H9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from lumenpay.models.access import EntryLink
from lumenpay.models.autopays import SubscriptionCharge
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import Subscription, SubscriptionReminder, SubscriptionStatus
from tenants_worker.clock_watch import HOLD, ClockWatch
from tenants_worker.tasks.ticks import TICKS, TickRunner
from tests.support.market import Market
from tests.support.renewing import renewing
from tests.support.stall import Stall, open_stall

DAY = timedelta(days=1)


@dataclass
class Machine:
    """The worker's machine, whose clock can be set wrong, and what really passes meanwhile."""

    market: Market
    passed: timedelta = field(default_factory=timedelta)
    wrong_by: timedelta = field(default_factory=timedelta)
    is_database_wrong_too: bool = False

    def __post_init__(self) -> None:
        watch = ClockWatch(self.market.clock, witness=self.tell, uptime=self.uptime)
        ticks = [tick for tick in TICKS if tick.waits_for_clock]
        self.runner = TickRunner(self.market.worker, ticks=ticks, watch=watch)

    def uptime(self) -> float:
        return self.passed.total_seconds()

    async def tell(self) -> datetime:
        """The database's clock."""
        wrong = timedelta() if self.is_database_wrong_too else self.wrong_by
        return self.market.now() - wrong

    async def live(self, passing: timedelta) -> int:
        """Time passes; return how many of the ticks that mind the clock ran."""
        self.passed += passing
        await self.market.skip(seconds=passing.total_seconds())
        ran = await self.runner.run_due()
        await self.market.work()
        return ran

    def jump(self, by: timedelta) -> None:
        self.wrong_by += by
        self.market.clock.ahead += by


async def running(market: Market, stall: Stall) -> int:
    where = Subscription.status == SubscriptionStatus.ACTIVE
    return await market.count(stall.tenant_id, Subscription, where)


async def effects(market: Market, stall: Stall) -> tuple[int, ...]:
    kinds = (SubscriptionReminder, SubscriptionCharge, Payment)
    return tuple([await market.count(stall.tenant_id, kind) for kind in kinds])


async def test_a_clock_a_day_ahead_ends_nothing_and_reminds_nobody_until_it_is_right_again_h9(market: Market) -> None:
    stall = await open_stall(market, period_count=1)
    people = [await stall.buyer() for _ in range(3)]
    for person in people:
        await stall.bought(person)
    for link, person in zip(await market.rows(stall.tenant_id, EntryLink), people, strict=True):
        owner = next(one for one in people if one.id == link.user_id)
        assert await stall.join(owner, link.url) == "requested"
        assert person in people
    machine = Machine(market)
    assert await machine.live(timedelta(seconds=30)) > 0
    told = [len(await stall.texts(person)) for person in people]
    machine.jump(DAY + timedelta(hours=2))
    for minutes in (1, 30, 240):
        # The database's clock says otherwise: however long it lasts.
        assert await machine.live(timedelta(minutes=minutes)) == 0
    assert await running(market, stall) == 3
    assert [await stall.is_inside(person.telegram_id) for person in people] == [True] * 3
    assert [len(await stall.texts(person)) for person in people] == told
    machine.jump(-machine.wrong_by)
    assert await machine.live(timedelta(seconds=31)) > 0
    assert await running(market, stall) == 3
    # And a day that really passes ends them.
    assert await machine.live(DAY) > 0
    assert await running(market, stall) == 0
    assert [await stall.is_inside(person.telegram_id) for person in people] == [False] * 3


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_clock_that_is_believed_after_a_jump_charges_and_reminds_nobody_twice_h9(
    market: Market, days: int
) -> None:
    stall = await open_stall(market, is_recurring=True)
    await renewing(stall)
    machine = Machine(market, is_database_wrong_too=True)
    # The notice was given and the renewal charged.
    for passing in (timedelta(days=29), timedelta(hours=23, minutes=30), timedelta(minutes=20)):
        await machine.live(passing)
    await stall.poll()
    before = await effects(market, stall)
    assert before[1] == 1
    machine.jump(days * DAY)
    assert await machine.live(timedelta(seconds=30)) == 0
    for _ in range(3):
        # One machine with the database on it: after an hour nobody is left to contradict.
        assert await machine.live(HOLD) > 0
        await stall.poll()
        assert await effects(market, stall) == before
    machine.jump(-days * DAY)
    await machine.live(HOLD)
    await machine.live(HOLD)
    assert await effects(market, stall) == before
    assert await running(market, stall) == 1
