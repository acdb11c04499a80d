"""Errands of many callers, run at their moments by a few carriers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import ContextVar
from functools import partial

import pytest

from lumenpay.telegram.carriers import Carriers, CarriersStoppedError, Errand

SOON = 0.02
whose: ContextVar[str] = ContextVar("whose", default="nobody")


@pytest.fixture
async def carriers() -> AsyncIterator[Carriers]:
    made = Carriers(2)
    yield made
    await made.close()


class Counter:
    """Errands that stay under way until they are let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.stopped: list[str] = []
        self.most = self.now = 0
        self.gate = asyncio.Event()
        self.changed = asyncio.Event()

    def errand(self, name: str) -> Errand:
        async def run() -> None:
            self.begun.append(name)
            self.now += 1
            self.most = max(self.most, self.now)
            self.changed.set()
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.stopped.append(name)
                raise
            finally:
                self.now -= 1

        return run

    async def wait_for(self, count: int) -> None:
        while len(self.begun) < count:
            self.changed.clear()
            await self.changed.wait()


async def test_each_errand_runs_at_its_moment_whatever_the_order(carriers: Carriers) -> None:
    start, ran = time.monotonic(), {}

    async def note(name: str) -> None:
        ran[name] = time.monotonic() - start

    moments = {"third": 3 * SOON, "first": SOON, "second": 2 * SOON}
    await carriers.carry((start + after, partial(note, name)) for name, after in moments.items())
    assert list(ran) == ["first", "second", "third"]
    assert all(ran[name] >= after for name, after in moments.items())


async def test_an_earlier_moment_of_another_caller_does_not_wait_for_a_later_one(carriers: Carriers) -> None:
    now, seen = time.monotonic(), []

    async def note(name: str) -> None:
        seen.append(name)

    later = asyncio.create_task(carriers.carry([(now + 4 * SOON, partial(note, "later"))]))
    await asyncio.sleep(0)
    await carriers.carry([(now + SOON, partial(note, "sooner"))])
    assert seen == ["sooner"]
    await later
    assert seen == ["sooner", "later"]


async def test_no_more_are_under_way_at_once_than_there_are_carriers(carriers: Carriers) -> None:
    errands, now = Counter(), time.monotonic()
    carried = asyncio.create_task(carriers.carry((now, errands.errand(str(n))) for n in range(7)))
    await errands.wait_for(2)
    errands.gate.set()
    await carried
    assert (len(errands.begun), errands.most) == (7, 2)


async def test_a_later_moment_is_kept_after_everybody_was_busy(carriers: Carriers) -> None:
    errands, now, seen = Counter(), time.monotonic(), []

    async def note() -> None:
        seen.append(time.monotonic())

    now_all = [(now, errands.errand(str(n))) for n in range(3)]
    carried = asyncio.create_task(carriers.carry([*now_all, (now + 2 * SOON, note)]))
    await errands.wait_for(2)
    errands.gate.set()
    async with asyncio.timeout(5):
        await carried
    assert seen[0] >= now + 2 * SOON


async def test_a_stopped_caller_takes_its_errands_along_and_nobody_elses(carriers: Carriers) -> None:
    mine, others, now = Counter(), Counter(), time.monotonic()
    stopped = asyncio.create_task(carriers.carry((now, mine.errand(str(n))) for n in range(3)))
    await mine.wait_for(2)
    neighbour = asyncio.create_task(carriers.carry([(now, others.errand("neighbour"))]))
    await asyncio.sleep(0)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    assert stopped.cancelled()
    assert sorted(mine.stopped) == ["0", "1"], "they have ended when the caller has"
    others.gate.set()
    await neighbour
    assert (others.begun, others.stopped) == (["neighbour"], [])
    assert mine.begun == ["0", "1"], "the one that had not begun never did"


async def test_what_an_errand_raises_comes_out_when_all_have_ended(carriers: Carriers) -> None:
    ended = []

    async def fail() -> None:
        raise ValueError("as it happens")

    async def end() -> None:
        ended.append(time.monotonic())

    now = time.monotonic()
    with pytest.raises(ValueError, match="as it happens"):
        await carriers.carry([(now, fail), (now + SOON, end)])
    assert len(ended) == 1
    await carriers.carry([(now, end)])
    assert len(ended) == 2


async def test_what_one_caller_carries_along_for_its_log_lines_another_does_not_meet(carriers: Carriers) -> None:
    seen = []

    async def look() -> None:
        seen.append(whose.get())

    async def carry(name: str) -> None:
        whose.set(name)
        await carriers.carry([(time.monotonic(), look)])

    for name in ("one", "two"):
        await asyncio.create_task(carry(name))
    assert seen == ["nobody", "nobody"]


async def test_an_errand_that_ends_as_stopped_does_not_keep_its_caller_for_ever(carriers: Carriers) -> None:
    async def end_as_stopped() -> None:
        raise asyncio.CancelledError

    async with asyncio.timeout(5):
        with pytest.raises(CarriersStoppedError):
            await carriers.carry([(time.monotonic(), end_as_stopped)] * 3)


async def test_an_errand_that_will_not_be_stopped_does_not_hold_up_its_caller(carriers: Carriers) -> None:
    begun = asyncio.Event()

    async def go_on() -> None:
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    stopped = asyncio.create_task(carriers.carry([(time.monotonic(), go_on)]))
    await begun.wait()
    stopped.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(stopped, return_exceptions=True)
    assert stopped.cancelled()


async def test_closing_ends_who_waits_and_who_comes_later(carriers: Carriers) -> None:
    errands, now = Counter(), time.monotonic()
    waiting = asyncio.create_task(carriers.carry((now + n, errands.errand(str(n))) for n in (0, 0, 0, 60)))
    await errands.wait_for(2)
    await carriers.close()
    async with asyncio.timeout(5):
        with pytest.raises(CarriersStoppedError):
            await waiting
        with pytest.raises(CarriersStoppedError):
            await carriers.carry([(now, errands.errand("late"))])
    assert sorted(errands.stopped) == ["0", "0"]
    assert errands.begun == ["0", "0"]


async def test_nothing_to_carry_is_done_at_once(carriers: Carriers) -> None:
    await carriers.carry([])
